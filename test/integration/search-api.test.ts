import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccountId } from '#domain/shared/ids.js';
import { PostgresAccounts } from '#infrastructure/postgres/accounts.js';
import type { Database } from '#infrastructure/postgres/database.js';
import { playedHere, startApi } from '../support/api.js';
import { account, openDatabase } from '../support/rows.js';
import { embedAll, putText } from '../support/searching.js';
import { startDatabase, type TestService } from '../support/services.js';

const other = AccountId.parse('17841400000000002');
let service: TestService;
let database: Database;
let api: NestFastifyApplication;
beforeAll(async () => {
  service = await startDatabase();
  database = await openDatabase(service.url);
  await new PostgresAccounts(database).connect(account);
  await putText(database, account.id, 'Delivery', '# In the city\nThe courier comes on a bicycle.');
  await putText(database, other, 'Secret', 'The bicycle is locked with 1234.');
  await embedAll(database);
  // Nobody makes vectors at this address: words are left.
  api = await startApi(service.url, { ...playedHere, OPENAI_BASE_URL: 'http://127.0.0.1:1/openai/v1' });
});
afterAll(async () => {
  await api.close();
  await database.close();
  await service.stop();
});

const search = async (query: string) => {
  const answer = await api.inject({ url: `/api/v1/knowledge/search?${query}` });
  return { status: answer.statusCode, body: answer.json<unknown>() };
};

// KN-3, AD-4
describe('GET /knowledge/search', () => {
  it('shows what would be found, and where it stands, without a vendor', async () => {
    expect(await search('question=Which%20bicycle%3F')).toEqual({
      status: 200,
      body: {
        passages: [
          {
            id: expect.any(String) as unknown, // vitest types it any
            score: expect.any(Number) as unknown, // as above
            similarity: null,
            source: 'document',
            sourceId: expect.any(String) as unknown, // as above
            title: 'Delivery',
            heading: 'In the city',
            place: null,
            text: 'The courier comes on a bicycle.',
          },
        ],
      },
    });
  });

  it('shows nothing where nothing fits', async () => {
    expect(await search(`question=parking&accountId=${account.id}&limit=1`)).toEqual({
      status: 200,
      body: { passages: [] },
    });
  });

  it.each([
    ['without a question', 'limit=3', 400],
    ['with an empty question', 'question=', 400],
    ['with too long a question', `question=${'a'.repeat(1_001)}`, 400],
    ['for more than it gives', 'question=a&limit=21', 400],
    ['with a field that it does not know', 'question=a&offset=3', 400],
    ['of an account that is not connected', 'question=a&accountId=1', 404],
  ])('is refused %s', async (_name, query, status) => {
    expect((await search(query)).status).toBe(status);
  });

  it('wants to know which account is meant when there are several', async () => {
    await new PostgresAccounts(database).connect({ ...account, id: other });
    // Which accounts there are is remembered for some seconds; a new api asks.
    const another = await startApi(service.url);
    try {
      const { statusCode } = await another.inject({ url: '/api/v1/knowledge/search?question=bicycle' });
      expect(statusCode).toBe(409);
    } finally {
      await another.close();
    }
  });
});
