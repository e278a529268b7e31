import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AccountId } from '#domain/shared/ids.js';
import { PostgresAccounts } from '#infrastructure/postgres/accounts.js';
import type { Database } from '#infrastructure/postgres/database.js';
import { PostgresPromptChoices } from '#infrastructure/postgres/prompt-choices.js';
import { startApi } from '../support/api.js';
import { account, openDatabase } from '../support/rows.js';
import { startDatabase, type TestService } from '../support/services.js';

let service: TestService;
let database: Database;
let choices: PostgresPromptChoices;
let api: NestFastifyApplication;
const another = AccountId.parse('17841400000000009');

beforeAll(async () => {
  service = await startDatabase();
  database = await openDatabase(service.url);
  choices = new PostgresPromptChoices(database);
  await new PostgresAccounts(database).connect(account);
  api = await startApi(service.url);
});
afterEach(async () => {
  await database.query('TRUNCATE prompt_choices');
});
afterAll(async () => {
  await api.close();
  await database.close();
  await service.stop();
});

async function ask(
  method: 'GET' | 'PUT' | 'DELETE',
  path = '',
  payload?: object,
): Promise<{ status: number; body: unknown }> {
  const headers = { host: 'localhost:3000' };
  const answer = await api.inject({ method, url: `/api/v1/prompts${path}`, headers, ...(payload && { payload }) });
  return { status: answer.statusCode, body: answer.json() };
}
const inForce = async (of = account.id) => await choices.inForce('classify-comment', of);

// audit 71
describe('the prompts', () => {
  it('are listed with their versions, and can be read', async () => {
    expect(await ask('GET')).toMatchObject({
      status: 200,
      body: {
        prompts: [
          {
            task: 'classify-comment',
            usual: 1,
            versions: [
              { version: 1, variables: [] },
              { version: 2, variables: ['brand'] },
            ],
            choices: [],
          },
          { task: 'write-reply', usual: 2, choices: [] },
        ],
      },
    });
    expect(await ask('GET', '/classify-comment/2')).toMatchObject({
      status: 200,
      body: { name: 'classify-comment@2', text: expect.stringContaining('{{brand}}') },
    });
  });

  it('a version is chosen for all and for one account, and taken back', async () => {
    expect(await ask('PUT', '/classify-comment/active', { version: 2 })).toMatchObject({
      status: 200,
      body: { choices: [{ accountId: null, active: 2, trial: null }] },
    });
    expect(await inForce()).toEqual({ active: 2, trial: undefined });
    await ask('PUT', '/classify-comment/active', { version: 1, accountId: account.id });
    expect([await inForce(), await inForce(another)].map(({ active }) => active)).toEqual([1, 2]);
    await ask('DELETE', `/classify-comment/active?accountId=${account.id}`);
    expect((await inForce()).active).toBe(2);
    expect(await ask('DELETE', '/classify-comment/active')).toMatchObject({ status: 200, body: { choices: [] } });
  });

  it('a trial gets its share, ends when its version becomes the active one, and can be ended', async () => {
    const trial = { version: 2, share: 10 };
    expect(await ask('PUT', '/classify-comment/trial', trial)).toMatchObject({
      status: 200,
      body: { choices: [{ trial }] },
    });
    expect(await inForce()).toEqual({ active: undefined, trial });
    await ask('PUT', '/classify-comment/active', { version: 2 });
    expect(await inForce()).toEqual({ active: 2, trial: undefined });
    await ask('PUT', '/classify-comment/trial', { version: 1, share: 50 });
    await ask('DELETE', '/classify-comment/trial');
    expect(await inForce()).toEqual({ active: 2, trial: undefined });
  });

  it.each<readonly [string, 'GET' | 'PUT' | 'DELETE', string, object | undefined, number, RegExp]>([
    [
      'a version that the program does not hold',
      'PUT',
      '/classify-comment/active',
      { version: 3 },
      422,
      /holds no version 3.*holds 1, 2/u,
    ],
    ['a trial of such a version', 'PUT', '/write-reply/trial', { version: 3, share: 1 }, 422, /holds no version 3/u],
    [
      'a trial of the active version',
      'PUT',
      '/classify-comment/trial',
      { version: 1, share: 1 },
      422,
      /Version 1 is the active one/u,
    ],
    [
      'a trial for more than half',
      'PUT',
      '/classify-comment/trial',
      { version: 2, share: 51 },
      400,
      /share must not be greater than 50/u,
    ],
    [
      'a field that nobody knows',
      'PUT',
      '/classify-comment/active',
      { version: 1, why: '' },
      400,
      /why should not exist/u,
    ],
    [
      'a version that is no number',
      'PUT',
      '/classify-comment/active',
      { version: '2' },
      400,
      /version must be an integer/u,
    ],
    [
      'a task that does not exist',
      'PUT',
      '/translate/active',
      { version: 1 },
      404,
      /there are classify-comment, write-reply/u,
    ],
    [
      'an account that is not connected',
      'PUT',
      '/classify-comment/active',
      { version: 1, accountId: '5' },
      404,
      /no account 5/u,
    ],
    ['a version that is not there', 'GET', '/classify-comment/9', undefined, 404, /no such version/u],
    ['a version that is none', 'GET', '/classify-comment/latest', undefined, 404, /no such version/u],
  ])('refuse %s', async (_, method, path, body, status, message) => {
    const answer = await ask(method, path, body);
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).toMatch(message);
    expect(await choices.list()).toEqual([]);
  });
});
