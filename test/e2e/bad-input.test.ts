import { createHmac, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { request } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../../apps/launcher/src/ports.js';
import { type Gate, startGate } from '../support/gate.js';
import { type Program, startProgram } from '../support/program.js';
import { startDatabase, startRedis, type TestService } from '../support/services.js';
import { planStack, type StackPlan, urlOf } from '../support/stack-environment.js';
import { until } from '../support/until.js';

const accountId = '17841400000000021';
const knowledge = '/api/v1/knowledge/documents';

let database: TestService;
let redis: TestService;
let gate: Gate;
let plan: StackPlan;
let api: Program;
let folder: string;
let reader: pg.Client;
let url: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'instachatico-bad-input-'));
  [database, redis] = await Promise.all([startDatabase(), startRedis()]);
  const { hostname, port } = new URL(database.url);
  gate = await startGate({ host: hostname, port: Number(port) });
  const gated = new URL(database.url);
  gated.host = `127.0.0.1:${gate.port}`;
  plan = await planStack(1, { DATABASE_URL: gated.href, REDIS_URL: redis.url });
  const apiPort = await freePort();
  url = urlOf(apiPort);
  api = startProgram({
    name: 'api',
    file: 'apps/api/src/main.js',
    environment: { ...plan.programs, PORT: String(apiPort) },
    folder,
  });
  await until('a ready api', 60_000, async () => {
    if (api.hasEnded()) throw new Error(api.output());
    const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
    return answer?.status === 200;
  });
  reader = new pg.Client({ connectionString: database.url });
  await reader.connect();
  await reader.query(`INSERT INTO accounts (id, platform, username) VALUES ($1, 'instagram', 'warm.bread')`, [
    accountId,
  ]);
});
beforeEach(async () => {
  await reader.query('TRUNCATE comments, deliveries, quarantine, decisions');
});
afterAll(async () => {
  await api.end('SIGTERM');
  await reader.end();
  gate.close();
  await Promise.all([database.stop(), redis.stop()]);
  await rm(folder, { recursive: true });
});

function signature(body: string | Buffer, secret = plan.appSecret, algorithm = 'sha256'): string {
  return `${algorithm}=${createHmac(algorithm, secret).update(body).digest('hex')}`;
}

async function post(body: string | Buffer, headers: Record<string, string>, to = '/api/v1/webhook'): Promise<number> {
  const answer = await request(`${url}${to}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  await answer.body.dump();
  return answer.statusCode;
}

async function signedOnce(body: string | Buffer): Promise<number> {
  return await post(body, { 'x-hub-signature-256': signature(body) });
}

/** As Meta does it: what is answered 503, for instance by a machine that is busy with other things, comes again. */
async function signed(body: string | Buffer): Promise<number> {
  return await until('a delivery that is not shed', 30_000, async () => {
    const status = await signedOnce(body);
    return status === 503 ? undefined : status;
  });
}

function change(id: string | number, more: Record<string, unknown> = {}): Record<string, unknown> {
  const value = { id, text: 'Hi', from: { id: '5', username: 'anna' }, media: { id: '7' }, ...more };
  return { field: 'comments', value };
}

function body(...changes: unknown[]): string {
  return JSON.stringify({ object: 'instagram', entry: [{ id: accountId, time: 1_790_000_000, changes }] });
}

async function stored(): Promise<{ id: string; text: string }[]> {
  const { rows } = await reader.query<{ id: string; text: string }>('SELECT id, text FROM comments ORDER BY id');
  return rows;
}

async function count(table: 'deliveries' | 'quarantine'): Promise<number> {
  const { rows } = await reader.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`);
  return rows[0]?.n ?? -1;
}

