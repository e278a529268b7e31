import { cutText, storableText } from '../shared/text.js';
import { currenciesFrom } from './currencies.js';
import { isRemark, type CatalogueColumn, type LineProblem } from './line-problems.js';
import { readPrice, type Price } from './price.js';
import { skuProblems } from './product.js';
import type { ProductChanges } from './product-changes.js';
import { availabilityCalled, columnCalled } from './product-words.js';

/** A line of a table as it stands there. */
export interface TableRow {
  /** Its line in the file, or its row in the sheet: what a person looks for. From 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

export interface Columns {
  readonly at: Readonly<Partial<Record<CatalogueColumn, number>>>;
  /** From a heading like "Price, EUR". */
  readonly currency: string | undefined;
  /** Headings that mean nothing here; their cells are left alone. */
  readonly unknown: readonly string[];
  readonly width: number;
}

export interface ReadLine {
  readonly line: number;
  /** Undefined when it has none that could be one. */
  readonly sku: string | undefined;
  readonly changes: ProductChanges;
  readonly problems: readonly LineProblem[];
}

/** What stood in a cell, as far as a report repeats it. */
const foundLength = 120;

/** Which column is what, by names in English or Russian, in any order. @returns a sentence when the file cannot be used */
export function readHeader(cells: readonly string[]): Columns | string {
  const at: Partial<Record<CatalogueColumn, number>> = {};
  const unknown: string[] = [];
  let currency: string | undefined;
  for (const [index, cell] of cells.entries()) {
    const heading = cleaned(cell);
    if (heading === '') continue;
    const { column, money } = columnOf(heading);
    if (column === undefined) {
      unknown.push(cutText(heading, foundLength));
      continue;
    }
    if (at[column] !== undefined)
      return `Two columns are the ${column}: "${cells[at[column]]?.trim()}" and "${heading}". Rename or remove one of them.`;
    at[column] = index;
    currency = money ?? currency;
  }
  const sku = at.sku ?? secondBest(cells);
  if (sku === undefined) {
    const found = cells.map(cleaned).filter((cell) => cell !== '');
    const what = found.length > 0 ? `its headings are ${cutText(found.join(', '), 300)}` : 'its first line is empty';
    return `The file has no column "sku" (${what}). The first line must name the columns: sku, title, price, …`;
  }
  const names = unknown.filter((name) => at.sku !== undefined || name !== cleaned(cells[sku] ?? ''));
  return { at: { ...at, sku }, currency, unknown: names, width: cells.length };
}

/** A shop's own number of a product, where it has no other name for it. */
function secondBest(cells: readonly string[]): number | undefined {
  const index = cells.findIndex((cell) => isId(cleaned(cell)));
  return index === -1 ? undefined : index;
}

function isId(heading: string): boolean {
  return /^(?:(?:product|item)[\s_-])?id$/iu.test(heading);
}

/** @returns undefined for a line with nothing in it */
export function readLine(
  { line, cells }: TableRow,
  columns: Columns,
  currency: string | undefined,
): ReadLine | undefined {
  const values = cells.map(cleaned);
  if (values.every((value) => value === '')) return undefined;
  const problems: LineProblem[] = [];
  const add = (column: LineProblem['column'], code: LineProblem['code'], found: string): void => {
    problems.push({ column, code, found: cutText(found, foundLength) });
  };
  const value = (column: CatalogueColumn): string | undefined => {
    const index = columns.at[column];
    return index === undefined ? undefined : (values[index] ?? '');
  };

  if (values.slice(columns.width).some((cell) => cell !== '')) add(undefined, 'too-many-cells', values.at(-1) ?? '');
  if (values.some((cell) => cell.includes('\uFFFD'))) add(undefined, 'unreadable', values.find(unreadable) ?? '');
  for (const column of ['sku', 'title', 'description', 'tags'] as const) {
    if (/^[=+@-]/u.test(value(column) ?? '')) add(column, 'formula', value(column) ?? '');
  }
  const sku = value('sku') ?? '';
  for (const problem of skuProblems(sku)) add(problem.column, problem.code, problem.found);

  const price = priceFrom(value('price'), value('currency'), columns.currency ?? currency);
  if (price && 'problem' in price) add(price.problem.column, price.problem.code, price.problem.found);
  const said = value('availability') ?? '';
  const availability = availabilityCalled(said);
  if (said !== '' && availability === undefined) add('availability', 'unknown-availability', said);

  const [title, description, url, tags] = [value('title'), value('description'), value('url'), value('tags')];
  const changes: ProductChanges = {
    // Without a title column a product keeps its title; an emptied title is a mistake, told where it is applied.
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description: emptyToNull(description) }),
    ...(price && 'value' in price && { price: price.value }),
    ...(availability && { availability }),
    ...(url !== undefined && { url: emptyToNull(url) }),
    ...(tags !== undefined && { tags: tags.split(/[,;|\n]/u).map((tag) => tag.trim()) }),
  };
  const usable = sku !== '' && skuProblems(sku).length === 0;
  return { line, sku: usable ? sku : undefined, changes, problems };
}

/** Whether a line may go in. */
export function isUsable({ problems }: Pick<ReadLine, 'problems'>): boolean {
  return problems.every(isRemark);
}

/** Of several lines with one sku the first that may go in does, the others are told where it is. */
export function withoutDoubles(lines: readonly ReadLine[]): readonly ReadLine[] {
  const first = new Map<string, number>();
  for (const { sku, line, problems } of lines) {
    if (sku !== undefined && isUsable({ problems }) && !first.has(sku)) first.set(sku, line);
  }
  return lines.map((each) => {
    const used = each.sku === undefined ? undefined : first.get(each.sku);
    if (used === undefined || used === each.line) return each;
    return { ...each, problems: [...each.problems, { column: 'sku', code: 'duplicate-sku', found: `line ${used}` }] };
  });
}

function columnOf(heading: string): { column: CatalogueColumn | undefined; money?: string } {
  const column = columnCalled(heading);
  if (column) return { column };
  // "Price, EUR", "Цена (руб.)", "Цена ₽"
  const [, name = '', money = ''] = /^(.+?)[\s,(/]+([^\s,(/)]+)\)?$/u.exec(heading) ?? [];
  const [currency] = currenciesFrom(money);
  return currency !== undefined && columnCalled(name) === 'price'
    ? { column: 'price', money: currency }
    : { column: undefined };
}

/** @returns undefined when the file says nothing about prices; an empty cell takes the price away */
function priceFrom(
  text: string | undefined,
  currency: string | undefined,
  otherwise: string | undefined,
): { readonly value: Price | null } | { readonly problem: LineProblem } | undefined {
  if (text === undefined) return undefined;
  return text === '' ? { value: null } : readPrice({ text, currency, otherwise });
}

function cleaned(cell: string): string {
  return storableText(cell).replaceAll('\u00A0', ' ').trim();
}

function unreadable(cell: string): boolean {
  return cell.includes('\uFFFD');
}

function emptyToNull(text: string): string | null {
  return text === '' ? null : text;
}
