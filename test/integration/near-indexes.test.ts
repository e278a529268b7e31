import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Embedder, EmbeddingModel } from '#domain/knowledge/embedder.js';
import { AccountId } from '#domain/shared/ids.js';
import { PostgresAccounts } from '#infrastructure/postgres/accounts.js';
import type { Database } from '#infrastructure/postgres/database.js';
import { NearIndexes } from '#infrastructure/postgres/near-indexes.js';
import { comparedAtMost, exactAtMost } from '#infrastructure/postgres/search-sizes.js';
import { nearIndexName, searchStatement, type VectorSearch } from '#infrastructure/postgres/search-statement.js';
import { ClusteredKnowledge, type ClusteredQuestion } from '../bench/support/clustered-knowledge.js';
import { account, openDatabase } from '../support/rows.js';
import { knowledgeOn } from '../support/searching.js';
import { startDatabase, type TestService } from '../support/services.js';

const small = AccountId.parse('17841400000000002');
// Short vectors make the same graph in a fraction of the time.
const model: EmbeddingModel = { name: "o'clock/embed", dimensions: 96 };
const name = nearIndexName(model);
const passagesOfSmall = 60;
const questionsOfEach = 20;

let service: TestService;
let database: Database;
let indexes: NearIndexes;
const questions = new Map<AccountId, ClusteredQuestion[]>();
beforeAll(async () => {
  service = await startDatabase();
  database = await openDatabase(service.url);
  indexes = new NearIndexes(database, service.url);
  const accounts = new PostgresAccounts(database);
  for (const id of [account.id, small]) await accounts.connect({ ...account, id });
  await database.query(`INSERT INTO embedding_models (name, dimensions, state) VALUES ($1, $2, 'active')`, [
    model.name,
    model.dimensions,
  ]);
  const knowledge = new ClusteredKnowledge(11, model.dimensions);
  await fill(knowledge, account.id, exactAtMost + 200);
  await fill(knowledge, small, passagesOfSmall);
});
afterAll(async () => {
  await database.close();
  await service.stop();
});

async function fill(knowledge: ClusteredKnowledge, accountId: AccountId, count: number): Promise<void> {
  const passages = Array.from({ length: count }, () => knowledge.passage());
  const every = Math.floor(count / questionsOfEach);
  const asked = passages.filter((_, index) => index % every === 0).slice(0, questionsOfEach);
  questions.set(
    accountId,
    asked.map((passage) => knowledge.questionAbout(passage)),
  );
  await database.query(
    `WITH put AS (
       INSERT INTO passages (document_id, account_id, position, title, heading, text, words)
       SELECT gen_random_uuid(), $1, position, 'Bench', heading, body, to_tsvector('russian', body)
         FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS given(heading, body, position)
       RETURNING id, position)
     INSERT INTO passage_vectors (passage_id, model, dimensions, account_id, embedding)
     SELECT id, $4, $5, $1, l2_normalize(point)
       FROM put JOIN unnest($6::halfvec[]) WITH ORDINALITY AS given(point, position) USING (position)`,
    [
      accountId,
      passages.map(({ heading }) => heading),
      passages.map(({ text }) => text),
      model.name,
      model.dimensions,
      passages.map(({ vector }) => `[${vector.join(',')}]`),
    ],
  );
}

async function validity(): Promise<readonly boolean[]> {
  const rows = await database.query<{ valid: boolean }>(
    `SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = to_regclass($1)`,
    [name],
  );
  return rows.map(({ valid }) => valid);
}

