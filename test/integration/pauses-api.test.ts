import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AccountId } from '#domain/shared/ids.js';
import { PostgresAccounts } from '#infrastructure/postgres/accounts.js';
import type { Database } from '#infrastructure/postgres/database.js';
import { PostgresPauses } from '#infrastructure/postgres/pauses.js';
import { startApi } from '../support/api.js';
import { account, openDatabase } from '../support/rows.js';
import { startDatabase, type TestService } from '../support/services.js';

let service: TestService;
let database: Database;
let pauses: PostgresPauses;
let api: NestFastifyApplication;

beforeAll(async () => {
  service = await startDatabase();
  database = await openDatabase(service.url);
  pauses = new PostgresPauses(database);
  await new PostgresAccounts(database).connect(account);
  api = await startApi(service.url); // without Redis: a switch must work without the queue
});
afterEach(async () => {
  await database.query('TRUNCATE pauses');
});
afterAll(async () => {
  await api.close();
  await database.close();
  await service.stop();
});

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function ask(method: 'GET' | 'PUT' | 'DELETE', path = '', payload?: object): Promise<Answer> {
  const headers = { host: 'localhost:3000' };
  const url = `/api/v1/pauses${path}`;
  const answer = await api.inject({ method, url, headers, ...(payload && { payload }) });
  return { status: answer.statusCode, body: answer.body === '' ? undefined : answer.json() };
}

// PO-5
describe('the switches', () => {
  it.each(['/everything/all', `/account/${account.id}`, '/post/18000000000000001'])(
    '%s pauses and resumes there, however often',
    async (path) => {
      const [, scope, id] = path.split('/');
      const paused = { scope, id, why: 'person', by: 'operator', until: null, note: null };
      expect(await ask('PUT', path)).toMatchObject({ status: 200, body: paused });
      expect(await ask('PUT', path, { note: 'Away' })).toMatchObject({
        status: 200,
        body: { ...paused, note: 'Away' },
      });
      expect(await ask('GET')).toMatchObject({ status: 200, body: { pauses: [{ scope, id, note: 'Away' }] } });
      expect(await ask('DELETE', path)).toEqual({ status: 204, body: undefined });
      expect(await ask('DELETE', path)).toMatchObject({ status: 404 });
      expect(await ask('GET')).toEqual({ status: 200, body: { pauses: [] } });
    },
  );

  it('take an end, and what a client leaves out as null', async () => {
    const until = new Date(Date.now() + 3_600_000).toISOString();
    expect(await ask('PUT', '/everything/all', { until, note: null })).toMatchObject({ body: { until, note: null } });
    expect(await ask('PUT', '/everything/all', { until: null })).toMatchObject({ body: { until: null } });
  });

  it('also lift what the system has paused', async () => {
    const id = AccountId.parse(account.id);
    await pauses.pause({ scope: 'account', id, why: 'disconnected', by: 'system', note: 'code 190' });
    await pauses.coolOff(id, 'code 368');
    expect(await ask('GET')).toMatchObject({
      body: { pauses: [{ why: 'disconnected', by: 'system', note: 'code 190' }, { why: 'blocked' }] },
    });
    expect((await ask('DELETE', `/account/${id}`)).status).toBe(204);
    expect(await pauses.list()).toEqual([]);
  });

  it.each([
    ['PUT', '/account/17841400000000099', undefined, 404],
    ['PUT', '/account/a%20b', undefined, 404],
    ['PUT', '/post/%00', undefined, 404],
    ['PUT', '/everything/some', undefined, 404],
    ['PUT', '/planet/all', undefined, 404],
    ['DELETE', '/planet/all', undefined, 404],
    ['DELETE', '/post/%00', undefined, 404],
    ['PUT', '/everything/all', { until: '2027' }, 400],
    ['PUT', '/everything/all', { until: '2027-01-01T08:00:00' }, 400],
    ['PUT', '/everything/all', { until: 1_800_000_000 }, 400],
    ['PUT', '/everything/all', { until: '2027-99-99T08:00:00Z' }, 422],
    ['PUT', '/everything/all', { until: '2020-01-01T08:00:00Z' }, 422],
    ['PUT', '/everything/all', { note: '' }, 400],
    ['PUT', '/everything/all', { note: 'x'.repeat(501) }, 400],
    ['PUT', '/everything/all', { why: 'blocked' }, 400],
  ] as const)('say what is wrong with %s %s %j', async (method, path, payload, status) => {
    const answer = await ask(method, path, payload);
    expect(answer).toMatchObject({ status, body: { status, title: expect.any(String) } });
    expect(await pauses.list()).toEqual([]);
  });
});
