import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { migrateDatabase } from '#infrastructure/postgres/data-source.js';
import { playedHere, startApi } from '../support/api.js';
import { TestClamd, testVirus } from '../support/clamd.js';
import { S3Server } from '../support/s3-server.js';
import { startDatabase, type TestService } from '../support/services.js';
import { until } from '../support/until.js';

const account = '17841400000000001';
let service: TestService;
let folder: string;
let clamd: TestClamd;
let api: NestFastifyApplication;
let reader: pg.Client;
let url: string;

beforeAll(async () => {
  service = await startDatabase();
  await migrateDatabase(service.url);
  folder = await mkdtemp(path.join(tmpdir(), 'instachatico-files-'));
  clamd = await TestClamd.start();
  reader = new pg.Client({ connectionString: service.url });
  await reader.connect();
  await connectAccount(account);
  api = await startApi(service.url, { ...playedHere, FILES_DIR: folder, CLAMD_ADDRESS: clamd.address });
  await api.listen(0, '127.0.0.1');
  url = await api.getUrl();
});
afterEach(async () => {
  await reader.query('DELETE FROM documents');
  await rm(folder, { recursive: true, force: true });
});
afterAll(async () => {
  await api.close();
  await reader.end();
  await clamd.stop();
  await service.stop();
});

async function connectAccount(id: string): Promise<void> {
  await reader.query(
    `INSERT INTO accounts (id, platform, username) VALUES ($1, 'instagram', 'bakery' || $1) ON CONFLICT DO NOTHING`,
    [id],
  );
}

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function upload(
  name: string,
  content: string | Uint8Array,
  fields: Readonly<Record<string, string>> = {},
  to = url,
): Promise<Answer> {
  const form = new FormData();
  for (const [key, value] of Object.entries(fields)) form.append(key, value);
  form.append('file', new Blob([content]), name);
  return await send(form, to);
}

async function send(form: FormData, to = url): Promise<Answer> {
  const answer = await fetch(`${to}/api/v1/knowledge/files`, { method: 'POST', body: form });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }; // every answer is an object
}