describe('a delivery that is not signed as it should be is refused, and nothing of it is stored', () => {
  const good = body(change('1'));
  const right = (): string => signature(good);

  // audit 17
  it.each<[string, () => Record<string, string>]>([
    ['no signature', () => ({})],
    ['an empty one', () => ({ 'x-hub-signature-256': '' })],
    ['another secret', () => ({ 'x-hub-signature-256': signature(good, 'another secret of sixteen') })],
    ['SHA-1 only', () => ({ 'x-hub-signature': signature(good, plan.appSecret, 'sha1') })],
    ['SHA-1 in the new header', () => ({ 'x-hub-signature-256': signature(good, plan.appSecret, 'sha1') })],
    ['capital letters', () => ({ 'x-hub-signature-256': right().toUpperCase().replace('SHA256', 'sha256') })],
    ['a digit less', () => ({ 'x-hub-signature-256': right().slice(0, -1) })],
    ['a digit more', () => ({ 'x-hub-signature-256': `${right()}0` })],
    ['one bit changed', () => ({ 'x-hub-signature-256': right().replace(/.$/u, (d) => (d === '0' ? '1' : '0')) })],
    ['two of them', () => ({ 'x-hub-signature-256': `${right()}, ${right()}` })],
    ['without its name', () => ({ 'x-hub-signature-256': right().slice('sha256='.length) })],
  ])('%s', async (_what, headers) => {
    expect(await post(good, headers())).toBe(401);
    expect(await count('deliveries')).toBe(0);
  });

  it('a body that was cut, or changed by one letter, after signing', async () => {
    expect(await post(good.slice(0, -1), { 'x-hub-signature-256': right() })).toBe(401);
    expect(await post(good.replace('Hi', 'Ho'), { 'x-hub-signature-256': right() })).toBe(401);
    expect(await post('', { 'x-hub-signature-256': right() })).toBe(401);
    expect(await count('deliveries')).toBe(0);
  });
});

