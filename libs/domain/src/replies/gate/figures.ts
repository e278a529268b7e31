import { saysOfTheSame } from './grounding.js';
import { numbersInWords, scaleOfWord } from './number-words.js';

/** What a figure is about, as far as its neighbours tell. */
export type FigureKind = 'money' | 'percent' | 'figure';

export interface Figure {
  readonly kind: FigureKind;
  /** Of money, when it is said. */
  readonly currency: string | undefined;
  /**
   * What it may mean: `n1500` a number, `t540` a time in minutes, `d5-12` a day. "12.05" may be all three; "1.500" is
   * two numbers.
   */
  readonly meanings: ReadonlySet<string>;
  readonly said: string;
  readonly at: number;
  /** One of several numbers that were said in a row, as words. */
  readonly dictated: boolean;
  /** In digits, and nothing stands behind it that it counts: it may be a price or an hour. */
  readonly bare: boolean;
}

const currencies: readonly (readonly [string, RegExp])[] = [
  ['rub', /^(?:₽|руб(?:\.|л[а-яё]*)?(?!\p{L})|р(?:\.|(?!\p{L}))|rub(?![a-z])|rou?bles?(?!\p{L})|целковых)/u],
  ['usd', /^(?:\$|usd(?!\p{L})|dollars?(?!\p{L})|доллар[а-я]*|бакс[а-я]*|bucks?(?!\p{L})|dólares)/u],
  ['eur', /^(?:€|eur(?:os?)?(?!\p{L})|евро(?!\p{L}))/u],
  ['gbp', /^(?:£|gbp(?!\p{L})|pounds?(?: sterling)?(?!\p{L})|quid(?!\p{L})|фунт[а-я]*)/u],
  ['uah', /^(?:₴|грн\.?(?!\p{L})|uah(?!\p{L})|гривн[а-я]*|гривень)/u],
  ['kzt', /^(?:₸|тенге(?!\p{L})|теңге(?!\p{L})|kzt(?!\p{L})|тг(?!\p{L}))/u],
  ['pln', /^(?:zł(?!\p{L})|pln(?!\p{L})|zlot[a-z]*|злот[а-я]*)/u],
  ['try', /^(?:₺|lira(?!\p{L})|лир[а-я]{0,2}(?!\p{L}))/u],
  [
    'other',
    /^(?:[¥₹₩₪₫₱₦₿¢]|юан[а-я]*|yuan(?!\p{L})|rupees?(?!\p{L})|pesos?(?!\p{L})|дирхам[а-я]*|aed(?!\p{L})|сум(?!\p{L})|коп(?:е[а-я]*|\.)|cents?(?!\p{L})|центов)/u,
  ],
];
const currencyBefore = /(?:([₽$€£₴₸₺¥₹₿])|(?<!\p{L})(rub|usd|eur|gbp|uah|kzt|pln|руб)\.?) ?$/u;
const percentAfter =
  /^(?:%|percent(?!\p{L})|per cent(?!\p{L})|процент|prozent|por ciento|por cento|pour cent|відсот|пайыз)/u;
const hourAfter = /^(?:h(?!\p{L})|uhr(?!\p{L})|o.clock|ч(?:ас|\.|(?!\p{L})))/u;
const halfOfDay = /^(?:час\p{L}* )?(?:(am|a\.m|утра)|(pm|p\.m|вечера)|(ночи))(?!\p{L})|^час\p{L}* (дня)(?!\p{L})/u;
const months: readonly RegExp[] = [
  /^(?:jan(?:uary)?|январ\p{L}*|янв|enero|januar|січня|janvier)(?!\p{L})/u,
  /^(?:feb(?:ruary)?|феврал\p{L}*|фев|febrero|februar|лютого|février)(?!\p{L})/u,
  /^(?:mar(?:ch)?|март\p{L}*|мар|marzo|märz|березня|mars)(?!\p{L})/u,
  /^(?:apr(?:il)?|апрел\p{L}*|апр|abril|квітня|avril)(?!\p{L})/u,
  /^(?:may|ма[йяе]|mayo|mai|травня)(?!\p{L})/u,
  /^(?:june?|июн\p{L}*|junio|juni|червня|juin)(?!\p{L})/u,
  /^(?:july?|июл\p{L}*|julio|juli|липня|juillet)(?!\p{L})/u,
  /^(?:aug(?:ust)?|август\p{L}*|авг|agosto|серпня|août)(?!\p{L})/u,
  /^(?:sept?(?:ember)?|сентябр\p{L}*|сен|septiembre|вересня|septembre)(?!\p{L})/u,
  /^(?:oct(?:ober)?|октябр\p{L}*|окт|octubre|oktober|жовтня|octobre)(?!\p{L})/u,
  /^(?:nov(?:ember)?|ноябр\p{L}*|ноя|noviembre|листопада|novembre)(?!\p{L})/u,
  /^(?:dec(?:ember)?|декабр\p{L}*|дек|diciembre|dezember|грудня|décembre)(?!\p{L})/u,
];

