import { availabilities, passageOf, type Product, type ProductDetails } from '#domain/catalogue/product.js';
import { AccountId, ProductId } from '#domain/shared/ids.js';
import type { Session } from './database.js';
import type { ProductRow } from './entities/product.entity.js';
import { listed, optional } from './reading.js';

export const productColumns = `id, account_id AS "accountId", sku, title, description, price::text AS price, currency,
  availability, url, tags, revision, updated_at AS "updatedAt"`;

/** One writer of an account's catalogue at a time, until its transaction ends: two would count, and overtake, each other. */
export async function lockCatalogue(session: Session, accountId: AccountId): Promise<void> {
  await session.query(`SELECT pg_advisory_xact_lock(hashtextextended('catalogue ' || $1, 0))`, [accountId]);
}

/** Those of these skus that are there, by sku. */
export async function productsBySku(
  session: Session,
  accountId: AccountId,
  skus: readonly string[],
): Promise<ReadonlyMap<string, Product>> {
  const rows = await session.query<ProductRow>(
    `SELECT ${productColumns} FROM products WHERE account_id = $1 AND sku = ANY ($2)`,
    [accountId, skus],
  );
  return new Map(rows.map((row) => [row.sku, toProduct(row)]));
}

export async function countProducts(session: Session, accountId: AccountId): Promise<number> {
  const [row] = await session.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM products WHERE account_id = $1',
    [accountId],
  );
  return row?.count ?? 0;
}

export interface ProductChange {
  readonly before: Product | undefined;
  readonly details: ProductDetails;
}

/** Writes products that differ from before, and their passages where the text is another one: with a new id, so that its vector is made anew. */
export async function writeProducts(
  session: Session,
  accountId: AccountId,
  changes: readonly ProductChange[],
): Promise<readonly Product[]> {
  if (changes.length === 0) return [];
  const given = changes.map(({ details: { price, ...rest } }) => ({
    ...rest,
    price: price?.amount ?? null,
    currency: price?.currency ?? null,
  }));
  const rows = await session.query<ProductRow>(
    `INSERT INTO products (account_id, sku, title, description, price, currency, availability, url, tags)
     SELECT $1, sku, title, description, price, currency, availability, url, tags
       FROM jsonb_to_recordset($2::jsonb) AS given (sku text, title text, description text, price numeric,
            currency text, availability text, url text, tags text[])
     ON CONFLICT (account_id, sku) DO UPDATE SET title = excluded.title, description = excluded.description,
        price = excluded.price, currency = excluded.currency, availability = excluded.availability, url = excluded.url,
        tags = excluded.tags, revision = products.revision + 1, updated_at = now()
     RETURNING ${productColumns}`,
    [accountId, JSON.stringify(given)],
  );
  const products = rows.map(toProduct);
  const former = new Map(changes.map(({ before, details }) => [details.sku, before]));
  await writePassages(
    session,
    products.filter((product) => textOf(product) !== textOf(former.get(product.sku))),
  );
  return products;
}

/** With their passages; their vectors go with these. */
export async function removeProducts(session: Session, ids: readonly ProductId[]): Promise<void> {
  await session.query('DELETE FROM passages WHERE product_id = ANY ($1::uuid[])', [ids]);
  await session.query('DELETE FROM products WHERE id = ANY ($1::uuid[])', [ids]);
}

export function toProduct(row: ProductRow): Product {
  const { price, currency } = row;
  return {
    id: ProductId.parse(row.id),
    accountId: AccountId.parse(row.accountId),
    sku: row.sku,
    title: row.title,
    description: optional(row.description),
    price: price === null || currency === null ? undefined : { amount: price, currency },
    availability: listed(availabilities, row.availability),
    url: optional(row.url),
    tags: row.tags,
    revision: row.revision,
    updatedAt: row.updatedAt,
  };
}

async function writePassages(session: Session, products: readonly Product[]): Promise<void> {
  const passages = products.map((product) => ({
    product_id: product.id,
    account_id: product.accountId,
    ...passageOf(product),
  }));
  await session.query('DELETE FROM passages WHERE product_id = ANY ($1::uuid[])', [products.map(({ id }) => id)]);
  await session.query(
    `INSERT INTO passages (product_id, account_id, position, title, text, words)
     SELECT product_id, account_id, 1, title, text, to_tsvector('russian'::regconfig, searched)
       FROM jsonb_to_recordset($1::jsonb) AS given (product_id uuid, account_id text, title text, text text, searched text)`,
    [JSON.stringify(passages)],
  );
}

function textOf(product: ProductDetails | undefined): string {
  return product === undefined ? '' : JSON.stringify(passageOf(product));
}
