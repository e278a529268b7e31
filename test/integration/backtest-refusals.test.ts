import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PostgresAccounts } from '#infrastructure/postgres/accounts.js';
import type { Database } from '#infrastructure/postgres/database.js';
import { startApi } from '../support/api.js';
import { account, openDatabase } from '../support/rows.js';
import { startDatabase, type TestService } from '../support/services.js';

let service: TestService;
let database: Database;
let api: NestFastifyApplication;

beforeAll(async () => {
  service = await startDatabase();
  database = await openDatabase(service.url);
  await new PostgresAccounts(database).connect(account);
  api = await startApi(service.url);
});
afterEach(async () => {
  await database.query('TRUNCATE backtests');
});
afterAll(async () => {
  await api.close();
  await database.close();
  await service.stop();
});

async function ask(method: 'GET' | 'POST' | 'DELETE', path = '', payload?: object) {
  const url = `/api/v1/backtests${path}`;
  const answer = await api.inject({ method, url, headers: { host: 'localhost:3000' }, ...(payload && { payload }) });
  return { status: answer.statusCode, body: answer.body };
}

describe('the routes of backtests', () => {
  it.each<readonly [string, object, number, RegExp]>([
    ['nothing to try', {}, 422, /Nothing is to be tried/u],
    ['an empty policy', { policy: {} }, 422, /Nothing is to be tried/u],
    ['a prompt that the program does not hold', { understanding: { prompt: 77 } }, 422, /holds no version 77/u],
    [
      'a comparison with something and nothing',
      { policy: { replyFrom: 1 }, against: { prompt: 1 } },
      422,
      /must name its own/u,
    ],
    [
      'a time that ends before it begins',
      { policy: { replyFrom: 1 }, from: '2026-02-01T00:00:00Z', to: '2026-01-01T00:00:00Z' },
      422,
      /ends before it begins/u,
    ],
    [
      'a day that no calendar has',
      { policy: { replyFrom: 1 }, from: '2026-02-31T99:00:00Z' },
      422,
      /There is no time/u,
    ],
    [
      'rules that contradict themselves',
      { policy: { rules: [{ name: 'A', when: {}, do: { ignore: true, hide: 'now' } }] } },
      422,
      /ignore stands alone/u,
    ],
    ['rules that are none', { policy: { rules: [{ name: 'A' }] } }, 400, /policy\.rules\.0\.when/u],
    ['too many comments', { policy: { replyFrom: 1 }, limit: 100_001 }, 400, /limit must not be greater/u],
    ['a threshold that is none', { policy: { replyFrom: 101 } }, 400, /replyFrom must not be greater/u],
    ['a class that does not exist', { policy: { classes: { angry: {} } } }, 400, /angry should not exist/u],
    ['a mode that does not exist', { policy: { classes: { spam: { hide: 'now' } } } }, 400, /hide must be one of/u],
    ['a field that nobody knows', { policy: { replyFrom: 1 }, publish: true }, 400, /publish should not exist/u],
    ['an account that is not connected', { accountId: '5', policy: { replyFrom: 1 } }, 404, /no account 5/u],
  ])('refuse %s', async (_, body, status, message) => {
    const answer = await ask('POST', '', body);
    expect(answer.body).toMatch(message);
    expect(answer.status).toBe(status);
    expect(await database.query('SELECT 1 FROM backtests')).toEqual([]);
  });

  it('refuse more at once than an account may have, and know nothing of others', async () => {
    for (let count = 0; count < 5; count += 1)
      expect((await ask('POST', '', { policy: { replyFrom: 1 } })).status).toBe(202);
    expect(await ask('POST', '', { policy: { replyFrom: 1 } })).toMatchObject({ status: 409 });
    const unknown = '0193e3a2-1111-7aaa-8bbb-123456789abc';
    for (const path of [`/${unknown}`, '/5', `/${unknown}/changes`]) expect((await ask('GET', path)).status).toBe(404);
    expect((await ask('DELETE', `/${unknown}`)).status).toBe(404);
    expect((await ask('POST', '/5/cancel')).status).toBe(404);
  });
});
