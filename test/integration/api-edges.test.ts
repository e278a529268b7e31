import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reasons } from '#domain/comments/reason-codes.js';
import { migrateDatabase } from '#infrastructure/postgres/data-source.js';
import { deliverTo, playedHere, startApi } from '../support/api.js';
import { rawComment } from '../support/raw-comments.js';
import { startDatabase, type TestService } from '../support/services.js';

let service: TestService;
let api: NestFastifyApplication;

beforeAll(async () => {
  service = await startDatabase();
  await migrateDatabase(service.url);
  api = await startApi(service.url);
});
afterAll(async () => {
  await api.close();
  await service.stop();
});

const localhost = { host: 'localhost:3000' };
const documents = '/api/v1/knowledge/documents';

describe('a delivery while Redis was never there', () => {
  it('is stored and acknowledged', async () => {
    expect(await deliverTo(api, [rawComment('17900000000000001', 'How much?')])).toBe(200);
    const stored = await api.inject({
      method: 'GET',
      url: '/api/v1/comments/17900000000000001/decisions',
      headers: localhost,
    });
    expect(stored.statusCode).toBe(200);
  });
});

// PO-7
describe('the list of reasons', () => {
  it('has each code with what happened and what to do', async () => {
    const answer = await api.inject({ method: 'GET', url: '/api/v1/reasons', headers: localhost });
    expect(answer.json().reasons).toHaveLength(Object.keys(reasons).length);
    expect(answer.json().reasons).toContainEqual({ code: 'hide-unsure', ...reasons['hide-unsure'] });
  });
});

describe('an account id that is none', () => {
  it.each(['', ' ', 'ü', 'a b', 'x'.repeat(65)])('%j is the caller’s mistake, told as such', async (accountId) => {
    const put = await api.inject({
      method: 'POST',
      url: documents,
      headers: localhost,
      payload: { title: 'Delivery', text: 'Every day.', accountId },
    });
    expect(put.statusCode).toBe(400);
    const list = await api.inject({ method: 'GET', url: documents, headers: localhost, query: { accountId } });
    expect(list.statusCode).toBe(400);
  });

  it('is left out when it is null', async () => {
    const payload = { title: 'Delivery', text: 'Every day.', accountId: null };
    const put = await api.inject({ method: 'POST', url: documents, headers: localhost, payload });
    expect(put.statusCode).toBe(409); // no account is connected yet
  });
});

describe('the admin API without ADMIN_TOKEN', () => {
  it('takes nothing but JSON', async () => {
    const headers = { ...localhost, 'content-type': 'text/plain' };
    const payload = JSON.stringify({ title: 'Delivery', text: 'Every day.' });
    const put = await api.inject({ method: 'POST', url: documents, headers, payload });
    expect(put.statusCode).toBe(415);
    expect(put.headers['content-type']).toContain('application/problem+json');
  });

  it.each([
    ['a page elsewhere', { 'sec-fetch-site': 'cross-site' }],
    ['a proxy', { 'x-real-ip': '203.0.113.7' }],
    ['a name that somebody made point here', { host: 'example.com' }],
  ])('refuses %s', async (_who, headers) => {
    const list = await api.inject({ method: 'GET', url: documents, headers: { ...localhost, ...headers } });
    expect(list.statusCode).toBe(403);
  });
});

describe('who may use the admin API', () => {
  const token = 'an-admin-token-of-sixteen-and-more';

  async function asked(of: NestFastifyApplication, headers: Readonly<Record<string, string>>): Promise<number> {
    const [list, decisions] = await Promise.all(
      [documents, '/api/v1/comments/1/decisions'].map(
        async (url) => await of.inject({ method: 'GET', url, headers: { ...localhost, ...headers } }),
      ),
    );
    // Every guarded controller decides alike; there is no comment 1.
    return list?.statusCode === 200 && decisions?.statusCode === 404 ? 200 : (decisions?.statusCode ?? 0);
  }

  it('is who bears the token, from wherever, once there is one', async () => {
    const guarded = await startApi(service.url, { ...playedHere, ADMIN_TOKEN: token });
    expect(await asked(guarded, {})).toBe(401);
    expect(await asked(guarded, { authorization: 'Bearer guess' })).toBe(401);
    expect(await asked(guarded, { authorization: token })).toBe(401);
    const elsewhere = {
      authorization: `Bearer ${token}`,
      host: 'console.example.com',
      'x-forwarded-for': '203.0.113.7',
    };
    expect(await asked(guarded, elsewhere)).toBe(200);
    await guarded.close();
  });

  it('is nobody without a token where Instagram is the real one: a proxy here need not say that it is one', async () => {
    const real = await startApi(service.url, {});
    expect(await asked(real, {})).toBe(403);
    await real.close();
  });

  it('is this machine without a token where Instagram is played', async () => {
    expect(await asked(api, {})).toBe(200);
  });
});

describe('a request id from outside', () => {
  it('is taken when it looks like one, and replaced when it does not', async () => {
    const ask = async (id: string): Promise<unknown> => {
      const headers = { ...localhost, 'x-request-id': id };
      return (await api.inject({ method: 'GET', url: '/api/v1/comments/1/decisions', headers })).json();
    };
    expect(await ask('trace-0001')).toMatchObject({ requestId: 'trace-0001' });
    const replaced = { requestId: expect.stringMatching(/^[0-9a-f-]{36}$/u) };
    expect(await ask('x'.repeat(4_000))).toMatchObject(replaced);
    expect(await ask('<b>you</b> won')).toMatchObject(replaced);
  });
});