/** Every figure of a text, in digits or in words. @param text as `plain` makes it */
export function figuresIn(text: string): readonly Figure[] {
  const found: Figure[] = [];
  // A price with its thousands apart is one number.
  for (const { 0: said, index } of text.matchAll(/(?:\d{1,3}(?: \d{3})+(?!\d)|\d+)(?:[.,:]\d+)*/gu)) {
    const after = text.slice(index + said.length, index + said.length + 40);
    found.push(figureOf(said, index, text.slice(Math.max(0, index - 12), index), after));
  }
  for (const { values, at, end, words } of numbersInWords(text)) {
    const after = text.slice(end, end + 40);
    const { kind: counted, currency } = kindOf(text.slice(Math.max(0, at - 12), at), after.trimStart());
    const kind = counted === 'figure' && moneyWords.test(words) ? 'money' : counted;
    for (const value of values) {
      const meanings = new Set([`n${value}`]);
      if (values.length === 1) addSurroundings(meanings, value, '', after);
      found.push({ kind, currency, meanings, said: words, at, dictated: values.length > 1, bare: false });
    }
  }
  return found;
}

function figureOf(said: string, at: number, before: string, after: string): Figure {
  // "5 тыс", "2k": the figure is a thousand times what its digits say.
  const word = /^ ?(\p{L}+)/u.exec(after)?.[1] ?? '';
  const scale = scaleOfWord(word);
  const rest = scale === undefined ? after : after.slice(after.indexOf(word) + word.length).replace(/^\./u, '');
  const meanings = new Set<string>();
  for (const value of numbersOf(said)) meanings.add(`n${value * (scale ?? 1)}`);
  if (scale === undefined) {
    addDatesAndTimes(meanings, said);
    const [whole] = numbersOf(said);
    if (whole !== undefined) addSurroundings(meanings, whole, before, after);
  }
  const { kind, currency } = kindOf(before, rest.trimStart());
  // Nobody counts loaves in thousands: it is money.
  const meant = kind === 'figure' && scale !== undefined ? 'money' : kind;
  return { kind: meant, currency, meanings, said, at, dictated: false, bare: standsBare.test(after) };
}

function kindOf(before: string, after: string): Pick<Figure, 'kind' | 'currency'> {
  if (percentAfter.test(after)) return { kind: 'percent', currency: undefined };
  const behind = currencies.find(([, pattern]) => pattern.test(after));
  if (behind) return { kind: 'money', currency: behind[0] };
  const ahead = currencyBefore.exec(before);
  const sign = ahead?.[1] ?? ahead?.[2];
  if (sign === undefined) return { kind: 'figure', currency: undefined };
  return { kind: 'money', currency: currencies.find(([, pattern]) => pattern.test(sign))?.[0] };
}

/** "1 500" is one number; "1.500" may be two: a German one and an English one. */
function numbersOf(said: string): readonly number[] {
  const text = said.replaceAll(' ', '');
  if (/^\d+$/u.test(text)) return [Number(text)];
  if (text.includes(':')) return [];
  const numbers: number[] = [];
  if (/^\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,2})?$/u.test(text)) {
    const cents = /[.,](\d{1,2})$/u.exec(text);
    const whole = (cents ? text.slice(0, cents.index) : text).replaceAll(/[.,]/gu, '');
    numbers.push(Number(cents ? `${whole}.${cents[1]}` : whole));
  }
  if (/^\d+[.,]\d+$/u.test(text)) numbers.push(Number(text.replace(',', '.')));
  return numbers;
}

