import pg from 'pg';
import type { EmbeddingModel } from '#domain/knowledge/embedder.js';
import { longWork } from './data-source.js';
import type { Database } from './database.js';
import { exactAtMost } from './search-sizes.js';
import { nearIndexName, nearIndexPrefix, ofModel } from './search-statement.js';

/** Neighbours that each vector keeps, and how many are looked at to find them: measured, docs/search.md. */
const building = { m: 16, efConstruction: 64 };
// Any number; the same in every process, so that one of them builds. Beside the schema's.
const builderLock = 4_837_113;
/** A graph that does not fit into memory is built many times slower. */
const memory = { leastMb: 64, mostMb: 1_024, bytesPerVector: (dimensions: number): number => 2 * dimensions + 1_000 };

/** `built`, `dropped`: names of indexes. `elsewhere`: another process is at it. */
export interface IndexCare {
  readonly built: readonly string[];
  readonly dropped: readonly string[];
  readonly elsewhere: boolean;
}

const nothing: IndexCare = { built: [], dropped: [], elsewhere: false };

interface Plan {
  readonly drop: readonly string[];
  readonly build: readonly EmbeddingModel[];
}

/**
 * Indexes over vectors, one for each model in use as soon as an account has too many to compare them all. They are made
 * while everything else goes on, by one process at a time; one that was left half-made is made again.
 */
export class NearIndexes {
  private client: pg.Client | undefined;
  private stopped = false;

  constructor(
    private readonly database: Database,
    private readonly databaseUrl: string,
  ) {}

  /** Safe to call at any time from any process. Resolves when everything is built, which may take many minutes. */
  async keep(): Promise<IndexCare> {
    const due = await this.plan();
    if (due.drop.length === 0 && due.build.length === 0) return nothing;
    if (this.stopped) return nothing;
    const client = new pg.Client(longWork(this.databaseUrl));
    client.on('error', () => undefined); // a lost connection fails the statement
    this.client = client;
    try {
      await client.connect();
      const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [
        builderLock,
      ]);
      if (rows[0]?.taken !== true) return { ...nothing, elsewhere: true };
      // Only now: what was half-made a moment ago was being made by whoever had the lock.
      return await carryOut(client, await this.plan());
    } finally {
      this.client = undefined;
      await client.end().catch(() => undefined); // it may be gone
    }
  }

  /** Nobody waits for an index to stop: what is being built the server builds to its end, alone. */
  beforeApplicationShutdown(): void {
    this.stopped = true;
    this.client?.connection.stream.destroy();
  }

  private async plan(): Promise<Plan> {
    const [models, indexes] = await Promise.all([this.models(), this.indexes()]);
    const known = new Set(models.map(nearIndexName));
    const valid = new Set(indexes.filter(({ valid: is }) => is).map(({ name }) => name));
    return {
      drop: indexes.filter(({ name, valid: is }) => !is || !known.has(name)).map(({ name }) => name),
      build: models.filter((model) => model.most > exactAtMost && !valid.has(nearIndexName(model))),
    };
  }

  private async models() {
    return await this.database.query<EmbeddingModel & { readonly most: number }>(
      `SELECT name, dimensions, coalesce(max(of_account.vectors), 0)::integer AS most
         FROM embedding_models
         LEFT JOIN accounts ON true
         LEFT JOIN LATERAL (
           SELECT count(*) AS vectors FROM (
             SELECT FROM passage_vectors
              WHERE account_id = accounts.id AND model = name AND passage_vectors.dimensions = embedding_models.dimensions
              LIMIT ${exactAtMost + 1}) AS counted) AS of_account ON true
        WHERE state IN ('active', 'building')
        GROUP BY name, dimensions`,
    );
  }

  private async indexes() {
    return await this.database.query<{ readonly name: string; readonly valid: boolean }>(
      `SELECT relname AS name, indisvalid AS valid FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
        WHERE indrelid = 'passage_vectors'::regclass AND starts_with(relname, $1) ORDER BY relname`,
      [nearIndexPrefix],
    );
  }
}

async function carryOut(client: pg.Client, { drop, build }: Plan): Promise<IndexCare> {
  for (const name of drop) await client.query(`DROP INDEX CONCURRENTLY IF EXISTS ${name}`);
  const built: string[] = [];
  for (const model of build) {
    const name = nearIndexName(model);
    await client.query(`SET maintenance_work_mem = '${await memoryMb(client, model)}MB'`);
    await client.query(buildStatement(model));
    built.push(name);
  }
  return { built, dropped: drop, elsewhere: false };
}

/** Its expression and condition are those of the search (search-statement.ts), to the letter. */
function buildStatement(model: EmbeddingModel): string {
  return `CREATE INDEX CONCURRENTLY IF NOT EXISTS ${nearIndexName(model)} ON passage_vectors
    USING hnsw ((embedding::halfvec(${Math.trunc(model.dimensions)})) halfvec_cosine_ops)
     WITH (m = ${building.m}, ef_construction = ${building.efConstruction}) WHERE ${ofModel(model)}`;
}

async function memoryMb(client: pg.Client, { name, dimensions }: EmbeddingModel): Promise<number> {
  const { rows } = await client.query<{ every: number }>(
    'SELECT count(*)::float8 AS every FROM passage_vectors WHERE model = $1 AND dimensions = $2',
    [name, dimensions],
  );
  const needed = Math.ceil(((rows[0]?.every ?? 0) * memory.bytesPerVector(dimensions)) / 2 ** 20);
  return Math.min(memory.mostMb, Math.max(memory.leastMb, needed));
}
