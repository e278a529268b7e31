import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cutIntoPassages } from '#domain/knowledge/cutting.js';
import { AppError } from '#domain/shared/errors.js';
import { AccountId } from '#domain/shared/ids.js';
import { vectorRules } from '#domain/knowledge/vectors.js';
import type { Database } from '#infrastructure/postgres/database.js';
import { PostgresDocuments } from '#infrastructure/postgres/documents.js';
import { PostgresEmbeddingModels } from '#infrastructure/postgres/embedding-models.js';
import { PostgresVectors } from '#infrastructure/postgres/vectors.js';
import { FillVectors } from '#use-cases/knowledge/fill-vectors.js';
import { InMemoryIncidents } from '../fakes/in-memory-incidents.js';
import { VirtualClock } from '../fakes/virtual-clock.js';
import { ScriptedEmbedder } from '../support/knowledge.js';
import { account, openDatabase } from '../support/rows.js';
import { startDatabase, type TestService } from '../support/services.js';

const small = { name: 'small', dimensions: 3 };
const large = { name: 'large', dimensions: 5 };
const other = AccountId.parse('17841400000000002');
let service: TestService;
let database: Database;
let documents: PostgresDocuments;
let embedder: ScriptedEmbedder;
let clock: VirtualClock;
let incidents: InMemoryIncidents;

beforeAll(async () => {
  service = await startDatabase();
  database = await openDatabase(service.url);
  documents = new PostgresDocuments(database);
});
beforeEach(() => {
  embedder = new ScriptedEmbedder(small);
  clock = new VirtualClock();
  incidents = new InMemoryIncidents();
});
afterEach(async () => {
  await database.query('TRUNCATE documents, passages, passage_drafts, passage_vectors, embedding_models');
});
afterAll(async () => {
  await database.close();
  await service.stop();
});

const process = (its = embedder): FillVectors => new FillVectors(new PostgresVectors(database), its, incidents, clock);
/** Until there is nothing to do for now. @returns after how long there may be something */
async function fill(filler = process()): Promise<number> {
  for (;;) {
    const againInMs = await filler.execute();
    if (againInMs > 0) return againInMs;
  }
}
const put = async (title: string, text: string, accountId = account.id) =>
  await documents.put(accountId, title, text, cutIntoPassages(text));
/** Each section is a passage. */
const sections = (many: number, word: string): string =>
  Array.from({ length: many }, (_, index) => `# ${index}\n${word} ${index}`).join('\n');
const active = async () => await new PostgresEmbeddingModels(database).active();
const states = async () =>
  (await database.query(`SELECT name || ' ' || state AS state FROM embedding_models ORDER BY 1`)).map(
    ({ state }) => state,
  );
const made = async (): Promise<Record<string, number>> => {
  const rows = await database.query<{ model: string; n: number }>(
    'SELECT model, count(*)::int AS n FROM passage_vectors GROUP BY model',
  );
  return Object.fromEntries(rows.map(({ model, n }) => [model, n]));
};
const minutesPass = async () =>
  await database.query(`UPDATE embedding_models SET changed_at = changed_at - interval '10 minutes'`);

// KN-6
describe('passages without vectors', () => {
  it('get them in the background, with their title and heading; each says which model made it', async () => {
    await put('Delivery', '# Prices\nIt costs 300.');
    await expect(fill()).resolves.toBe(vectorRules.everyMs);
    expect(embedder.asked).toEqual([
      { accountId: account.id, text: 'Delivery\nPrices\nIt costs 300.', model: 'small' },
    ]);
    const rows = await database.query(
      'SELECT model, dimensions, account_id, embedding::text AS vector FROM passage_vectors',
    );
    expect(rows).toEqual([{ model: 'small', dimensions: 3, account_id: account.id, vector: '[29,1,1]' }]);
    await expect(active()).resolves.toEqual(small);
    await fill();
    expect(embedder.asked).toHaveLength(1);
  });

  it('are filled in turns between accounts, whoever has many', async () => {
    await put('Many', sections(1_000, 'many'));
    await put('Few', sections(3, 'few'), other);
    await fill();
    const lastOfFew = embedder.asked.map(({ accountId }) => accountId).lastIndexOf(other);
    expect(lastOfFew).toBeLessThan(vectorRules.atOnce);
    await expect(made()).resolves.toEqual({ small: 1_003 });
  });

  it('of an account without money wait; those of others do not, and nothing fails', async () => {
    embedder.poor.add(account.id);
    await put('Poor', 'No money.');
    await put('Rich', 'Money.', other);
    const filler = process();
    await fill(filler);
    expect(embedder.asked.map(({ accountId }) => accountId)).toEqual([other]);
    embedder.poor.clear();
    await fill(filler);
    expect(embedder.asked).toHaveLength(1);
    clock.pass(vectorRules.withoutMoneyMs);
    await fill(filler);
    await expect(made()).resolves.toEqual({ small: 2 });
    expect(incidents.all).toEqual([]);
  });

  it('whose text the model refuses do not keep others from theirs', async () => {
    embedder.failing = (texts) =>
      texts.some((text) => text.includes('bad')) ? new AppError('rejected', 'no') : undefined;
    await put('Mixed', `${sections(10, 'good')}\n# 11\nbad\n${sections(10, 'fine')}`);
    const filler = process();
    await fill(filler);
    await expect(made()).resolves.toEqual({ small: 20 });
    await fill(filler);
    expect(embedder.asked).toHaveLength(20);
  });

  it('wait as long as a model that is away asks for', async () => {
    await put('Delivery', 'Daily.');
    embedder.failing = () => new AppError('unavailable', 'away', { retryAfterMs: 42_000 });
    const filler = process();
    await expect(fill(filler)).resolves.toBe(42_000);
    embedder.failing = () => undefined;
    await fill(filler);
    await expect(made()).resolves.toEqual({ small: 1 });
  });

  it('because the setting is wrong are told to operators, until it is right', async () => {
    await put('Delivery', 'Daily.');
    embedder.failing = () => new AppError('misconfigured', 'small answers with vectors of 5 dimensions, not of 3');
    const filler = process();
    await fill(filler);
    expect(incidents.all).toMatchObject([
      { kind: 'vectors-missing', subject: 'small', detail: { why: expect.stringContaining('5 dimensions, not of 3') } },
    ]);
    embedder.failing = () => undefined;
    await fill(filler);
    await expect(incidents.allOpen()).resolves.toEqual([]);
  });

  it('that are removed while they are embedded leave none behind', async () => {
    const { id } = await put('Delivery', 'Daily.');
    embedder.meanwhile = async () => void (await documents.remove(id));
    await fill();
    await expect(made()).resolves.toEqual({});
  });

  it('go with their document', async () => {
    const { id } = await put('Delivery', 'Daily.');
    await fill();
    await documents.remove(id);
    await expect(made()).resolves.toEqual({});
  });
});

