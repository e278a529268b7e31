import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '#domain/shared/errors.js';
import { AccountId, type DocumentId } from '#domain/shared/ids.js';
import { cutIntoPassages } from '#domain/knowledge/cutting.js';
import type { KnowledgeDocument } from '#domain/knowledge/document.js';
import type { SubmittedFile } from '#domain/knowledge/knowledge.js';
import type { Database } from '#infrastructure/postgres/database.js';
import { PostgresDocuments } from '#infrastructure/postgres/documents.js';
import { PostgresIndexing } from '#infrastructure/postgres/indexing.js';
import { PostgresKnowledge } from '#infrastructure/postgres/knowledge.js';
import { IndexDocuments } from '#use-cases/knowledge/index-documents.js';
import { VirtualClock } from '../fakes/virtual-clock.js';
import { ScriptedEmbedder, ScriptedReader, submitted } from '../support/knowledge.js';
import { account, openDatabase } from '../support/rows.js';
import { startDatabase, type TestService } from '../support/services.js';

let service: TestService;
let database: Database;
let documents: PostgresDocuments;
let reader: ScriptedReader;
let embedder: ScriptedEmbedder;

beforeAll(async () => {
  service = await startDatabase();
  database = await openDatabase(service.url);
  documents = new PostgresDocuments(database);
});
beforeEach(() => {
  reader = new ScriptedReader();
  embedder = new ScriptedEmbedder();
});
afterEach(async () => {
  await database.query('TRUNCATE documents, passages, passage_drafts, passage_vectors, embedding_models');
});
afterAll(async () => {
  await database.close();
  await service.stop();
});

const worker = (): IndexDocuments =>
  new IndexDocuments(new PostgresIndexing(database), reader, embedder, new VirtualClock());
/** Time passes: leases end, and what waits for another try is due. */
const later = async (): Promise<unknown> =>
  await database.query('UPDATE documents SET due_at = now() WHERE due_at IS NOT NULL');
async function work(): Promise<void> {
  const one = worker();
  while (await one.execute());
}
async function submit(file: SubmittedFile): Promise<KnowledgeDocument> {
  return (await documents.submit(file)).document;
}
async function upload(title: string, text: string): Promise<KnowledgeDocument> {
  const { id } = await submit(reader.add(title, text));
  await work();
  return await get(id);
}
async function get(id: DocumentId): Promise<KnowledgeDocument> {
  const document = await documents.find(id);
  if (!document) throw new Error('it is gone');
  return document;
}
const searched = async (question: string): Promise<readonly string[]> =>
  (await new PostgresKnowledge(database).search(account.id, question, 5)).map(({ text }) => text);
const texts = async (): Promise<readonly string[]> =>
  (await database.query<{ text: string }>('SELECT text FROM passages ORDER BY title, position')).map(
    ({ text }) => text,
  );
