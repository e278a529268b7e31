import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccountId, CommentId } from '#domain/shared/ids.js';
import { PostgresAccounts } from '#infrastructure/postgres/accounts.js';
import { PostgresComments } from '#infrastructure/postgres/comments.js';
import type { Database } from '#infrastructure/postgres/database.js';
import { PostgresDecisions } from '#infrastructure/postgres/decisions.js';
import { PostgresDocuments } from '#infrastructure/postgres/documents.js';
import { PostgresLeases } from '#infrastructure/postgres/leases.js';
import { openDatabase } from '../support/rows.js';
import { startDatabase } from '../support/services.js';

const commentId = CommentId.parse('1');
const accountId = AccountId.parse('9');
let database: Database;

beforeAll(async () => {
  const service = await startDatabase();
  database = await openDatabase(service.url);
  await service.stop();
});
afterAll(async () => {
  await database.close();
});

describe('a database that has gone away', () => {
  it.each<[string, () => Promise<unknown>]>([
    [
      'claiming a row',
      async () => await new PostgresLeases(database, 'test').claim({ kind: 'comment', id: commentId }, 1),
    ],
    ['reading a comment', async () => await new PostgresComments(database).find(commentId)],
    ['reading an account', async () => await new PostgresAccounts(database).get(accountId)],
    ['listing the accounts', async () => await new PostgresAccounts(database).all()],
    ['reading what was decided', async () => await new PostgresDecisions(database).about(commentId)],
    ['listing documents', async () => await new PostgresDocuments(database).list(accountId, 1, 0)],
  ])('is "unavailable" for %s, and no bug of ours', async (_what, ask) => {
    await expect(ask()).rejects.toMatchObject({ kind: 'unavailable' });
  });
});
