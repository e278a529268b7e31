import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initialAnswerSettings } from '#domain/answers/settings.js';
import { PostgresAccounts } from '#infrastructure/postgres/accounts.js';
import { startApi } from '../support/api.js';
import { account, openDatabase } from '../support/rows.js';
import { startDatabase, type TestService } from '../support/services.js';

let server: TestService;
let api: NestFastifyApplication;

beforeAll(async () => {
  server = await startDatabase();
  await new PostgresAccounts(await openDatabase(server.url)).connect(account);
  api = await startApi(server.url);
});
afterAll(async () => {
  await api.close();
  await server.stop();
});

type Method = 'GET' | 'PUT' | 'POST';
async function ask(method: Method, path: string, payload?: object): Promise<{ status: number; body: unknown }> {
  const url = `/api/v1/${path}`;
  const answer = await api.inject({ method, url, ...(payload && { payload }) });
  return { status: answer.statusCode, body: answer.json<unknown>() };
}
const path = `accounts/${account.id}/answers`;
const settings = { ...initialAnswerSettings, voice: 'Warm and short.', signature: '— the bakery' };

// AN-5
describe('the settings of an account\u2019s answers', () => {
  it('are as nobody had decided anything, until somebody does; each change is a version', async () => {
    expect(await ask('GET', path)).toMatchObject({
      status: 200,
      body: { version: 0, settings: initialAnswerSettings },
    });
    expect(await ask('GET', `${path}/versions`)).toEqual({ status: 200, body: { versions: [], next: null } });
    const changed = await ask('PUT', path, { settings, version: 0, note: 'as agreed' });
    expect(changed).toMatchObject({
      status: 200,
      body: { version: 1, settings, changedBy: 'operator', note: 'as agreed' },
    });
    expect(await ask('GET', path)).toMatchObject({ body: { version: 1, settings } });
    await ask('PUT', path, { settings: { ...settings, emoji: 'never' } });
    expect(await ask('GET', `${path}/versions?limit=1`)).toMatchObject({
      body: { versions: [{ version: 2 }], next: 2 },
    });
    expect(await ask('GET', `${path}/versions?limit=1&before=2`)).toMatchObject({
      body: { versions: [{ version: 1 }], next: null },
    });
  });

  it.each<readonly [string, object, number, RegExp]>([
    ['another version is in force', { settings, version: 7 }, 409, /is in force, not 7/u],
    ['a field is unknown', { settings: { ...settings, jokes: true } }, 400, /settings\.jokes should not exist/u],
    ['a field is missing', { settings: { voice: '' } }, 400, /settings\.languages/u],
    ['a text is too long', { settings: { ...settings, voice: 'x'.repeat(501) } }, 400, /settings\.voice/u],
    ['the signature has a link', { settings: { ...settings, signature: 'evil.shop' } }, 422, /signature-refused/u],
    ['the fallback would be stopped', { settings: { ...settings, fallback: 'I am a bot.' } }, 422, /fallback-refused/u],
  ])('are refused when %s, and the answer says why', async (_, body, status, why) => {
    const answer = await ask('PUT', path, body);
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).toMatch(why);
  });

  it('are of connected accounts only', async () => {
    expect((await ask('GET', 'accounts/1/answers')).status).toBe(404);
    expect((await ask('PUT', 'accounts/1/answers', { settings })).status).toBe(404);
  });
});

// KN-5
describe('a test question', () => {
  it.each<readonly [string, object, number, RegExp]>([
    ['is empty', { question: '' }, 400, /question should not be empty/u],
    ['is too long', { question: 'x'.repeat(2_001) }, 400, /question must be shorter/u],
    ['has a field that is unknown', { question: 'Hi?', publish: true }, 400, /publish should not exist/u],
    ['is to an unknown account', { question: 'Hi?', accountId: '1' }, 404, /no account 1/u],
    ['is under an unknown post', { question: 'Hi?', postId: '1' }, 404, /no post 1/u],
  ])('is refused when it %s', async (_, body, status, why) => {
    const answer = await ask('POST', 'knowledge/questions', body);
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).toMatch(why);
  });

  it('that nothing in the knowledge fits costs nothing and finds nothing', async () => {
    expect(await ask('POST', 'knowledge/questions', { question: 'Is there parking?' })).toMatchObject({
      status: 200,
      body: { outcome: 'no-knowledge', answer: null, sources: [], findings: [], cost: null },
    });
  });
});
