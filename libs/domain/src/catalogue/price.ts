import { currenciesFrom, decimalsOf, signOf } from './currencies.js';
import type { LineProblem } from './line-problems.js';

/** Exact: decimal digits as text with as many decimals as the currency has, never a floating-point number. */
export interface Price {
  /** "1900.00" */
  readonly amount: string;
  /** ISO 4217. */
  readonly currency: string;
}

export interface GivenPrice {
  /** As somebody wrote it: "1 900,50 ₽". */
  readonly text: string;
  /** A code or a sign that was said for this price; undefined or empty when nothing was. */
  readonly currency: string | undefined;
  /** Where neither the price nor anything beside it names a currency. */
  readonly otherwise: string | undefined;
}

type Result<Value> = { readonly value: Value } | { readonly problem: LineProblem };

/** Longer ones are no prices, and would not fit into any sum. */
const longestWhole = 12;
const longestText = 60;
// The sign of money before or after one number. NFKC has made every kind of space a plain one.
const shape = /^(?<before>[^\d+-]*?)\s*(?<sign>[+-]?)\s*(?<figure>\d(?:[\d .,'’]*\d)?)\s*(?<after>\D*)$/u;

/** Reads a price as people write it; what can be read in two ways is refused, not guessed. */
export function readPrice({ text, currency, otherwise }: GivenPrice): Result<Price> {
  const wrong = (code: LineProblem['code'], found = text): { problem: LineProblem } => ({
    problem: { column: 'price', code, found },
  });
  if (text.length > longestText) return wrong('bad-price');
  const parts = shape.exec(text.normalize('NFKC').replaceAll('−', '-').trim())?.groups;
  if (!parts) return wrong('bad-price');
  const { before = '', sign, figure = '', after = '' } = parts;
  const beside = [before, after].filter((word) => word !== '');
  const meant = beside.map(currenciesFrom);
  if (beside.length > 1 || meant.some((list) => list.length === 0)) return wrong('bad-price');
  if (sign === '-') return wrong('negative-price');

  const found = currencyOf(meant[0], currency, otherwise);
  if ('problem' in found) return found;
  const read = decimalFrom(figure);
  if (typeof read === 'string') return wrong(read);
  const decimals = decimalsOf(found.value);
  const fraction = read.fraction.replace(/0+$/u, '').padEnd(decimals, '0');
  if (fraction.length > decimals) return wrong('price-too-precise');
  const whole = read.whole.replace(/^0+(?=\d)/u, '');
  if (whole.length > longestWhole) return wrong('bad-price');
  if (/^0*$/u.test(whole + fraction)) return wrong('zero-price');
  return { value: { amount: decimals === 0 ? whole : `${whole}.${fraction}`, currency: found.value } };
}

/** As people write it, with the code for those who want to be sure: "1900 ₽ (RUB)". */
export function priceText(price: Price): string {
  const sign = signOf(price.currency);
  const amount = amountText(price);
  return sign === price.currency ? `${amount} ${sign}` : `${amount} ${sign} (${price.currency})`;
}

/** "1900", not "1900.00"; "12.50". */
export function amountText({ amount }: Price): string {
  return amount.replace(/\.0+$/u, '');
}

function currencyOf(
  meant: readonly string[] | undefined,
  said: string | undefined,
  otherwise: string | undefined,
): Result<string> {
  if (said !== undefined && said.trim() !== '') {
    const codes = currenciesFrom(said);
    const problem = (code: LineProblem['code']): { problem: LineProblem } => ({
      problem: { column: 'currency', code, found: said },
    });
    const [first] = codes;
    if (first === undefined) return problem('unknown-currency');
    if (meant === undefined) return { value: first };
    // "$" beside CAD is a Canadian price; "€" beside RUB is a mistake.
    const both = codes.find((code) => meant.includes(code));
    return both === undefined ? problem('currency-conflict') : { value: both };
  }
  const value = meant?.[0] ?? otherwise;
  return value === undefined ? { problem: { column: 'currency', code: 'missing-currency', found: '' } } : { value };
}

function decimalFrom(figure: string): { whole: string; fraction: string } | 'bad-price' | 'ambiguous-price' {
  const spaced = /[ '’]/u.test(figure);
  if (spaced && !/^\d{1,3}(?:[ '’]\d{3})+(?:[.,]\d+)?$/u.test(figure)) return 'bad-price';
  const plain = figure.replaceAll(/[ '’]/gu, '');
  const separators = plain.match(/[.,]/gu) ?? [];
  if (separators.length === 0) return { whole: plain, fraction: '' };
  const last = Math.max(plain.lastIndexOf('.'), plain.lastIndexOf(','));
  const [head, tail] = [plain.slice(0, last), plain.slice(last + 1)];
  if (separators.length === 1) {
    // 1,900 may be nineteen hundred or not even two.
    if (!spaced && tail.length === 3 && /^[1-9]\d{0,2}$/u.test(head)) return 'ambiguous-price';
    return { whole: head, fraction: tail };
  }
  const grouping = separators[0] ?? '';
  const groups = /^\d{1,3}(?:[.,]\d{3})+$/u;
  if (grouping === plain[last]) {
    return groups.test(plain) && new Set(separators).size === 1
      ? { whole: plain.replaceAll(grouping, ''), fraction: '' }
      : 'bad-price';
  }
  // One sign between the thousands, the other before the decimals.
  if (!groups.test(head) || new Set(separators.slice(0, -1)).size !== 1) return 'bad-price';
  return { whole: head.replaceAll(grouping, ''), fraction: tail };
}
