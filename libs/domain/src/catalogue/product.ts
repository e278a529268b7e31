import type { AccountId, ProductId } from '../shared/ids.js';
import type { LineProblem } from './line-problems.js';
import { amountText, priceText, type Price } from './price.js';

export const availabilities = ['in-stock', 'out-of-stock', 'preorder', 'made-to-order', 'discontinued'] as const;
export type Availability = (typeof availabilities)[number];

/** What a brand says about a product; whatever is published about its price comes from here. */
export interface ProductDetails {
  /** The account's own name for it: the natural key, exactly as written. */
  readonly sku: string;
  readonly title: string;
  readonly description: string | undefined;
  /** Undefined: nobody is told a price. */
  readonly price: Price | undefined;
  readonly availability: Availability;
  readonly url: string | undefined;
  readonly tags: readonly string[];
}

export interface Product extends ProductDetails {
  readonly id: ProductId;
  readonly accountId: AccountId;
  /** From 1; a change names the one that it was made from. */
  readonly revision: number;
  readonly updatedAt: Date;
}

export const productLimits = {
  sku: 64,
  title: 200,
  description: 2_000,
  url: 500,
  tags: 30,
  tag: 60,
  /** Products of one account; what search and import are measured with. */
  products: 50_000,
} as const;

/** Words that have a meaning in the routes where skus stand, too. */
const takenSkus = new Set(['imports']);

/** What is wrong with a product, price and availability aside: those are read by their own rules. */
export function productProblems(product: Omit<ProductDetails, 'price' | 'availability'>): readonly LineProblem[] {
  const { sku, title, description = '', url, tags } = product;
  const problems: LineProblem[] = [];
  const add = (column: LineProblem['column'], code: LineProblem['code'], found: string): void => {
    problems.push({ column, code, found });
  };
  problems.push(...skuProblems(sku));
  if (title === '') add('title', 'missing-title', '');
  if (title.length > productLimits.title) add('title', 'long-title', title);
  if (description.length > productLimits.description) add('description', 'long-description', description);
  if (url !== undefined && !isWebAddress(url)) add('url', 'bad-url', url);
  if (tags.length > productLimits.tags || tags.some((tag) => tag.length > productLimits.tag))
    add('tags', 'bad-tags', tags.join(', '));
  return problems;
}

export function skuProblems(sku: string): readonly LineProblem[] {
  if (sku === '') return [{ column: 'sku', code: 'missing-sku', found: '' }];
  const bad = sku.length > productLimits.sku || takenSkus.has(sku.toLowerCase());
  return bad ? [{ column: 'sku', code: 'bad-sku', found: sku }] : [];
}

function isWebAddress(text: string): boolean {
  if (text.length > productLimits.url || !URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return protocol === 'https:' && username === '' && password === '' && !/\s/u.test(text);
}

/** Tags in their order, each once. */
export function tagsFrom(list: readonly string[]): readonly string[] {
  return [...new Set(list.map((tag) => tag.trim()).filter((tag) => tag !== ''))];
}

export function inOneLine(text: string): string {
  return text.replaceAll(/\s+/gu, ' ').trim();
}

export function sameDetails(one: ProductDetails, other: ProductDetails): boolean {
  return JSON.stringify(comparable(one)) === JSON.stringify(comparable(other));
}

function comparable({ sku, title, description, price, availability, url, tags }: ProductDetails): readonly unknown[] {
  return [sku, title, description ?? null, price?.amount, price?.currency, availability, url ?? null, tags];
}

const availabilityWords: Readonly<Record<Availability, string>> = {
  'in-stock': 'есть в наличии (in stock)',
  'out-of-stock': 'сейчас нет в наличии (out of stock now)',
  preorder: 'по предзаказу (preorder)',
  'made-to-order': 'под заказ (made to order)',
  discontinued: 'больше не продаётся (no longer sold)',
};

/** What a search finds of a product, and what the writer of an answer reads. */
export interface ProductPassage {
  readonly title: string;
  readonly text: string;
  /** What is looked for by words: what tells this product from the others, without what stands in all of them. */
  readonly searched: string;
}

export function passageOf(product: ProductDetails): ProductPassage {
  const { sku, title, description, price, availability, url, tags } = product;
  const lines = [
    `Артикул (SKU): ${sku}`,
    `Цена (price): ${price ? priceText(price) : 'не указана (not given)'}`,
    `Наличие (availability): ${availabilityWords[availability]}`,
    ...(tags.length > 0 ? [`Теги (tags): ${tags.join(', ')}`] : []),
    ...(url === undefined ? [] : [`Ссылка (link): ${url}`]),
    // In one line: no text of a product looks like a line of its price.
    ...(description === undefined ? [] : [`Описание (description): ${inOneLine(description)}`]),
  ];
  const searched = [title, sku, ...tags, description ?? '', price ? amountText(price) : ''];
  return { title, text: lines.join('\n'), searched: searched.filter((part) => part !== '').join('\n') };
}