describe('another model in the settings', () => {
  it('gets its vectors beside those that are searched; then it takes their place, and they go', async () => {
    await put('Delivery', sections(500, 'line'));
    await fill();
    const next = new ScriptedEmbedder(large);
    const seen = new Set<string>();
    next.meanwhile = async () => {
      seen.add((await active())?.name ?? 'none');
      expect((await made())['small']).toBe(500);
    };
    await fill(process(next));
    expect(seen).toEqual(new Set(['small']));
    await expect(active()).resolves.toEqual(large);
    // Some processes still search with the old one.
    await expect(made()).resolves.toEqual({ small: 500, large: 500 });
    await expect(states()).resolves.toEqual(['large active', 'small retired']);
    await minutesPass();
    await fill(process(next));
    await expect(made()).resolves.toEqual({ large: 500 });
    await fill(process(next));
    await expect(states()).resolves.toEqual(['large active']);
    expect(next.asked).toHaveLength(500);
  });

  it('of another length is another model', async () => {
    await put('Delivery', 'Daily.');
    await fill();
    const longer = new ScriptedEmbedder({ name: 'small', dimensions: 7 });
    await fill(process(longer));
    await expect(active()).resolves.toEqual({ name: 'small', dimensions: 7 });
    await minutesPass();
    await fill(process(longer));
    expect(await database.query('SELECT dimensions FROM passage_vectors')).toEqual([{ dimensions: 7 }]);
  });

  it('goes on where a dead worker stopped, and what was put meanwhile gets its vectors, too', async () => {
    await put('Delivery', sections(300, 'line'));
    await fill();
    const next = new ScriptedEmbedder(large);
    let calls = 0;
    next.failing = () => ((calls += 1) > 2 ? new Error('died') : undefined);
    await expect(fill(process(next))).rejects.toThrow('died');
    const before = next.asked.length;
    expect(before).toBe(128);
    await put('Later', 'This came later.');
    next.failing = () => undefined;
    await fill(process(next));
    expect(next.asked).toHaveLength(301);
    expect(new Set(next.asked.map(({ text }) => text)).size).toBe(301);
    await expect(active()).resolves.toEqual(large);
  });

  it('is not the wish of processes that started before: they stand back, and nothing is made twice', async () => {
    await put('Delivery', 'Daily.');
    const old = process();
    await fill(old);
    const next = new ScriptedEmbedder(large);
    const newer = process(next);
    await fill(newer);
    await put('Later', 'This came later.');
    await expect(fill(old)).resolves.toBe(vectorRules.overtakenMs);
    await fill(newer);
    expect(embedder.asked).toHaveLength(1);
    await expect(made()).resolves.toEqual({ small: 1, large: 2 });
  });

  it('that is taken back before it is complete costs nothing more', async () => {
    await put('Delivery', sections(200, 'line'));
    await fill();
    const next = new ScriptedEmbedder(large);
    let calls = 0;
    next.failing = () => ((calls += 1) > 1 ? new AppError('unavailable', 'away') : undefined);
    await fill(process(next));
    await fill(process());
    await expect(active()).resolves.toEqual(small);
    expect(embedder.asked).toHaveLength(200);
    await minutesPass();
    await fill(process());
    await expect(made()).resolves.toEqual({ small: 200 });
  });
});
