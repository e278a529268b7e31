import type { CatalogueColumn } from './line-problems.js';
import type { Availability } from './product.js';

const columnNames: Readonly<Record<CatalogueColumn, string>> = {
  sku: 'sku, артикул, код, код товара, код продукта, article, product code, item code',
  title:
    'title, name, product, product name, item, название, наименование, товар, наименование товара, название товара',
  description: 'description, details, описание, описание товара, подробности',
  price: 'price, цена, стоимость, розничная цена, цена продажи, retail price, unit price, cost',
  currency: 'currency, currency code, валюта, код валюты',
  availability:
    'availability, available, stock, in stock, stock status, quantity, наличие, в наличии, остаток, количество',
  url: 'url, link, product url, ссылка, адрес, страница, адрес страницы, ссылка на товар',
  tags: 'tags, tag, category, categories, labels, теги, метки, категория, категории, раздел',
};

const availabilityNames: Readonly<Record<Availability, string>> = {
  'in-stock': 'in stock, instock, available, yes, true, есть, в наличии, есть в наличии, да, имеется',
  'out-of-stock':
    'out of stock, outofstock, sold out, unavailable, not available, no, false, нет, нет в наличии, закончился, закончилось, закончились, распродано',
  preorder: 'preorder, pre order, предзаказ, по предзаказу',
  'made-to-order': 'made to order, on order, to order, под заказ, на заказ, по заказу',
  discontinued:
    'discontinued, archived, снят с производства, снято с производства, снят с продажи, снято с продажи, архив, больше не продаётся',
};

const columnByName = byName(columnNames);
const availabilityByName = byName(availabilityNames);

export function columnCalled(header: string): CatalogueColumn | undefined {
  return columnByName.get(bare(header));
}

/** A word of either language, or how many there are. */
export function availabilityCalled(text: string): Availability | undefined {
  const word = bare(text);
  if (/^\d{1,9}$/u.test(word)) return /^0+$/u.test(word) ? 'out-of-stock' : 'in-stock';
  return availabilityByName.get(word);
}

/** Without differences that nobody means: case, spaces, dashes, underlines, "ё". */
function bare(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replaceAll(/[\s_\-–—*:.]+/gu, ' ')
    .trim();
}

function byName<Name extends string>(names: Readonly<Record<Name, string>>): ReadonlyMap<string, Name> {
  const entries = Object.entries(names) as [Name, string][]; // the keys of the record above
  return new Map(entries.flatMap(([name, list]) => list.split(',').map((word) => [bare(word), name] as const)));
}
