import { afterAll, beforeAll } from 'vitest';
import { CommentId } from '#domain/shared/ids.js';
import { PostgresAccounts } from '#infrastructure/postgres/accounts.js';
import { PostgresComments } from '#infrastructure/postgres/comments.js';
import type { Database } from '#infrastructure/postgres/database.js';
import { PostgresIntake } from '#infrastructure/postgres/intake.js';
import { PostgresLeases } from '#infrastructure/postgres/leases.js';
import { plansContract } from '../contracts/plans.contract.js';
import { account, delivery, incoming, openDatabase } from '../support/rows.js';
import { startDatabase, type TestService } from '../support/services.js';

let service: TestService;
let database: Database;
beforeAll(async () => {
  service = await startDatabase();
  database = await openDatabase(service.url);
  await new PostgresAccounts(database).connect(account);
});
afterAll(async () => {
  await database.close();
  await service.stop();
});

// CL-5, PO-2
plansContract('PostgreSQL', async () => {
  await database.query('TRUNCATE comments, deliveries, replies, moderations, alerts, decisions');
  await new PostgresIntake(database).store(delivery([incoming('1')]));
  const claim = await new PostgresLeases(database, 'test').claim({ kind: 'comment', id: CommentId.parse('1') }, 30_000);
  if (claim.kind !== 'claimed') throw new Error(`not claimed: ${claim.kind}`);
  return {
    comments: new PostgresComments(database),
    lease: claim.lease,
    replies: async () => {
      const rows = await database.query<{ row: string }>(
        `SELECT concat(channel, ' ', state, ' ', intent, ' ', text, CASE WHEN due_at IS NOT NULL THEN ' due' END) AS row
           FROM replies ORDER BY 1`,
      );
      return rows.map(({ row }) => row);
    },
  };
});