function addDatesAndTimes(meanings: Set<string>, said: string): void {
  const time = /^(\d{1,2})[:.](\d{2})$/u.exec(said);
  if (time && Number(time[1]) <= 24 && Number(time[2]) < 60) meanings.add(`t${Number(time[1]) * 60 + Number(time[2])}`);
  const day = /^(\d{1,2})\.(\d{1,2})(?:\.(?:\d{2}|\d{4}))?$/u.exec(said);
  if (day && Number(day[1]) <= 31 && Number(day[2]) <= 12) meanings.add(`d${Number(day[1])}-${Number(day[2])}`);
  // What is nothing of all this (a version, an address of a computer) is at least itself.
  if (meanings.size === 0) meanings.add(`s${said.replaceAll(/\s/gu, '')}`);
}

/** "9 am", "в 9 вечера", "12 мая", "May 12". */
function addSurroundings(meanings: Set<string>, value: number, before: string, after: string): void {
  const rest = after.trimStart();
  const half = halfOfDay.exec(rest);
  if (half && value <= 12) {
    const [, morning, evening, night, noon] = half;
    const later = (evening ?? noon) !== undefined && value < 12;
    const midnight = (morning ?? night) !== undefined && value === 12;
    meanings.delete(`n${value}`);
    meanings.add(`t${(later ? value + 12 : midnight ? 0 : value) * 60}`);
  } else if (hourAfter.test(rest) && value <= 24) {
    meanings.add(`t${value * 60}`);
  }
  if (!Number.isInteger(value) || value < 1 || value > 31) return;
  const ordinal = rest.replace(/^(?:st|nd|rd|th|-?го|-?е|\.)? ?(?:of |de )?/u, '');
  const month = months.findIndex((name) => name.test(ordinal)) + 1;
  const word = /(\p{L}+)\.? ?$/u.exec(before)?.[1] ?? '';
  const ahead = months.findIndex((name) => name.test(word)) + 1;
  if (month === 0 && ahead === 0) return;
  // "In December 1 week" is no day.
  if (month > 0 || !/^\p{L}/u.test(rest)) meanings.delete(`n${value}`);
  meanings.add(`d${value}-${month || ahead}`);
}

const standsBare = /^ ?(?:$|[.,;:!?)/|–-]|(?:за|per|и|and|a|for|до|to|от|или|or|till|until|by|each)(?!\p{L}))/u;
/** Nobody counts anything else with them. */
const moneyWords = /полтинник|пятихатк|косар|сотк[ау]|grand/u;
export const priceContext =
  /[₽$€£₴₸₺¥₹]|руб|цен[аыу]|стои|стоим|прайс|price|cost|tariff|preis|precio|prix|ціна|бағасы/u;

/**
 * Whether the sources say this figure, as what the answer says it is: a price where they have a price, and one of the
 * same thing.
 * @param about what the answer's sentence and the question speak of
 */
export function figureStands(claim: Figure, known: readonly KnownFigure[], about?: ReadonlySet<string>): boolean {
  const fitting = known.filter((each) => fits(claim, each));
  if (claim.kind !== 'money' || !about) return fitting.length > 0;
  return saysOfTheSame(
    about,
    fitting.map((each) => each.about),
  );
}

function fits(claim: Figure, { figure, aboutPrices }: KnownFigure): boolean {
  if (!sameMeaning(claim, figure)) return false;
  if (claim.kind === 'percent') return figure.kind === 'percent';
  if (claim.kind !== 'money') return true;
  if (figure.kind === 'money')
    return claim.currency === undefined || figure.currency === undefined || claim.currency === figure.currency;
  return figure.kind === 'figure' && figure.bare && aboutPrices;
}

function sameMeaning(claim: Figure, known: Figure): boolean {
  for (const meaning of claim.meanings) {
    if (known.meanings.has(meaning)) return true;
    // Nine is nine o'clock where hours stand, and the other way round; the afternoon is said with or without its twelve.
    const hour = /^n(\d{1,2})$/u.exec(meaning)?.[1];
    if (hour !== undefined && Number(hour) <= 24) {
      if (claim.kind === 'figure' && known.meanings.has(`t${Number(hour) * 60}`)) return true;
      if (claim.kind === 'figure' && Number(hour) <= 12 && known.meanings.has(`t${(Number(hour) + 12) * 60}`))
        return true;
    }
    const minutes = Number(/^t(\d+)$/u.exec(meaning)?.[1] ?? Number.NaN);
    if (minutes % 60 === 0 && known.bare && known.meanings.has(`n${minutes / 60}`)) return true;
  }
  return false;
}

export interface KnownFigure {
  readonly figure: Figure;
  /** It stands in a line that speaks of prices. */
  readonly aboutPrices: boolean;
  /** What its line speaks of; in a row of a table, its whole passage. */
  readonly about: readonly string[];
}
