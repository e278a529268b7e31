import type { EmbeddingModel } from '#domain/knowledge/embedder.js';
import type { AccountId } from '#domain/shared/ids.js';
import { Remembered } from '../cache/remembered.js';
import type { Database } from './database.js';
import { nearIndexName } from './search-statement.js';

/** What decides how an account is searched. */
export interface SearchSizes {
  /** Passages of the account, counted up to `countedPassages`. */
  readonly passages: number;
  /** Vectors of the model among them, counted until all of them are too many to compare. */
  readonly vectors: number;
  /** Whether the index is rather to be asked than all vectors be compared. */
  readonly byIndex: boolean;
}

/** Comparing one vector takes a microsecond: beyond this an index is faster (docs/search.md). */
export const exactAtMost = 4_000;
/**
 * An index knows nothing of accounts: it goes through the neighbours of all, and leaves others' out. One that has less than
 * this share of all vectors is compared whole, however large it is.
 */
const leastShareByIndex = 1 / 400;
export const countedPassages = 20_000;
const rememberedMs = 5_000;
const accountsRemembered = 1_000;

/** More vectors than this of one account are looked for by the index. @param all vectors of all accounts */
export function comparedAtMost(all: number): number {
  return Math.max(exactAtMost, Math.ceil(all * leastShareByIndex));
}

interface SizeColumns {
  readonly passages: number;
  readonly vectors: number;
  readonly indexed: boolean;
  readonly every: number;
}

/** How much each account has; may be some seconds old, but never says that there is nothing when there is something. */
export class PostgresSearchSizes {
  private readonly sizes = new Remembered<string, SearchSizes>({
    ask: async (key) => await this.read(key),
    forMs: rememberedMs,
    most: accountsRemembered,
  });

  constructor(private readonly database: Database) {}

  /** @returns undefined while the account has no passage, or none with a vector of this model */
  async of(accountId: AccountId, model: EmbeddingModel | undefined): Promise<SearchSizes | undefined> {
    return await this.sizes.get(JSON.stringify([accountId, model?.name, model?.dimensions]));
  }

  private async read(key: string): Promise<SearchSizes | undefined> {
    const [accountId, name, dimensions] = JSON.parse(key) as [string, string | null, number | null]; // made above
    const model = name === null || dimensions === null ? undefined : { name, dimensions };
    const [row] = await this.database.prepared<SizeColumns>(
      `SELECT every::float8, coalesce(indisvalid, false) AS indexed,
              (SELECT count(*)::integer FROM (
                SELECT FROM passages WHERE account_id = $1 LIMIT ${countedPassages}) AS counted) AS passages,
              (SELECT count(*)::integer FROM (
                SELECT FROM passage_vectors WHERE account_id = $1 AND model = $2 AND dimensions = $3
                 LIMIT greatest(${exactAtMost}, ceil(every * ${leastShareByIndex}))::bigint + 1) AS counted) AS vectors
         FROM (SELECT reltuples AS every FROM pg_class WHERE oid = 'passage_vectors'::regclass) AS known
         LEFT JOIN pg_index ON indexrelid = to_regclass($4)`,
      [accountId, name, dimensions, model ? nearIndexName(model) : null],
    );
    if (!row || row.passages === 0 || (model && row.vectors === 0)) return undefined; // asked again, each time
    const { passages, vectors, indexed, every } = row;
    return { passages, vectors, byIndex: indexed && vectors > comparedAtMost(every) };
  }
}
