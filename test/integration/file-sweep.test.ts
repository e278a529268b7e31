import { mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccountId, DocumentId } from '#domain/shared/ids.js';
import { PostgresAccounts } from '#infrastructure/postgres/accounts.js';
import type { Database } from '#infrastructure/postgres/database.js';
import { PostgresDocuments } from '#infrastructure/postgres/documents.js';
import { PostgresFileOwners } from '#infrastructure/postgres/file-owners.js';
import { FolderFileStore } from '#infrastructure/storage/folder-file-store.js';
import { RemoveDocument } from '#use-cases/knowledge/remove-document.js';
import { SweepFiles } from '#use-cases/knowledge/sweep-files.js';
import { account, openDatabase } from '../support/rows.js';
import { startDatabase, type TestService } from '../support/services.js';

let service: TestService;
let database: Database;
let folder: string;
let store: FolderFileStore;
let documents: PostgresDocuments;
let sweep: SweepFiles;

beforeAll(async () => {
  service = await startDatabase();
  database = await openDatabase(service.url);
  await new PostgresAccounts(database).connect(account);
  folder = await mkdtemp(path.join(tmpdir(), 'instachatico-sweep-'));
  store = new FolderFileStore(folder);
  documents = new PostgresDocuments(database);
  const clock = { now: () => new Date(), elapsedMs: () => 0, random: () => 0 };
  sweep = new SweepFiles(store, new PostgresFileOwners(database), clock);
});
afterAll(async () => {
  await database.close();
  await service.stop();
  await rm(folder, { recursive: true, force: true });
});

async function* bytes(): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from('tea'));
}

async function owned(title: string, hash: string): Promise<{ readonly key: string; readonly id: DocumentId }> {
  const file = { ...(await store.put(bytes(), 100)), name: `${title}.txt`, hash };
  const { document } = await documents.submit({
    accountId: AccountId.parse(account.id),
    title,
    source: 'upload',
    type: 'txt',
    file,
    address: undefined,
  });
  return { key: file.key, id: document.id };
}

async function age(hours: number): Promise<void> {
  const when = new Date(Date.now() - hours * 3_600_000);
  for (const key of await keys()) await utimes(path.join(folder, key.slice(0, 2), key), when, when);
}

async function keys(): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.map((name) => path.basename(name)).filter((name) => name.length === 36);
}

describe('the sweep', () => {
  it('removes files that nobody owns after a day, and no other', async () => {
    const { key } = await owned('Delivery', 'a');
    const orphan = await store.put(bytes(), 100);
    await age(23);
    expect(await sweep.execute()).toBe(0);
    await age(25);
    const fresh = await store.put(bytes(), 100);
    expect(await sweep.execute()).toBe(1);
    expect((await keys()).toSorted()).toEqual([key, fresh.key].toSorted());
    expect(await keys()).not.toContain(orphan.key);
  });

  it('removes what is left when a document goes while the store is away', async () => {
    const { key, id } = await owned('Prices', 'b');
    const away = Object.assign(new FolderFileStore(folder), {
      remove: async () => await Promise.reject(new Error('the store is away')),
    });
    expect(await new RemoveDocument(documents, away).execute(id)).toBe(true);
    expect(await keys()).toContain(key);
    await age(25);
    await sweep.execute();
    expect(await keys()).not.toContain(key);
  });
});
