import { z } from 'zod';
import type { HeldImport, ImportRequest, LineOutcome } from '#domain/catalogue/imports.js';
import type { LineProblem } from '#domain/catalogue/line-problems.js';
import { availabilities, productLimits, sameDetails, type Product } from '#domain/catalogue/product.js';
import { applyChanges, type ProductChanges } from '#domain/catalogue/product-changes.js';
import type { AccountId } from '#domain/shared/ids.js';
import type { Session } from './database.js';
import type { ProductRow } from './entities/product.entity.js';
import {
  productColumns,
  productsBySku,
  removeProducts,
  toProduct,
  writeProducts,
  type ProductChange,
} from './product-rows.js';

/** A line that waits to be used. */
export interface StagedLine {
  readonly number: number;
  readonly sku: string;
  readonly changes: unknown;
}

export interface UsedLine {
  readonly number: number;
  readonly outcome: LineOutcome;
  readonly problems: readonly LineProblem[];
}

const changesShape = z.object({
  title: z.string().optional(),
  description: z.string().nullable().optional(),
  price: z.object({ amount: z.string(), currency: z.string() }).nullable().optional(),
  availability: z.enum(availabilities).optional(),
  url: z.string().nullable().optional(),
  tags: z.array(z.string()).optional(),
});

/** What lines make of the catalogue; of a dry run only what they would. @param there products before, of the account */
export async function usedLines(
  session: Session,
  accountId: AccountId,
  lines: readonly StagedLine[],
  { dryRun, there }: { readonly dryRun: boolean; readonly there: number },
): Promise<readonly UsedLine[]> {
  const skus = lines.map(({ sku }) => sku);
  const known = await productsBySku(session, accountId, skus);
  const writes: ProductChange[] = [];
  let room = productLimits.products - there;
  const used = lines.map(({ number, sku, changes }): UsedLine => {
    const before = known.get(sku);
    const applied = applyChanges(sku, before, changesShape.parse(changes) as ProductChanges); // parsed just now: JSON has no undefined
    if ('problems' in applied) return { number, outcome: 'failed', problems: applied.problems };
    const { details } = applied;
    if (before && sameDetails(before, details)) return { number, outcome: 'unchanged', problems: [] };
    if (!before && room <= 0)
      return { number, outcome: 'failed', problems: [{ column: undefined, code: 'too-many-products', found: '' }] };
    if (!before) room -= 1;
    writes.push({ before, details });
    return { number, outcome: before ? 'changed' : 'created', problems: [] };
  });
  if (!dryRun) await writeProducts(session, accountId, writes);
  return used;
}

/** Products of which no line of the file speaks, by sku. What somebody wrote after the import began is left alone. */
export async function missingProducts(
  session: Session,
  { id, request }: HeldImport,
  after: string,
  most: number,
): Promise<readonly Product[]> {
  const rows = await session.query<ProductRow>(
    `SELECT ${productColumns} FROM products
      WHERE account_id = $1 AND sku > $2 AND updated_at < (SELECT started_at FROM product_imports WHERE id = $3)
        AND NOT EXISTS (SELECT FROM product_import_lines AS lines
                         WHERE lines.import_id = $3 AND lines.sku = products.sku AND lines.line IS NOT NULL)
        AND ($4 = 'delete' OR availability NOT IN ('out-of-stock', 'discontinued'))
      ORDER BY sku LIMIT $5`,
    [request.accountId, after, id, request.missing, most],
  );
  return rows.map(toProduct);
}

/** @returns what became of them, or would */
export async function treated(
  session: Session,
  { accountId, missing, dryRun }: ImportRequest,
  products: readonly Product[],
): Promise<LineOutcome> {
  if (missing === 'delete') {
    const ids = products.map(({ id }) => id);
    if (!dryRun) await removeProducts(session, ids);
    return 'deleted';
  }
  const changes = products.map((before) => ({ before, details: { ...before, availability: 'out-of-stock' as const } }));
  if (!dryRun) await writeProducts(session, accountId, changes);
  return 'put-out-of-stock';
}
