import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { cutIntoPassages } from '#domain/knowledge/cutting.js';
import { DocumentId } from '#domain/shared/ids.js';
import type { Database } from '#infrastructure/postgres/database.js';
import { PostgresAccounts } from '#infrastructure/postgres/accounts.js';
import { PostgresDocuments } from '#infrastructure/postgres/documents.js';
import { PostgresIndexing } from '#infrastructure/postgres/indexing.js';
import { PostgresVectors } from '#infrastructure/postgres/vectors.js';
import { FillVectors } from '#use-cases/knowledge/fill-vectors.js';
import { IndexDocuments } from '#use-cases/knowledge/index-documents.js';
import { InMemoryIncidents } from '../fakes/in-memory-incidents.js';
import { VirtualClock } from '../fakes/virtual-clock.js';
import { playedHere, startApi } from '../support/api.js';
import { ScriptedEmbedder, ScriptedReader } from '../support/knowledge.js';
import { account, openDatabase } from '../support/rows.js';
import { startDatabase, type TestService } from '../support/services.js';

const documentShape = z.object({
  id: z.string(),
  state: z.string(),
  progress: z.object({ done: z.number(), total: z.number().optional() }).optional(),
});
let service: TestService;
let database: Database;
let api: NestFastifyApplication;
let documents: PostgresDocuments;
let address: string;
let folder: string;
const reader = new ScriptedReader();
const embedder = new ScriptedEmbedder();

beforeAll(async () => {
  service = await startDatabase();
  database = await openDatabase(service.url);
  documents = new PostgresDocuments(database);
  await new PostgresAccounts(database).connect(account);
  folder = await mkdtemp(path.join(tmpdir(), 'instachatico-indexing-'));
  api = await startApi(service.url, { ...playedHere, FILES_DIR: folder });
  await api.listen(0, '127.0.0.1');
  address = await api.getUrl();
});
afterAll(async () => {
  await api.close();
  await database.close();
  await service.stop();
  await rm(folder, { recursive: true });
});

const call = async (method: 'GET' | 'POST', route: string) => {
  const { statusCode, payload } = await api.inject({ method, url: `/api/v1/knowledge/${route}` });
  return { status: statusCode, body: JSON.parse(payload) as unknown }; // each test says what it expects
};
const worker = (): IndexDocuments =>
  new IndexDocuments(new PostgresIndexing(database), reader, embedder, new VirtualClock());
const submit = async (title: string, text: string): Promise<string> =>
  (await documents.submit(reader.add(title, text))).document.id;

/** Events as they come, until the stream ends. */
async function events(route: string, heard: () => void = () => undefined) {
  const response = await fetch(`${address}/api/v1/knowledge/${route}/events`);
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const got: { readonly type: string; readonly data: z.output<typeof documentShape> }[] = [];
  let rest = '';
  const decoder = new TextDecoder();
  for await (const bytes of response.body ?? []) {
    const parts = (rest + decoder.decode(bytes, { stream: true })).split('\n\n');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      const fields = Object.fromEntries(part.split('\n').map((line) => line.split(/: (.*)/su).slice(0, 2)));
      if (fields['event'] !== 'progress') continue;
      got.push({ type: 'progress', data: documentShape.parse(JSON.parse(String(fields['data']))) });
      heard();
    }
  }
  return got.map(({ data: { state, progress } }) => (progress ? [state, progress.done, progress.total] : [state]));
}