async function register(body: unknown, to = url): Promise<Answer> {
  const answer = await fetch(`${to}/api/v1/knowledge/files/registrations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }; // as above
}

async function stored(): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  // Some are gone by the time that they are looked at.
  const all = await Promise.all(names.map(async (name) => await stat(path.join(folder, name)).catch(() => undefined)));
  return all.filter((found) => found?.isFile()).length;
}

async function documents(): Promise<number> {
  const { rows } = await reader.query<{ count: number }>('SELECT count(*)::integer AS count FROM documents');
  return rows[0]?.count ?? -1;
}

// KN-1
describe('a file that is uploaded', () => {
  it('is kept, and is a document that waits to be indexed', async () => {
    const { status, body } = await upload('Доставка и цены.md', '# Доставка\nЕжедневно.');
    expect(status).toBe(202);
    expect(body).toMatchObject({
      title: 'Доставка и цены',
      accountId: account,
      source: 'upload',
      type: 'md',
      state: 'pending',
      version: 0,
      file: { name: 'Доставка и цены.md', bytes: 38 },
    });
    expect(await stored()).toBe(1);
    expect(clamd.scanned).toBeGreaterThan(0);
  });

  it('is named as its sender says, before the file in the form or behind it', async () => {
    const before = await upload('a.txt', 'Tea', { title: 'Drinks', accountId: account });
    expect(before.body['title']).toBe('Drinks');
    const form = new FormData();
    form.append('file', new Blob(['Coffee']), 'b.txt');
    form.append('title', 'Hot drinks');
    expect((await send(form)).body['title']).toBe('Hot drinks');
  });

  // KN-2
  it('is kept once, however often it is sent and under whatever name', async () => {
    const first = await upload('prices.txt', 'Tea 3');
    const again = await upload('prices.txt', 'Tea 3');
    const other = await upload('other.txt', 'Tea 3');
    expect([first.status, again.status, other.status]).toEqual([202, 200, 200]);
    expect([again.body['id'], other.body['id']]).toEqual([first.body['id'], first.body['id']]);
    expect([await stored(), await documents()]).toEqual([1, 1]);
  });

  it('replaces the one before it under its title, whose file goes', async () => {
    const first = await upload('prices.txt', 'Tea 3');
    const second = await upload('prices.txt', 'Tea 4');
    expect(second.status).toBe(202);
    expect(second.body['id']).toBe(first.body['id']);
    expect([await stored(), await documents()]).toEqual([1, 1]);
  });

  it('goes with its document', async () => {
    const { body } = await upload('prices.txt', 'Tea 3');
    const removed = await fetch(`${url}/api/v1/knowledge/documents/${String(body['id'])}`, { method: 'DELETE' });
    expect(removed.status).toBe(204);
    expect([await stored(), await documents()]).toEqual([0, 0]);
  });
});

// audit 51
describe('nothing is left in the store and in the database of', () => {
  it.each([
    ['an upload that is cut in its middle', 200_000],
    ['an upload that is cut right at its beginning', 1],
  ])('%s', async (_, sent) => {
    const head =
      '--x\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\ncontent-type: text/plain\r\n\r\n';
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port) });
    await once(socket, 'connect');
    socket.write(
      `POST /api/v1/knowledge/files HTTP/1.1\r\nhost: ${new URL(url).host}\r\ncontent-type: multipart/form-data; boundary=x\r\n` +
        `content-length: 1000000\r\n\r\n${head}`,
    );
    socket.write('a'.repeat(sent));
    if (sent > 1) await until('the first bytes on disk', 10_000, async () => (await stored()) > 0);
    socket.destroy();
    await until('nothing in the store', 10_000, async () => (await stored()) === 0);
    expect([await stored(), await documents()]).toEqual([0, 0]);
  });

  it.each([
    ['a virus', 422, 'virus.txt', testVirus, /virus scanner found Eicar/],
    ['a wrong name', 422, 'prices.pdf', 'Tea 3', /ends in \.pdf, but the file is text/],
    ['an old format', 422, 'prices.xls', Buffer.from('d0cf11e0a1b11ae1', 'hex'), /Excel’s old format.*save it as XLSX/],
    ['a presentation', 422, 'prices.pptx', 'PK', /Save it as PDF/],
    ['nothing', 422, 'prices.txt', '', /empty/],
    ['more than 50 MB', 413, 'prices.txt', Buffer.alloc(50 * 1024 * 1024 + 1, 'a'), /larger than 50 MB/],
  ] as const)('%s, which is refused with what to do', async (_, status, name, content, detail) => {
    const answer = await upload(name, content);
    expect(answer.status).toBe(status);
    expect(answer.body['detail']).toMatch(detail);
    expect([await stored(), await documents()]).toEqual([0, 0]);
  });

  it('a form that is none', async () => {
    const two = new FormData();
    two.append('file', new Blob(['Tea']), 'a.txt');
    two.append('file', new Blob(['Coffee']), 'b.txt');
    const unknown = new FormData();
    unknown.append('file', new Blob(['Tea']), 'a.txt');
    unknown.append('colour', 'red');
    const none = new FormData();
    none.append('title', 'Tea');
    const elsewhere = new FormData();
    elsewhere.append('picture', new Blob(['Tea']), 'a.txt');
    for (const form of [two, unknown, none, elsewhere]) expect((await send(form)).status).toBe(400);
    expect((await upload('a.txt', 'Tea', { title: 'x'.repeat(201) })).status).toBe(400);
    expect((await upload('a.txt', 'Tea', { accountId: '17841400000000099' })).status).toBe(404);
    expect([await stored(), await documents()]).toEqual([0, 0]);
  });

  it('a file that is larger than a form may be, before it is sent', async () => {
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port) });
    socket.write(
      `POST /api/v1/knowledge/files HTTP/1.1\r\nhost: ${new URL(url).host}\r\ncontent-type: multipart/form-data; boundary=x\r\n` +
        'content-length: 99000000\r\n\r\n',
    );
    const [answer]: unknown[] = await once(socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1\.1 413 /);
    socket.destroy();
  });

  it('a file while the virus scanner is away: it may be sent again later', async () => {
    const other = await startApi(service.url, { ...playedHere, FILES_DIR: folder, CLAMD_ADDRESS: '127.0.0.1:1' });
    await other.listen(0, '127.0.0.1');
    const answer = await upload('prices.txt', 'Tea 3', {}, await other.getUrl());
    expect(answer.status).toBe(503);
    expect(answer.body['detail']).toMatch(/virus scanner does not answer/);
    expect([await stored(), await documents()]).toEqual([0, 0]);
    await other.close();
  });

  it('a file over the account’s quota', async () => {
    await reader.query(
      `INSERT INTO documents (account_id, title, characters, passages, file_key, bytes)
       SELECT $1, 'old ' || n, 0, 0, gen_random_uuid()::text, 10 FROM generate_series(1, 1000) AS n`,
      [account],
    );
    const answer = await upload('prices.txt', 'Tea 3');
    expect(answer.status).toBe(409);
    expect(answer.body['detail']).toMatch(/keeps 1000 files .* Remove documents/);
    expect([await stored(), await documents()]).toEqual([0, 1000]);
  });
});

describe('forms', () => {
  it.each(['/api/v1/knowledge/documents', '/api/v1/knowledge/files/registrations', '/api/v1/policies/none'])(
    'are read by no other route: %s',
    async (route) => {
      const form = new FormData();
      form.append('title', 'Tea');
      const answer = await fetch(`${url}${route}`, { method: 'POST', body: form });
      expect([404, 415]).toContain(answer.status);
    },
  );

  it('are not JSON', async () => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${url}/api/v1/knowledge/files`, { method: 'POST', headers, body: '{}' });
    expect(answer.status).toBe(415);
  });

  it.each([
    ['../../../etc/cron.d/evil.txt', 'evil.txt'],
    ['..\\..\\windows\\system32\\CON.txt', 'CON.txt'],
    [`${'long'.repeat(75)}.txt`, `${'long'.repeat(49)}.txt`],
    ['invoice\u202Etxt.exe.txt', 'invoicetxt.exe.txt'],
    ['a\u0007b.txt', 'ab.txt'],
    ['.txt', 'file.txt'],
    ['prices.pdf.txt', 'prices.pdf.txt'],
  ])('may name their file as they like: it is shown, and never a path: %j', async (name, shown) => {
    const { status, body } = await upload(name, `Tea ${name.length}`);
    const file = body['file'] as { name: string } | undefined; // the answer's shape
    expect(status).toBe(202);
    expect(file?.name.length).toBeLessThanOrEqual(200);
    expect(file?.name).toBe(shown);
    for (const entry of await readdir(folder, { recursive: true })) {
      expect(entry).toMatch(/^(?:[0-9a-f]{2}|unfinished)(?:\/[0-9a-f-]{36})?$/);
    }
  });
});

