import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CommentId, ReplyId } from '#domain/shared/ids.js';
import { PostgresAccounts } from '#infrastructure/postgres/accounts.js';
import { PostgresComments } from '#infrastructure/postgres/comments.js';
import type { Database } from '#infrastructure/postgres/database.js';
import { PostgresIntake } from '#infrastructure/postgres/intake.js';
import { PostgresLeases } from '#infrastructure/postgres/leases.js';
import { PostgresOperatorReplies } from '#infrastructure/postgres/operator-replies.js';
import { PostgresParked } from '#infrastructure/postgres/parked.js';
import { PostgresReplies } from '#infrastructure/postgres/replies.js';
import { PostgresReplyRemovals } from '#infrastructure/postgres/reply-removals.js';
import { decidingContract } from '../contracts/deciding.contract.js';
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

async function empty(): Promise<void> {
  await database.query(
    'TRUNCATE comments, deliveries, replies, reply_actions, moderations, alerts, decisions, takeovers',
  );
}
const words = async (statement: string): Promise<readonly string[]> =>
  (await database.query<{ words: string }>(statement)).map((row) => row.words);

decidingContract('PostgreSQL', async () => {
  await empty();
  const leases = new PostgresLeases(database, 'test');
  return {
    comments: new PostgresComments(database),
    replies: new PostgresReplies(database),
    removals: new PostgresReplyRemovals(database),
    deciding: new PostgresOperatorReplies(database),
    arrive: async () => void (await new PostgresIntake(database).store(delivery([incoming('1')]))),
    claimed: async (ref) => {
      const claim = await leases.claim(ref, 30_000);
      if (claim.kind !== 'claimed') throw new Error(`not claimed: ${claim.kind}`);
      return claim.lease;
    },
    echo: async (id, text) => {
      const ours = { parentId: CommentId.parse('1'), authorId: account.id, username: account.username };
      await new PostgresIntake(database).store(delivery([incoming(id, { ...ours, text })]));
    },
    standing: async () => [
      ...(await words(`SELECT concat_ws(' ', stage, outcome) AS words FROM comments WHERE id = '1'`)),
      ...(await words(`SELECT concat_ws(' ', state, intent, text, CASE WHEN due_at IS NOT NULL THEN 'due' END) AS words
        FROM replies ORDER BY generation`)),
    ],
    alerts: async () => await words('SELECT state AS words FROM alerts'),
    reasons: async () => await words('SELECT reason AS words FROM decisions ORDER BY id'),
  };
});

// AN-8: whatever a program does wrong.
describe('the database', () => {
  beforeEach(empty);

  const row = async (state: string, generation: number, intent = 'person'): Promise<unknown> =>
    await database.query(
      `INSERT INTO replies (comment_id, account_id, intent, state, generation) VALUES ('1', $1, $2, $3, $4) RETURNING id`,
      [account.id, intent, state, generation],
    );

  it('takes no second reply of a machine, whatever became of the first', async () => {
    await row('removed', 1, 'auto');
    await expect(row('drafted', 1, 'auto')).rejects.toThrow('replies_one_per_generation');
    await expect(row('drafted', 2, 'auto')).rejects.toThrow('replies_further_by_people');
    await expect(row('wanted', 2, 'draft')).rejects.toThrow('replies_further_by_people');
  });

  it('takes no two replies that are on their way, and no two that stand', async () => {
    await row('sending', 1, 'auto');
    await expect(row('drafted', 2)).rejects.toThrow('replies_one_open');
    await database.query(`UPDATE replies SET state = 'sent'`);
    await expect(row('sent', 2)).rejects.toThrow('replies_one_standing');
    await row('unknown', 2);
    await expect(database.query(`UPDATE replies SET state = 'sent' WHERE generation = 2`)).rejects.toThrow(
      'replies_one_standing',
    );
  });
});

// AN-7: what the platform would not do is a person's, and goes on where it stood when it is tried again.
it('a removal that was given up is tried again as a removal, also beside the reply that took its place', async () => {
  await empty();
  await new PostgresIntake(database).store(delivery([incoming('1')]));
  const [former] = await database.query<{ id: string }>(
    `INSERT INTO replies (comment_id, account_id, intent, state, text, attempt, platform_reply_id, due_at)
     VALUES ('1', $1, 'person', 'removing', 'Daily.', 1, '91', now()) RETURNING id`,
    [account.id],
  );
  await database.query(
    `INSERT INTO replies (comment_id, account_id, intent, state, text, attempt, platform_reply_id, generation, replaces)
     VALUES ('1', $1, 'person', 'sent', 'Gladly.', 1, '92', 2, $2) RETURNING id`,
    [account.id, former?.id],
  );
  const ref = { kind: 'reply', id: ReplyId.parse(former?.id) } as const;
  const leases = new PostgresLeases(database, 'test');
  const claim = await leases.claim(ref, 30_000);
  if (claim.kind !== 'claimed') throw new Error(claim.kind);
  await leases.park(claim.lease, 'parked-tries-used-up', 'no');
  const retried = await new PostgresParked(database).retry(ref);
  expect(retried).toMatchObject({ kind: 'retried', due: { stage: 'removing' } });
  expect(await new PostgresReplies(database).find(ref.id)).toMatchObject({ state: 'removing', platformReplyId: '91' });
});