describe('how far a document is', () => {
  it('is shown when it is asked for, and as events until it is ready', async () => {
    const id = await submit('Delivery', Array.from({ length: 70 }, () => 'long '.repeat(170)).join('\n'));
    await expect(call('GET', `documents/${id}`)).resolves.toMatchObject({
      status: 200,
      body: {
        id,
        state: 'pending',
        source: 'upload',
        file: { name: 'Delivery.txt' },
        progress: { done: 0 },
        version: 0,
      },
    });
    let begin: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    let seen = 0;
    // The worker goes on when the stream has told what was before.
    let hear: () => void = () => undefined;
    embedder.meanwhile = async () => {
      await new Promise<void>((resolve) => (hear = resolve));
    };
    const told = events(`documents/${id}`, () => {
      seen += 1;
      if (seen === 1) begin();
      hear();
    });
    await begun;
    await worker().execute();
    embedder.meanwhile = async () => await Promise.resolve();
    const all = await told;
    expect(all[0]).toEqual(['pending', 0, undefined]);
    expect(all).toContainEqual(['processing', 0, 70]);
    expect(all).toContainEqual(['processing', 64, 70]);
    expect(all.at(-1)).toEqual(['ready']);
  });

  it('of one that has ended is told once, and the stream ends', async () => {
    const { id } = await documents.put(account.id, 'Text', 'Daily.', cutIntoPassages('Daily.'));
    await expect(events(`documents/${id}`)).resolves.toEqual([['ready']]);
  });

  it('ends with the document, when that is removed', async () => {
    const id = await submit('Gone', 'Gone.');
    const told = events(`documents/${id}`, () => void documents.remove(DocumentId.parse(id)));
    await expect(told).resolves.toEqual([['pending', 0, undefined]]);
  });

  it.each([
    'documents/nonsense',
    'documents/nonsense/events',
    `documents/${randomUUID()}`,
    `documents/${randomUUID()}/events`,
  ])('is not told of what is not there: %s', async (route) => {
    await expect(call('GET', route)).resolves.toMatchObject({ status: 404 });
  });

  it('begins anew when a person wants it so', async () => {
    const id = await submit('Again', 'Again.');
    await worker().execute();
    await expect(call('POST', `documents/${id}/reprocess`)).resolves.toMatchObject({
      status: 202,
      body: { state: 'pending', version: 1, passages: 1 },
    });
    await worker().execute();
    await expect(call('GET', `documents/${id}`)).resolves.toMatchObject({ body: { state: 'ready', version: 2 } });
    const text = await documents.put(account.id, 'Text', 'Daily.', cutIntoPassages('Daily.'));
    await expect(call('POST', `documents/${text.id}/reprocess`)).resolves.toMatchObject({ status: 409 });
    await expect(call('POST', `documents/${randomUUID()}/reprocess`)).resolves.toMatchObject({ status: 404 });
  });
});

it('how far an import of products is comes as events, too, until it ends', async () => {
  const form = new FormData();
  form.set('file', new Blob(['sku,title\n1,Bread\n']), 'products.csv');
  const products = `${address}/api/v1/knowledge/products/imports`;
  const { id } = z
    .object({ id: z.string() })
    .parse(await (await fetch(products, { method: 'POST', body: form })).json());
  const told = events(`products/imports/${id}`, () => void fetch(`${products}/${id}/cancel`, { method: 'POST' }));
  await expect(told).resolves.toEqual([['queued'], ['cancelled']]);
  await expect(call('GET', `products/imports/${randomUUID()}/events`)).resolves.toMatchObject({ status: 404 });
});

// KN-6
it('how far vectors are is shown by model', async () => {
  const passages = (await database.query('SELECT 1 FROM passages')).length;
  await expect(call('GET', 'index')).resolves.toMatchObject({ status: 200, body: { models: [], withoutVector: 0 } });
  const fill = new FillVectors(new PostgresVectors(database), embedder, new InMemoryIncidents(), new VirtualClock());
  while ((await fill.execute()) === 0);
  const next = new PostgresVectors(database);
  await next.want({ name: 'm2', dimensions: 4 });
  const active = { name: 'm1', dimensions: 3, state: 'active', done: passages, total: passages };
  await expect(call('GET', 'index')).resolves.toMatchObject({
    status: 200,
    body: {
      active,
      models: [{ name: 'm2', dimensions: 4, state: 'building', done: 0, total: passages }, active],
      documents: { pending: 0, processing: 0, failed: 0 },
      passages,
      withoutVector: passages,
    },
  });
});

it('streams end when the api stops', async () => {
  const own = await startApi(service.url);
  await own.listen(0, '127.0.0.1');
  const id = await submit('Slow', 'Slow.');
  const response = await fetch(`${await own.getUrl()}/api/v1/knowledge/documents/${id}/events`);
  let text = '';
  let closed: Promise<void> | undefined;
  for await (const bytes of response.body ?? []) {
    text += Buffer.from(bytes).toString();
    if (text.includes('"state":"pending"')) closed ??= own.close();
  }
  expect(closed).toBeDefined();
  await closed;
});