// audit 53
describe('an address', () => {
  it.each([
    'http://www.example.com/a.pdf',
    'https://127.0.0.1/a.pdf',
    'https://[::1]/a.pdf',
    'https://169.254.169.254/latest/meta-data',
    'https://localhost/a.pdf',
    'file:///etc/passwd',
    's3://elsewhere/a.pdf',
    'nothing',
  ])('that is not of the public internet is not asked: %s', async (address) => {
    const answer = await register({ address });
    expect(answer.status).toBe(422);
    expect(answer.body['detail']).toMatch(/The address is not taken/);
    expect([await stored(), await documents()]).toEqual([0, 0]);
  });

  it('must be given, and nothing else that is not known', async () => {
    expect((await register({})).status).toBe(400);
    expect((await register({ address: 's3://a/b', colour: 'red' })).status).toBe(400);
  });

  it('of the own bucket is read, and its file kept in that bucket, too', async () => {
    const server = await S3Server.start('knowledge');
    server.objects.set('drop/Prices.csv', { content: Buffer.from('Tea;Price\nGreen;3\n'), changed: new Date() });
    const other = await startApi(service.url, {
      ...playedHere,
      S3_BUCKET: 'knowledge',
      S3_ENDPOINT: server.url,
      S3_ACCESS_KEY_ID: 'test-key',
      S3_SECRET_ACCESS_KEY: 'a-key-for-this-test',
      S3_PATH_STYLE: 'true',
    });
    await other.listen(0, '127.0.0.1');
    const to = await other.getUrl();
    const answer = await register({ address: 's3://knowledge/drop/Prices.csv' }, to);
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({
      title: 'Prices',
      type: 'csv',
      source: 'address',
      address: 's3://knowledge/drop/Prices.csv',
    });
    expect(server.objects.size).toBe(2);
    for (const address of ['s3://knowledge/none.csv', 's3://other/drop/Prices.csv']) {
      expect((await register({ address }, to)).status).toBe(422);
    }
    const own = [...server.objects.keys()].find((key) => key.startsWith('instachatico/')) ?? '';
    expect((await register({ address: `s3://knowledge/${own}` }, to)).status).toBe(422);
    await other.close();
    await server.stop();
  });
});
