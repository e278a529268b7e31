import { languageOf } from './words.js';

/** A product as the model was shown it. */
export interface ShownProduct {
  /** What can be said about it in one go. */
  readonly sentence: string;
  /** What else it is called: its sku and its tags. */
  readonly around: string;
}

const availability: readonly (readonly [sign: RegExp, ru: string, en: string])[] = [
  [/out of stock/u, 'Сейчас нет в наличии.', 'It is out of stock now.'],
  [/no longer sold/u, 'Больше не продаётся.', 'It is no longer sold.'],
  [/preorder/u, 'По предзаказу.', 'By preorder.'],
  [/made to order/u, 'Под заказ.', 'Made to order.'],
  [/in stock/u, 'Есть в наличии.', 'It is in stock.'],
];

/** Reads a passage that is a row of the catalogue; undefined for one of a document. */
export function productIn(title: string, text: string, language: string): ShownProduct | undefined {
  const lines = new Map(text.split('\n').map((line) => [line.split(' (')[0] ?? '', line.slice(line.indexOf(':') + 2)]));
  const [sku, price, there] = [lines.get('Артикул'), lines.get('Цена'), lines.get('Наличие')];
  if (sku === undefined || price === undefined || there === undefined) return undefined;
  // Of a title in two languages the name in the customer's.
  const names = title.split(' · ');
  const name = names.find((each) => languageOf(each) === language) ?? title;
  const russian = language === 'ru';
  const known = /^\d/u.test(price) && !/no longer/u.test(there);
  const costs = known ? `${name} ${russian ? 'стоит' : 'costs'} ${price.replace(/\s\([A-Z]{3}\)$/u, '')}.` : `${name}.`;
  const state = availability.find(([sign]) => sign.test(there));
  const sentence = `${costs} ${(russian ? state?.[1] : state?.[2]) ?? ''}`.trim();
  return { sentence, around: [sku, title, lines.get('Теги') ?? ''].join(' ') };
}

/** What is said of something that the catalogue does not have: no price, and no promise. */
export function notInCatalogue(language: string): string {
  return language === 'ru' ? 'К сожалению, этого нет в нашем каталоге.' : 'Sorry, that is not in our catalogue.';
}
