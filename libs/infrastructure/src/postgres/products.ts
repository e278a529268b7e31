import { applyChanges } from '#domain/catalogue/product-changes.js';
import { productLimits, sameDetails, type Product } from '#domain/catalogue/product.js';
import type { Catalogue, Products, ProductsQuery, ProductWrite, ProductWritten } from '#domain/catalogue/products.js';
import type { AccountId } from '#domain/shared/ids.js';
import { Remembered } from '../cache/remembered.js';
import type { Database } from './database.js';
import type { ProductRow } from './entities/product.entity.js';
import {
  countProducts,
  lockCatalogue,
  productColumns,
  productsBySku,
  removeProducts,
  toProduct,
  writeProducts,
} from './product-rows.js';

export class PostgresProducts implements Products {
  constructor(private readonly database: Database) {}

  async write({ accountId, sku, changes, replace, revision, mustExist }: ProductWrite): Promise<ProductWritten> {
    return await this.database.transaction(async (session): Promise<ProductWritten> => {
      await lockCatalogue(session, accountId);
      const before = (await productsBySku(session, accountId, [sku])).get(sku);
      if (before === undefined && mustExist) return { kind: 'missing' };
      if (revision !== undefined && revision !== before?.revision)
        return { kind: 'outdated', revision: before?.revision };
      const applied = applyChanges(sku, replace ? undefined : before, changes);
      if ('problems' in applied) return { kind: 'wrong', problems: applied.problems };
      const { details } = applied;
      if (before && sameDetails(before, details)) return { kind: 'unchanged', product: before };
      if (!before && (await countProducts(session, accountId)) >= productLimits.products)
        return { kind: 'wrong', problems: [{ column: undefined, code: 'too-many-products', found: '' }] };
      const [product] = await writeProducts(session, accountId, [{ before, details }]);
      if (!product) throw new Error('a product was written and not returned');
      return { kind: before ? 'changed' : 'created', product };
    });
  }

  async find(accountId: AccountId, sku: string): Promise<Product | undefined> {
    return (await productsBySku(this.database, accountId, [sku])).get(sku);
  }

  async list({ accountId, availability, tag, text, after, limit }: ProductsQuery): Promise<readonly Product[]> {
    const rows = await this.database.query<ProductRow>(
      `SELECT ${productColumns} FROM products
        WHERE account_id = $1 AND ($2::text IS NULL OR availability = $2) AND ($3::text IS NULL OR $3 = ANY (tags))
          AND ($4::text IS NULL OR starts_with(lower(sku), lower($4)) OR EXISTS (
            SELECT FROM passages WHERE product_id = products.id AND words @@ plainto_tsquery('russian'::regconfig, $4)))
          AND ($5::text IS NULL OR sku > $5)
        ORDER BY sku LIMIT $6`,
      [accountId, availability ?? null, tag ?? null, text ?? null, after ?? null, limit],
    );
    return rows.map(toProduct);
  }

  async remove(
    accountId: AccountId,
    sku: string,
    revision: number | undefined,
  ): Promise<'removed' | 'missing' | { readonly revision: number }> {
    return await this.database.transaction(async (session) => {
      await lockCatalogue(session, accountId);
      const product = (await productsBySku(session, accountId, [sku])).get(sku);
      if (!product) return 'missing';
      if (revision !== undefined && revision !== product.revision) return { revision: product.revision };
      await removeProducts(session, [product.id]);
      return 'removed';
    });
  }
}

/** How long a first product, or the removal of the last one, may not be known, in milliseconds. */
const catalogueIsFreshForMs = 5_000;
/** More accounts than one installation serves. */
const mostAccounts = 10_000;

/** Every question asks: one statement per account and five seconds answers. */
export class PostgresCatalogue implements Catalogue {
  private readonly known: Remembered<AccountId, { readonly exists: boolean }>;

  constructor(database: Database) {
    this.known = new Remembered({
      ask: async (accountId: AccountId) => {
        const [row] = await database.query<{ exists: boolean }>(
          'SELECT EXISTS (SELECT FROM products WHERE account_id = $1) AS exists',
          [accountId],
        );
        return row;
      },
      forMs: catalogueIsFreshForMs,
      most: mostAccounts,
    });
  }

  async exists(accountId: AccountId): Promise<boolean> {
    return (await this.known.get(accountId))?.exists ?? false;
  }
}