const count = async (table: 'passage_drafts' | 'passage_vectors'): Promise<number> =>
  (await database.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`))[0]?.n ?? -1;
/** Each is a passage of its own. */
const lines = (many: number, word: string): string =>
  Array.from({ length: many }, (_, index) => `${word} ${index} ${'long '.repeat(150)}`).join('\n');

// KN-2
describe('a file that was uploaded', () => {
  it('waits, is indexed, and is found with its headings and its place', async () => {
    const waiting = await submit(reader.add('Delivery', '# Prices\nDelivery costs 300.\n# Times\nWe come at nine.'));
    expect(waiting).toMatchObject({ state: 'pending', version: 0, progress: { done: 0, total: undefined } });
    await expect(searched('delivery')).resolves.toEqual([]);
    await work();
    await expect(get(waiting.id)).resolves.toMatchObject({
      state: 'ready',
      version: 1,
      passages: 2,
      characters: 'Delivery costs 300.We come at nine.'.length,
      progress: undefined,
      reason: undefined,
    });
    const [found] = await new PostgresKnowledge(database).search(account.id, 'What does delivery cost?', 1);
    expect(found).toMatchObject({
      documentId: waiting.id,
      productId: undefined,
      title: 'Delivery',
      heading: 'Prices',
      text: 'Delivery costs 300.',
      place: 'line 2',
    });
    expect(embedder.asked.map(({ text }) => text)).toEqual([
      'Delivery\nPrices\nDelivery costs 300.',
      'Delivery\nTimes\nWe come at nine.',
    ]);
    expect([await count('passage_vectors'), await count('passage_drafts')]).toEqual([2, 0]);
  });

  it('again under its title takes the place of the version before in one swap; that one serves until then', async () => {
    const { id } = await upload('Delivery', lines(70, 'old'));
    await submit(reader.add('Delivery', lines(3, 'new')));
    const seen: string[] = [];
    embedder.meanwhile = async () => {
      seen.push(...(await texts()).map((text) => text.slice(0, 3)));
      const { state, version } = await get(id);
      expect([state, version]).toEqual(['processing', 1]);
    };
    await work();
    expect(new Set(seen)).toEqual(new Set(['old']));
    expect(seen).toHaveLength(70);
    expect((await texts()).map((text) => text.slice(0, 3))).toEqual(['new', 'new', 'new']);
    await expect(get(id)).resolves.toMatchObject({ state: 'ready', version: 2, passages: 3 });
    await expect(count('passage_vectors')).resolves.toBe(3);
  });

  it('unchanged is not indexed again, and a file that another title has is known', async () => {
    const file = reader.add('Delivery', 'Daily.');
    const first = await submit(file);
    await expect(documents.submit(file)).resolves.toMatchObject({ kind: 'unchanged', document: { id: first.id } });
    await work();
    await expect(documents.submit(file)).resolves.toMatchObject({ kind: 'unchanged' });
    const twin = { ...file, title: 'Other', file: { ...file.file, key: 'another-key' } };
    await expect(documents.submit(twin)).resolves.toMatchObject({ kind: 'duplicate', document: { id: first.id } });
    await expect(worker().execute()).resolves.toBe(false);
    expect(reader.reads).toBe(1);
  });

  it('twice at once under one title is one document, of one of the two', async () => {
    const [one, two] = [reader.add('Delivery', 'One.'), reader.add('Delivery', 'Two.')];
    const made = await Promise.all([one, two].map(async (file) => await documents.submit(file)));
    expect(new Set(made.map(({ document }) => document.id)).size).toBe(1);
    const replaced = made.flatMap((each) => (each.kind === 'accepted' && each.replaced ? [each.replaced] : []));
    expect(replaced).toHaveLength(1);
    await Promise.all([work(), work()]);
    const [text, ...others] = await texts();
    expect(others).toEqual([]);
    const kept = replaced[0] === one.file.key ? 'Two.' : 'One.';
    expect(text).toBe(kept);
  });

  it('counts its progress passage by passage', async () => {
    const { id } = await submit(reader.add('Delivery', lines(150, 'line')));
    const seen: unknown[] = [];
    embedder.meanwhile = async () => void seen.push((await get(id)).progress);
    await work();
    expect(seen).toEqual([0, 64, 128].map((done) => ({ done, total: 150 })));
  });
});

describe('a worker that dies while it indexes', () => {
  class Died extends Error {}
  const dieAfter = (calls: number): void => {
    let left = calls;
    embedder.failing = () => {
      left -= 1;
      return left < 0 ? new Died() : undefined;
    };
  };
  /** A process that is gone writes nothing any more. */
  class DyingIndexing extends PostgresIndexing {
    override async postpone(): Promise<void> {
      await Promise.reject(new Died());
    }
    override async swap(): Promise<boolean> {
      return await Promise.reject(new Died());
    }
    override async fail(): Promise<void> {
      await Promise.reject(new Died());
    }
  }
  const dying = (): IndexDocuments =>
    new IndexDocuments(new DyingIndexing(database), reader, embedder, new VirtualClock());

  it.each([0, 1, 2, 3])(
    'after %d batches costs no more than the one in hand: nothing else is embedded twice, and the old version serves',
    async (batches) => {
      const { id } = await upload('Delivery', lines(2, 'old'));
      embedder.asked.length = 0;
      await submit(reader.add('Delivery', lines(150, 'new')));
      dieAfter(batches);
      await expect(dying().execute()).rejects.toThrow(Died);
      await expect(worker().execute()).resolves.toBe(false); // its lease stands
      expect((await texts()).every((text) => text.startsWith('old'))).toBe(true);

      dieAfter(1_000);
      await later();
      await work();
      const asked = embedder.asked.map(({ text }) => text);
      expect(new Set(asked).size).toBe(150);
      expect(asked).toHaveLength(150);
      expect(reader.reads).toBe(2);
      await expect(get(id)).resolves.toMatchObject({ state: 'ready', version: 2, passages: 150 });
      await expect(count('passage_vectors')).resolves.toBe(150);
    },
  );

  it('and comes back to life changes nothing any more', async () => {
    const { id } = await submit(reader.add('Delivery', lines(100, 'slow')));
    let other: Promise<void> | undefined;
    embedder.meanwhile = async () => {
      if (other) return;
      other = Promise.resolve();
      await later();
      await work();
    };
    await worker().execute();
    await expect(get(id)).resolves.toMatchObject({ state: 'ready', version: 1, passages: 100 });
    await expect(texts()).resolves.toHaveLength(100);
  });
});

describe('a document that changes while it is indexed', () => {
  const whileIndexed = async (what: (id: DocumentId) => Promise<unknown>): Promise<DocumentId> => {
    const { id } = await submit(reader.add('Delivery', lines(100, 'first')));
    let once = false;
    embedder.meanwhile = async () => {
      if (!once) await what(id);
      once = true;
    };
    await work();
    return id;
  };

  it('and is removed leaves nothing behind', async () => {
    const id = await whileIndexed(async (which) => await documents.remove(which));
    await expect(documents.find(id)).resolves.toBeUndefined();
    expect([await texts(), await count('passage_drafts'), await count('passage_vectors')]).toEqual([[], 0, 0]);
  });

  it('and is uploaded anew is indexed anew', async () => {
    const id = await whileIndexed(async () => await submit(reader.add('Delivery', 'second')));
    await expect(texts()).resolves.toEqual(['second']);
    await expect(get(id)).resolves.toMatchObject({ state: 'ready', version: 1, passages: 1 });
  });

  it('and is replaced by a text is that text', async () => {
    const id = await whileIndexed(
      async () => await documents.put(account.id, 'Delivery', 'A text.', cutIntoPassages('A text.')),
    );
    await expect(texts()).resolves.toEqual(['A text.']);
    await expect(get(id)).resolves.toMatchObject({ state: 'ready', source: 'text', file: undefined });
    await expect(count('passage_drafts')).resolves.toBe(0);
  });
});

describe('a file that cannot be used', () => {
  it('says why and what to do, and the version before stays in use', async () => {
    const { id } = await upload('Delivery', 'Daily.');
    const scan = submitted('Delivery', 'scan');
    reader.files.set(scan.file.key, { kind: 'refused', reason: 'no-text', detail: 'It is a picture. Upload a text.' });
    await submit(scan);
    await work();
    const failed = { state: 'failed', reason: 'no-text', detail: 'It is a picture. Upload a text.', version: 1 };
    await expect(get(id)).resolves.toMatchObject(failed);
    await expect(texts()).resolves.toEqual(['Daily.']);
    await expect(documents.submit(scan)).resolves.toMatchObject({ kind: 'accepted' });
  });

  it('because it has no text is refused', async () => {
    await expect(upload('Empty', '# Only a heading')).resolves.toMatchObject({ state: 'failed', reason: 'no-text' });
  });

  it('because the store is away is tried for hours, and then by a person', async () => {
    const file = submitted('Delivery', 'Daily.');
    reader.files.set(file.file.key, new AppError('unavailable', 'the store of files does not answer'));
    const { id } = await submit(file);
    for (let tries = 1; tries <= 8; tries += 1) {
      await work();
      await expect(get(id)).resolves.toMatchObject({ state: 'pending' });
      await later();
    }
    await work();
    await expect(get(id)).resolves.toMatchObject({
      state: 'failed',
      reason: 'gave-up',
      detail: expect.stringContaining('the store of files does not answer. Process it again'),
    });
    reader.files.set(file.file.key, 'Daily.');
    await expect(documents.reprocess(id)).resolves.toMatchObject({ state: 'pending' });
    await work();
    await expect(get(id)).resolves.toMatchObject({ state: 'ready' });
  });

  it('can be processed again only when there is a file', async () => {
    const { id } = await documents.put(account.id, 'Text', 'Daily.', cutIntoPassages('Daily.'));
    await expect(documents.reprocess(id)).rejects.toMatchObject({ kind: 'conflict' });
    await documents.remove(id);
    await expect(documents.reprocess(id)).resolves.toBeUndefined();
  });
});

describe('a model that makes no vectors', () => {
  const usable = async (id: DocumentId): Promise<void> => {
    await expect(get(id)).resolves.toMatchObject({ state: 'ready', passages: 100 });
    await expect(searched('line')).resolves.not.toEqual([]);
  };

  it('for want of money holds no document up: its words are searched', async () => {
    embedder.poor.add(account.id);
    await usable((await upload('Delivery', lines(100, 'line'))).id);
    await expect(count('passage_vectors')).resolves.toBe(0);
  });

  it('because none is set: its words are searched', async () => {
    embedder = new ScriptedEmbedder();
    Object.assign(embedder, { model: undefined });
    await usable((await upload('Delivery', lines(100, 'line'))).id);
    expect(embedder.asked).toEqual([]);
  });

  it('because it is away is waited for a little, and no document longer than that', async () => {
    let calls = 0;
    embedder.failing = () => {
      calls += 1;
      return calls === 1 ? undefined : new AppError('unavailable', 'the model server does not answer');
    };
    const { id } = await submit(reader.add('Delivery', lines(100, 'line')));
    for (let tries = 1; tries <= 3; tries += 1) {
      await work();
      await expect(get(id)).resolves.toMatchObject({ state: 'pending', progress: { done: 64, total: 100 } });
      await later();
    }
    await work();
    await usable(id);
    await expect(count('passage_vectors')).resolves.toBe(64);
  });

  it('and is back in time costs nothing but the wait', async () => {
    embedder.failing = () => new AppError('rate-limited', 'later', { retryAfterMs: 1_000 });
    const { id } = await submit(reader.add('Delivery', lines(100, 'line')));
    await work();
    embedder.failing = () => undefined;
    await later();
    await work();
    await usable(id);
    await expect(count('passage_vectors')).resolves.toBe(100);
  });
});

describe('accounts', () => {
  it('take turns: one with many files does not keep another waiting', async () => {
    const other = AccountId.parse('17841400000000002');
    for (let number = 1; number <= 5; number += 1) await submit(reader.add(`Many ${number}`, `Text ${number}.`));
    await submit(reader.add('Single', 'One.', other));
    await work();
    expect(embedder.asked.slice(0, 2).map(({ accountId }) => accountId)).toEqual([account.id, other]);
  });
});