/** The plan that is kept for any parameters, as the product's connections make it. */
async function planOf(by: VectorSearch['by']): Promise<string> {
  return await database.transaction(async (session) => {
    for (const setting of ['plan_cache_mode = force_generic_plan', 'enable_seqscan = off', 'jit = off'])
      await session.query(`SET LOCAL ${setting}`);
    const types = 'text[], text[], integer[], integer[], text[], halfvec[], float8';
    await session.query(`PREPARE searched_${by} (${types}) AS ${searchStatement({ model, by })}`);
    const point = `[${questions.get(account.id)?.[0]?.vector.join(',') ?? ''}]`;
    const rows = await session.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN EXECUTE searched_${by} (
         ARRAY['${account.id}', '${small}'], ARRAY['one', 'two'], ARRAY[5, 5], ARRAY[0, 0], ARRAY[]::text[],
         ARRAY['${point}', '${point}']::halfvec[], 0)`,
    );
    await session.query(`DEALLOCATE searched_${by}`);
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  });
}

/** Of the five that are nearest by comparing all vectors, the share that a search by meaning finds among its vector hits. */
async function recallOf(accountId: AccountId): Promise<number> {
  const asked = questions.get(accountId) ?? [];
  // The words of these questions are found by nobody: what is found is found by its vector.
  const points = new Map(asked.map(({ vector }, index) => [`\u00a7${index}`, ofLengthOne(vector)]));
  const embedder: Embedder = {
    model,
    embed: async (_account, [text = '']) => await Promise.resolve([points.get(text) ?? []]),
  };
  const knowledge = knowledgeOn(database, embedder, undefined, { active: async () => await Promise.resolve(model) });
  let found = 0;
  for (const [question, point] of points) {
    const exact = await database.query<{ id: string }>(
      `SELECT passage_id AS id FROM passage_vectors WHERE account_id = $1 ORDER BY embedding <=> $2::halfvec LIMIT 5`,
      [accountId, `[${point.join(',')}]`],
    );
    const ids = new Set((await knowledge.search(accountId, question, 5)).map(({ id }) => id as string)); // compared as text
    found += exact.filter(({ id }) => ids.has(id)).length;
  }
  return found / (5 * points.size);
}

function ofLengthOne(vector: Int16Array): readonly number[] {
  const length = Math.hypot(...vector);
  return Array.from(vector, (part) => part / length);
}

// KN-3
describe('the index over vectors', () => {
  it('is made for an account that has too many to compare, once, whoever is asked', async () => {
    expect(await validity()).toEqual([]);
    await Promise.all([indexes.keep(), new NearIndexes(database, service.url).keep()]);
    expect(await validity()).toEqual([true]);
    expect(await indexes.keep()).toEqual({ built: [], dropped: [], elsewhere: false });
  });

  it('is what a large account is searched by, with several questions in one statement', async () => {
    const plan = await planOf('index');
    expect(plan).toContain(`Index Scan using ${name}`);
    expect(plan).not.toContain('passage_vectors_of_account');
  });

  it('is not what a small account beside it is searched by: all of its vectors are compared, and nobody else\u2019s', async () => {
    const plan = await planOf('all');
    expect(plan).toContain('passage_vectors_of_account');
    expect(plan).not.toContain(name);
    expect(await recallOf(small)).toBe(1);
  });

  it('finds what comparing all would find', async () => {
    await database.query('ANALYZE passage_vectors');
    expect(await recallOf(account.id)).toBeGreaterThanOrEqual(0.99);
  });

  it('is made again when whoever made it died half-way', async () => {
    await database.query(`UPDATE pg_index SET indisvalid = false WHERE indexrelid = to_regclass($1)`, [name]);
    expect(await recallOf(account.id)).toBe(1);
    expect(await indexes.keep()).toEqual({ built: [name], dropped: [name], elsewhere: false });
    expect(await validity()).toEqual([true]);
  });

  it('goes when its model is retired', async () => {
    await database.query(`UPDATE embedding_models SET state = 'retired'`);
    expect(await indexes.keep()).toEqual({ built: [], dropped: [name], elsewhere: false });
    expect(await validity()).toEqual([]);
  });

  it('has to find an account among all others: one with little of it is compared whole', () => {
    expect(comparedAtMost(0)).toBe(exactAtMost);
    expect(comparedAtMost(10_000_000)).toBe(25_000);
  });
});
