import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
afterAll(async () => {
  await api.close();
  await database.close();
  await service.stop();
});

async function ask(method: 'GET' | 'PUT', path: string, payload?: object): Promise<readonly [number, unknown]> {
  const headers = { host: 'localhost:3000' };
  const answer = await api.inject({ method, url: `/api/v1/${path}`, headers, ...(payload && { payload }) });
  return [answer.statusCode, answer.json()];
}

const budget = `accounts/${account.id}/budget`;

// CL-5
describe('the budget of an account', () => {
  it('is the usual one until somebody chooses, and again when nothing is chosen', async () => {
    const usual = { accountId: account.id, account: 50, author: 1, chosen: [] };
    expect(await ask('GET', budget)).toMatchObject([200, { ...usual, today: { spent: 0, percent: 0 } }]);
    const chosen = { account: 20, author: 0.25, chosen: ['account', 'author'] };
    expect(await ask('PUT', budget, { account: 20, author: 0.25 })).toMatchObject([200, chosen]);
    expect(await ask('GET', budget)).toMatchObject([200, chosen]);
    expect(await ask('PUT', budget, { author: 2, account: null })).toMatchObject([
      200,
      { account: 50, author: 2, chosen: ['author'] },
    ]);
    expect(await ask('PUT', budget, {})).toMatchObject([200, usual]);
  });

  it('may be nothing at all: then no model is asked', async () => {
    expect(await ask('PUT', budget, { account: 0 })).toMatchObject([200, { account: 0, today: { percent: 100 } }]);
    await ask('PUT', budget, {});
  });

  it.each([
    [{ account: -1 }, 'account must not be less than 0'],
    [{ account: '20' }, 'account must be a number'],
    [{ author: 1_000_000 }, 'author must not be greater than 100000'],
    [{ monthly: 5 }, 'property monthly should not exist'],
  ])('is not changed by %j', async (body, error) => {
    const [status, problem] = await ask('PUT', budget, body);
    expect(status).toBe(400);
    expect(JSON.stringify(problem)).toContain(error);
    expect(await ask('GET', budget)).toMatchObject([200, { chosen: [] }]);
  });

  it('is counted in millionths of a dollar, whatever stands behind the sixth digit', async () => {
    expect(await ask('PUT', budget, { author: 0.123_456_7 })).toMatchObject([200, { author: 0.123_457 }]);
    expect(await ask('PUT', budget, { author: 0.000_000_1 })).toMatchObject([200, { author: 0 }]);
    await ask('PUT', budget, {});
  });

  it.each(['17841400000000999', 'nobody'])('is not there for %s', async (id) => {
    expect((await ask('GET', `accounts/${id}/budget`))[0]).toBe(404);
    expect((await ask('PUT', `accounts/${id}/budget`, {}))[0]).toBe(404);
  });
});

describe('the report of what models were used for', () => {
  it('is empty before anything was asked', async () => {
    const none = { calls: 0, failed: 0, inputTokens: 0, cachedTokens: 0, outputTokens: 0, dollars: 0, withoutPrice: 0 };
    expect(await ask('GET', 'usage')).toMatchObject([200, { rows: [], count: 0, total: none }]);
  });

  it('tells apart what is asked for', async () => {
    await database.query(
      `INSERT INTO usage_days VALUES ('2026-11-20', $1, 'answer', 'm', 2, 1, 100, 50, 10, 5000000, 0),
                                     ('2026-11-21', $1, 'classification', 'm', 3, 0, 300, 0, 30, 250, 3)`,
      [account.id],
    );
    const [status, body] = await ask('GET', 'usage?from=2026-11-20&to=2026-11-21&by=day&limit=1');
    expect(status).toBe(200);
    expect(body).toEqual({
      from: '2026-11-20',
      to: '2026-11-21',
      count: 2,
      total: {
        calls: 5,
        failed: 1,
        inputTokens: 400,
        cachedTokens: 50,
        outputTokens: 40,
        dollars: 5.00025,
        withoutPrice: 3,
      },
      rows: [
        {
          day: '2026-11-21',
          calls: 3,
          failed: 0,
          inputTokens: 300,
          cachedTokens: 0,
          outputTokens: 30,
          dollars: 0.00025,
          withoutPrice: 3,
        },
      ],
    });
    expect(await ask('GET', 'usage?from=2026-11-20&to=2026-11-20&by=model,task')).toMatchObject([
      200,
      { rows: [{ task: 'answer', model: 'm', dollars: 5 }] },
    ]);
    expect(await ask('GET', 'usage?from=2026-11-20&to=2026-11-21&accountId=1')).toMatchObject([200, { count: 0 }]);
  });

  it.each([
    ['by=author', 400],
    ['by=', 400],
    ['from=yesterday', 400],
    ['from=2026-02-31', 422],
    ['from=2026-11-21&to=2026-11-20', 422],
    ['limit=0', 400],
    ['limit=1001', 400],
    ['offset=-1', 400],
    ['accountId=me', 400],
    ['year=2026', 400],
  ])('is refused for %s', async (query, status) => {
    expect((await ask('GET', `usage?${query}`))[0]).toBe(status);
  });
});