describe('a signed delivery', () => {
  it('is taken with and without a slash at the end', async () => {
    for (const [index, to] of ['/api/v1/webhook', '/api/v1/webhook/'].entries()) {
      const text = body(change(String(index + 1)));
      expect(await post(text, { 'x-hub-signature-256': signature(text) }, to)).toBe(200);
    }
    expect((await stored()).map(({ id }) => id)).toEqual(['1', '2']);
  });

  it('is verified over the bytes as they came: escapes, emoji pairs and escaped slashes', async () => {
    const raw = String.raw`{"object":"instagram","entry":[{"id":"${accountId}","time":1,"changes":[{"field":"comments","value":{"id":"1","text":"caf\u00e9 \ud83c\udf70 \/","from":{"id":"5"}}}]}]}`;
    expect(await signed(raw)).toBe(200);
    expect(await stored()).toEqual([{ id: '1', text: 'café 🍰 /' }]);
  });

  it('may be a full batch of three megabytes', async () => {
    const changes = Array.from({ length: 1_000 }, (_, index) => change(`9${index}`, { text: 'x'.repeat(3_000) }));
    expect(await signed(body(...changes))).toBe(200);
    expect(await stored()).toHaveLength(1_000);
  });

  it('over five megabytes is too large', async () => {
    expect(await signed(body(change('1', { text: 'x'.repeat(5 * 1024 * 1024) })))).toBe(413);
    expect(await count('deliveries')).toBe(0);
  });

  it.each([
    ['no JSON', '{"object":'],
    ['nothing', ''],
    ['a text', '"hello"'],
    ['null', 'null'],
    ['entries that are none', '{"object":"instagram","entry":{"id":"1"}}'],
    ['an entry that is a number', '{"object":"instagram","entry":[7]}'],
    ['a comment without id', body(change('', {}))],
    ['a comment that is a list', body({ field: 'comments', value: [1, 2] })],
  ])('with %s is kept aside, and Meta does not repeat it for 36 hours', async (_what, text) => {
    expect(await signed(text)).toBe(200);
    expect(await stored()).toEqual([]);
    expect(await count('quarantine')).toBe(1);
  });

  it('of unknown fields and objects is counted', async () => {
    expect(await signed(body({ field: 'brand_new', value: { x: 1 } }, { field: 'mentions', value: {} }))).toBe(200);
    expect(await signed('{"object":"page","entry":[{"id":"1","time":1}]}')).toBe(200);
    const { rows } = await reader.query<{ counted: object }>('SELECT counted FROM deliveries ORDER BY id LIMIT 1');
    expect(rows[0]?.counted).toEqual({ brand_new: 1, mentions: 1 });
    expect(await stored()).toEqual([]);
  });

  it('never loses the neighbours of a bad item', async () => {
    const bad = [null, 7, 'x', [], {}, { field: 'comments' }, { field: 'comments', value: null }, change('')];
    const changes = bad.flatMap((item, index) => [change(String(index + 1)), item]);
    expect(await signed(body(...changes, change('99')))).toBe(200);
    expect(await stored()).toHaveLength(bad.length + 1);
  });

  it('keeps ids beyond 2^53 exactly, also when they are sent as numbers', async () => {
    const text = body(change('1')).replace('"1"', '17865799348089039999');
    expect(await signed(text)).toBe(200);
    expect(await stored()).toMatchObject([{ id: '17865799348089039999' }]);
  });

  it('survives what texts can hold, and its raw bytes stay as they came', async () => {
    const texts = ['a\u0000b', 'lone \ud83c pair', 'x'.repeat(10_000), 'שלום مرحبا', '👨‍👩‍👧‍👦 🏳️‍🌈', '', '{"__proto__":{}}'];
    const text = body(...texts.map((value, index) => change(String(index + 1), { text: value })));
    expect(await signed(text)).toBe(200);
    const kept = (await stored()).map((row) => row.text);
    expect(kept).toEqual(['ab', 'lone \ufffd pair', ...texts.slice(2)]);
    const { rows } = await reader.query<{ body: Buffer }>('SELECT body FROM deliveries');
    expect(rows[0]?.body.toString()).toBe(text);
  });

  it('for an account that is not ours is acknowledged and counted', async () => {
    expect(await signed(body(change('1')).replace(accountId, '99'))).toBe(200);
    expect(await stored()).toEqual([]);
    const { rows } = await reader.query('SELECT "foreign" FROM deliveries');
    expect(rows).toEqual([{ foreign: 1 }]);
  });

  it('of random bytes never makes the api stumble', async () => {
    for (let round = 0; round < 200; round += 1) {
      const noise = round % 2 === 0 ? randomBytes(200) : damaged(body(change('1'), change('2')));
      const status = await signed(noise);
      expect(status).toBe(200);
    }
    expect(await post(body(change('3')), {})).toBe(401);
  });

  it('that cannot be stored is answered 503, and taken when the database is back', async () => {
    gate.silence();
    const text = body(change('1'));
    expect(await signedOnce(text)).toBe(503);
    gate.open();
    expect(await signed(text)).toBe(200);
    expect(await stored()).toHaveLength(1);
  });
});

/** vitest types its matchers as `any`. */
function stringWith(part: string): unknown {
  return expect.stringContaining(part);
}

function damaged(text: string): Buffer {
  const bytes = Buffer.from(text);
  for (const [place, value] of [...randomBytes(6)].entries()) {
    bytes[Math.floor((bytes.length * (place + 1)) / 7)] = value;
  }
  return bytes;
}

