import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decide } from '#domain/comments/reason-codes.js';
import type { Plan } from '#domain/comments/triage.js';
import { AccountId, CommentId, PublishedId } from '#domain/shared/ids.js';
import type { Lease, WorkRef } from '#domain/work/lease.js';
import { PostgresAccounts } from '#infrastructure/postgres/accounts.js';
import { PostgresComments } from '#infrastructure/postgres/comments.js';
import type { Database } from '#infrastructure/postgres/database.js';
import { PostgresIntake } from '#infrastructure/postgres/intake.js';
import { PostgresLeases } from '#infrastructure/postgres/leases.js';
import { PostgresReplies } from '#infrastructure/postgres/replies.js';
import { PostgresTakeovers } from '#infrastructure/postgres/takeovers.js';
import { takeoversContract } from '../contracts/takeovers.contract.js';
import { account, delivery, incoming, openDatabase } from '../support/rows.js';
import { startDatabase, type TestService } from '../support/services.js';

let service: TestService;
let database: Database;
let leases: PostgresLeases;
beforeAll(async () => {
  service = await startDatabase();
  database = await openDatabase(service.url);
  leases = new PostgresLeases(database, 'test');
  await new PostgresAccounts(database).connect(account);
});
afterAll(async () => {
  await database.close();
  await service.stop();
});

async function empty(): Promise<void> {
  await database.query('TRUNCATE comments, deliveries, replies, moderations, alerts, decisions, takeovers');
}

async function arrive(id: string, parentId?: string, given: Parameters<typeof incoming>[1] = {}): Promise<void> {
  const parent = parentId === undefined ? {} : { parentId: CommentId.parse(parentId) };
  await new PostgresIntake(database).store(delivery([incoming(id, { ...parent, ...given })]));
}

async function claimed(ref: WorkRef): Promise<Lease> {
  const claim = await leases.claim(ref, 30_000);
  if (claim.kind !== 'claimed') throw new Error(`not claimed: ${claim.kind}`);
  return claim.lease;
}

async function reasons(id: string): Promise<readonly string[]> {
  const rows = await database.query<{ reason: string }>(
    'SELECT reason FROM decisions WHERE comment_id = $1 ORDER BY id',
    [id],
  );
  return rows.map(({ reason }) => reason);
}

takeoversContract('PostgreSQL', async () => {
  await empty();
  return {
    comments: new PostgresComments(database),
    replies: new PostgresReplies(database),
    takeovers: new PostgresTakeovers(database),
    arrive,
    claimed,
    reasons,
    standing: async (id) => {
      const rows = await database.query<{ one: string }>(
        `SELECT concat_ws(' ', stage, outcome) AS one FROM comments WHERE id = $1
         UNION ALL SELECT 'reply ' || state FROM replies WHERE comment_id = $1
         UNION ALL SELECT 'hide ' || state FROM moderations WHERE comment_id = $1`,
        [id],
      );
      return rows.map(({ one }) => one).toSorted();
    },
  };
});

// PO-6, IN-8
describe('the account answering in the platform\u2019s own app', () => {
  const ours = { authorId: account.id, username: account.username };
  const fixed: Plan = { reply: 'fixed', replyText: 'Daily until 8 pm.', hide: 'none', alert: false, decisions: [] };

  beforeEach(async () => {
    await empty();
    await arrive('1');
  });

  async function sending(): Promise<Lease> {
    const lease = await claimed({ kind: 'comment', id: CommentId.parse('1') });
    const [work] = await new PostgresComments(database).recordVerdict(lease, undefined, fixed, []);
    if (!work) throw new Error('nothing is due');
    const reply = await claimed(work.ref);
    await new PostgresReplies(database).beginSending(reply, decide('reply-sending'));
    return reply;
  }

  const taken = async (): Promise<unknown> => await database.query('SELECT scope, id, taken_by FROM takeovers');

  it('takes the thread over', async () => {
    await arrive('50', '1', { ...ours, text: 'Hi, Masha from the shop here!' });
    expect(await taken()).toEqual([{ scope: 'thread', id: '1', taken_by: 'platform' }]);
    expect(await reasons('50')).toEqual(['own-comment', 'thread-taken-over']);
    expect((await new PostgresComments(database).find(CommentId.parse('1')))?.takenOver).toBe('thread');
  });

  it('is not what our own reply coming back is, before or after we noted that it is out', async () => {
    const lease = await sending();
    await arrive('50', '1', { ...ours, text: 'Daily  until 8 pm.' });
    expect(await reasons('1')).toContain('reply-confirmed-by-echo');
    await new PostgresReplies(database).recordSent(lease, PublishedId.parse('50'), decide('reply-sent'));
    await arrive('50', '1', { ...ours, text: 'Daily until 8 pm.' });
    expect(await taken()).toEqual([]);
  });

  it('is not what a second copy of our reply is: the audit looks for that', async () => {
    await new PostgresReplies(database).recordSent(await sending(), PublishedId.parse('50'), decide('reply-sent'));
    await arrive('51', '1', { ...ours, text: 'Daily until 8 pm.' });
    expect(await taken()).toEqual([]);
  });

  it('beside a reply of ours that is just being sent is noticed', async () => {
    await sending();
    await arrive('60', '1', { ...ours, text: 'Let me look into that.' });
    expect(await taken()).toEqual([{ scope: 'thread', id: '1', taken_by: 'platform' }]);
  });

  it('is noticed once: a thread that was handed back is not taken by the same words delivered again', async () => {
    const words = { ...ours, text: 'Hello!' };
    await arrive('50', '1', words);
    await new PostgresTakeovers(database).handBackThread(CommentId.parse('1'));
    expect(await reasons('1')).toContain('thread-handed-back');
    await arrive('50', '1', words);
    expect(await taken()).toEqual([]);
    await arrive('51', '1', { ...ours, text: 'Me again.' });
    expect(await taken()).toHaveLength(1);
  });

  it('neither in a new thread of its own, nor in what is imported as history', async () => {
    await arrive('70', undefined, { ...ours, text: 'We are open on Monday!' });
    const old = incoming('71', { ...ours, parentId: CommentId.parse('1') });
    await new PostgresIntake(database).store(delivery([old], { source: 'history' }));
    await arrive('72', '1', { accountId: AccountId.parse('17841400000000001'), authorId: '9', username: 'someone' });
    expect(await taken()).toEqual([]);
  });
});

describe('the list of what is taken over', () => {
  it('comes newest first, page by page', async () => {
    await empty();
    const takeovers = new PostgresTakeovers(database);
    for (const id of ['1', '2', '3', '4', '5']) {
      await arrive(id);
      await takeovers.takeThread(CommentId.parse(id));
    }
    const [first, second] = await takeovers.list(2);
    expect([first?.id, second?.id]).toEqual(['5', '4']);
    expect((await takeovers.list(10, second)).map(({ id }) => id)).toEqual(['3', '2', '1']);
  });
});
