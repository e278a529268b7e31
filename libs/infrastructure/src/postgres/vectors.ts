import type { EmbeddingModel } from '#domain/knowledge/embedder.js';
import type { Embeddable } from '#domain/knowledge/indexing.js';
import { vectorRules, type Missing, type Vectors } from '#domain/knowledge/vectors.js';
import { AccountId, PassageId } from '#domain/shared/ids.js';
import type { Database } from './database.js';
import { optional } from './reading.js';

/** More digits than half a float keeps. */
const digits = 5;
/** Rows of one statement. */
const clearedAtOnce = 2_000;

/** A vector as PostgreSQL reads it: cast it to halfvec. */
export function vectorText(vector: readonly number[]): string {
  return `[${vector.map((part) => part.toPrecision(digits)).join(',')}]`;
}

interface MissingColumns {
  readonly id: string;
  readonly account_id: string;
  readonly title: string;
  readonly heading: string | null;
  readonly text: string;
}

export class PostgresVectors implements Vectors {
  constructor(private readonly database: Database) {}

  async want({ name, dimensions }: EmbeddingModel): Promise<void> {
    await this.database.transaction(async (session) => {
      // Of two processes with different settings that start at once, one is the later one.
      await session.query(`LOCK TABLE embedding_models IN SHARE ROW EXCLUSIVE MODE`);
      await session.query(
        `INSERT INTO embedding_models (name, dimensions, state)
         VALUES ($1, $2, CASE WHEN EXISTS (SELECT 1 FROM embedding_models WHERE state = 'active') THEN 'building' ELSE 'active' END)
         ON CONFLICT (name, dimensions) DO UPDATE SET wanted_at = clock_timestamp(), changed_at = now(),
           state = CASE embedding_models.state WHEN 'retired' THEN excluded.state ELSE embedding_models.state END`,
        [name, dimensions],
      );
      await session.query(
        `UPDATE embedding_models SET state = 'retired', changed_at = now()
          WHERE state = 'building' AND (name, dimensions) <> ($1, $2)`,
        [name, dimensions],
      );
    });
  }

  async wanted(): Promise<EmbeddingModel | undefined> {
    const [row] = await this.database.query<EmbeddingModel>(
      'SELECT name, dimensions FROM embedding_models ORDER BY wanted_at DESC LIMIT 1',
    );
    return row;
  }

  async missing({ name, dimensions }: EmbeddingModel, what: Missing): Promise<readonly Embeddable[]> {
    const rows = await this.database.query<MissingColumns>(
      `WITH missing AS (
         SELECT id, row_number() OVER (PARTITION BY account_id ORDER BY id) AS turn FROM passages
          WHERE NOT EXISTS (SELECT 1 FROM passage_vectors
                             WHERE passage_id = passages.id AND model = $1 AND passage_vectors.dimensions = $2)
            AND account_id <> ALL ($3::text[]) AND id <> ALL ($4::uuid[])
       ), next AS (SELECT id, turn FROM missing ORDER BY turn, id LIMIT $5)
       SELECT passages.id, account_id, title, heading, text FROM next JOIN passages USING (id) ORDER BY turn, id`,
      [name, dimensions, what.withoutAccounts, what.withoutPassages, what.most],
    );
    return rows.map(({ id, account_id: accountId, title, heading, text }) => ({
      id: PassageId.parse(id),
      accountId: AccountId.parse(accountId),
      title,
      heading: optional(heading),
      text,
    }));
  }

  async keep({ name, dimensions }: EmbeddingModel, vectors: ReadonlyMap<PassageId, readonly number[]>): Promise<void> {
    await this.database.query(
      // Whoever removes one of these passages at this moment waits, and takes its vector with it.
      `WITH there AS (
         SELECT id, account_id, given.embedding FROM unnest($1::uuid[], $2::text[]) AS given(passage, embedding)
           JOIN passages ON passages.id = given.passage ORDER BY id FOR KEY SHARE OF passages
       ), kept AS (
         INSERT INTO passage_vectors (passage_id, model, dimensions, account_id, embedding)
         SELECT id, $3, $4, account_id, embedding::halfvec FROM there ON CONFLICT DO NOTHING)
       SELECT id FROM there`,
      [[...vectors.keys()], [...vectors.values()].map(vectorText), name, dimensions],
    );
  }

  async activate({ name, dimensions }: EmbeddingModel): Promise<void> {
    const [found] = await this.database.query(
      `SELECT 1 FROM embedding_models WHERE name = $1 AND dimensions = $2 AND state = 'building'`,
      [name, dimensions],
    );
    if (!found) return;
    await this.database.transaction(async (session) => {
      await session.query(`LOCK TABLE embedding_models IN SHARE ROW EXCLUSIVE MODE`);
      // Two statements: only one may be active at any moment.
      await session.query(
        `UPDATE embedding_models SET state = 'retired', changed_at = now()
          WHERE state = 'active' AND EXISTS (
            SELECT 1 FROM embedding_models AS next WHERE next.name = $1 AND next.dimensions = $2 AND next.state = 'building')`,
        [name, dimensions],
      );
      await session.query(
        `UPDATE embedding_models SET state = 'active', changed_at = now()
          WHERE name = $1 AND dimensions = $2 AND state = 'building'`,
        [name, dimensions],
      );
    });
  }

  async clear(): Promise<boolean> {
    const [retired] = await this.database.query<EmbeddingModel>(
      `SELECT name, dimensions FROM embedding_models
        WHERE state = 'retired' AND changed_at < now() - $1 * interval '1 millisecond' LIMIT 1`,
      [vectorRules.retiredMs],
    );
    if (!retired) return false;
    const { name, dimensions } = retired;
    const gone = await this.database.query(
      `WITH part AS (SELECT passage_id FROM passage_vectors WHERE model = $1 AND dimensions = $2 LIMIT ${clearedAtOnce}),
            gone AS (DELETE FROM passage_vectors AS vectors USING part
                      WHERE vectors.passage_id = part.passage_id AND model = $1 AND dimensions = $2 RETURNING 1)
       SELECT 1 FROM gone`,
      [name, dimensions],
    );
    if (gone.length > 0) return true;
    await this.database.query(
      `WITH gone AS (
         DELETE FROM embedding_models WHERE name = $1 AND dimensions = $2 AND state = 'retired' RETURNING 1)
       SELECT 1 FROM gone`,
      [name, dimensions],
    );
    return false;
  }
}