describe('the handshake', () => {
  const query = (more: Record<string, string>): string =>
    new URLSearchParams({ 'hub.mode': 'subscribe', 'hub.challenge': '1158201444', ...more }).toString();

  it('echoes the challenge as plain text', async () => {
    for (const slash of ['', '/']) {
      const answer = await fetch(
        `${url}/api/v1/webhook${slash}?${query({ 'hub.verify_token': plan.programs['TOKEN'] ?? '' })}`,
      );
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toMatch(/^text\/plain/u);
      expect(await answer.text()).toBe('1158201444');
    }
  });

  it('refuses a wrong token or mode, and says what is missing', async () => {
    const token = { 'hub.verify_token': plan.programs['TOKEN'] ?? '' };
    const wrong = await fetch(`${url}/api/v1/webhook?${query({ 'hub.verify_token': 'guess' })}`);
    expect(wrong.status).toBe(403);
    const mode = await fetch(`${url}/api/v1/webhook?${query({ ...token, 'hub.mode': 'unsubscribe' })}`);
    expect(mode.status).toBe(403);
    const missing = await fetch(`${url}/api/v1/webhook?hub.mode=subscribe`);
    expect(missing.status).toBe(422);
    expect(await missing.json()).toMatchObject({ detail: stringWith('hub.verify_token') });
  });
});

describe('the admin API', () => {
  it.each<[string, string, RequestInit, number]>([
    ['a comment that does not exist', '/api/v1/comments/1/decisions', {}, 404],
    ['an id that cannot be', `/api/v1/comments/${'9'.repeat(190)}/decisions`, {}, 404],
    ['an id with NUL', '/api/v1/comments/1%00/decisions', {}, 404],
    ['a document that does not exist', `${knowledge}/nonsense`, { method: 'DELETE' }, 404],
    ['a body that is no JSON', knowledge, { method: 'POST', body: '{' }, 400],
    ['a body without text', knowledge, { method: 'POST', body: '{"title":"x"}' }, 400],
    ['a field that is unknown', knowledge, { method: 'POST', body: '{"title":"x","text":"y","z":1}' }, 400],
    ['a title that is a list', knowledge, { method: 'POST', body: '{"title":["x"],"text":"y"}' }, 400],
    ['a text of headings only', knowledge, { method: 'POST', body: '{"title":"x","text":"# x"}' }, 422],
    [
      'an account that is unknown',
      knowledge,
      { method: 'POST', body: '{"title":"x","text":"y","accountId":"1"}' },
      404,
    ],
    ['a page size that is none', `${knowledge}?limit=0`, {}, 400],
    ['a path that does not exist', '/api/v1/nothing', {}, 404],
  ])('answers %s with a problem that says what is wrong', async (_what, to, init, status) => {
    const answer = await fetch(`${url}${to}`, { headers: { 'content-type': 'application/json' }, ...init });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/u);
    const problem: unknown = await answer.json();
    expect(problem).toMatchObject({ status, requestId: stringWith('') });
    expect(JSON.stringify(problem)).not.toMatch(/node_modules|\.ts:|\.js:/u);
  });

  it('takes texts that databases dislike', async () => {
    const text = 'a\u0000b \ud83c 🍰 \u202e ÿ';
    const answer = await fetch(`${url}${knowledge}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ title: 'odd \u0000 title', text }),
    });
    expect(answer.status).toBe(201);
  });

  it('answers only this machine while no ADMIN_TOKEN is set', async () => {
    const asked = async (headers: Record<string, string>): Promise<number> => {
      const answer = await request(`${url}/api/v1/comments/1/decisions`, { headers });
      await answer.body.dump();
      return answer.statusCode;
    };
    expect(await asked({})).toBe(404);
    expect(await asked({ 'x-forwarded-for': '203.0.113.7' })).toBe(403);
    expect(await asked({ host: 'evil.example' })).toBe(403);
  });
});

describe('the documentation', () => {
  it('is there for people and for machines, with every route in it', async () => {
    const page = await fetch(`${url}/docs`);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('swagger-ui');
    const description = (await (await fetch(`${url}/openapi.json`)).json()) as { paths: object }; // OpenAPI's own shape
    expect(Object.keys(description.paths)).toEqual(
      expect.arrayContaining(['/api/v1/webhook', '/api/v1/comments/{id}/decisions', knowledge, '/health/ready']),
    );
  });
});
