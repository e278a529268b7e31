import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decide } from '#domain/comments/reason-codes.js';
import { presets } from '#domain/comments/policy.js';
import { triage } from '#domain/comments/triage.js';
import { AccountId, CommentId, ReplyId } from '#domain/shared/ids.js';
import type { Lease, WorkRef } from '#domain/work/lease.js';
import { PostgresAccounts } from '#infrastructure/postgres/accounts.js';
import { PostgresComments } from '#infrastructure/postgres/comments.js';
import type { Database } from '#infrastructure/postgres/database.js';
import { PostgresIntake } from '#infrastructure/postgres/intake.js';
import { PostgresLeases } from '#infrastructure/postgres/leases.js';
import { PostgresReplies } from '#infrastructure/postgres/replies.js';
import { account, delivery, incoming, openDatabase, verdictOf } from '../support/rows.js';
import { startDatabase, type TestService } from '../support/services.js';
import { until } from '../support/until.js';

let service: TestService;
let database: Database;
let intake: PostgresIntake;
let leases: PostgresLeases;
let replies: PostgresReplies;

beforeAll(async () => {
  service = await startDatabase();
  database = await openDatabase(service.url);
  intake = new PostgresIntake(database);
  leases = new PostgresLeases(database, 'test');
  replies = new PostgresReplies(database);
});
beforeEach(async () => {
  await database.query('TRUNCATE accounts, comments, deliveries, quarantine, replies, moderations, alerts, decisions');
  await new PostgresAccounts(database).connect(account);
});
afterAll(async () => {
  await database.close();
  await service.stop();
});

async function count(table: string): Promise<number> {
  const [row] = await database.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`);
  return row?.n ?? -1;
}

async function claimed(ref: WorkRef): Promise<Lease> {
  const claim = await leases.claim(ref, 30_000);
  if (claim.kind !== 'claimed') throw new Error(`not claimed: ${claim.kind}`);
  return claim.lease;
}

/** Brings a question to where its reply is being sent. */
async function sendingReply(
  commentId: string,
  text: string,
  parentId?: string,
): Promise<{ lease: Lease; id: ReplyId }> {
  const parent = parentId === undefined ? {} : { parentId: CommentId.parse(parentId) };
  await intake.store(delivery([incoming(commentId, parent)]));
  const lease = await claimed({ kind: 'comment', id: CommentId.parse(commentId) });
  const verdict = verdictOf('question');
  const plan = triage({ hidden: false, live: false, own: false, muted: false }, verdict, presets.balanced);
  const due = await new PostgresComments(database).recordVerdict(lease, verdict, plan, plan.decisions);
  const reply = due.find(({ ref }) => ref.kind === 'reply')?.ref;
  if (reply?.kind !== 'reply') throw new Error('no reply is due');
  const drafting = await claimed(reply);
  await replies.keepForSending(drafting, { text, sources: [], model: 'm', promptVersion: 'p' }, decide('drafted'));
  const sending = await claimed(reply);
  await replies.beginSending(sending, decide('reply-sending'));
  return { lease: sending, id: reply.id };
}

describe('taking in deliveries', () => {
  it('keeps a comment once that is delivered 100 times at once, and rings for it', async () => {
    const results = await Promise.all(
      // What a busy machine sheds comes again.
      Array.from({ length: 100 }, async () =>
        until('a delivery that is stored', 30_000, async () => {
          return await intake.store(delivery([incoming('1')])).catch(() => undefined);
        }),
      ),
    );
    expect(await count('comments')).toBe(1);
    expect(await count('decisions')).toBe(1);
    expect(await count('deliveries')).toBeGreaterThanOrEqual(100);
    expect(results.some(({ waiting }) => waiting.includes(CommentId.parse('1')))).toBe(true);
    expect(results.reduce((sum, { duplicates }) => sum + duplicates, 0)).toBeGreaterThanOrEqual(99);
  });

  it('keeps one of two in the same batch', async () => {
    await intake.store(delivery([incoming('1', { text: 'first' }), incoming('1', { text: 'second' })]));
    const rows = await database.query<{ text: string }>('SELECT text FROM comments');
    expect(rows).toEqual([{ text: 'first' }]);
  });

  it('rings again for a known comment that is not finished, and not for a finished one', async () => {
    await intake.store(delivery([incoming('1')]));
    expect((await intake.store(delivery([incoming('1')]))).waiting).toEqual(['1']);
    await database.query(`UPDATE comments SET stage = 'done', due_at = NULL`);
    expect((await intake.store(delivery([incoming('1')]))).waiting).toEqual([]);
  });

  it('keeps each body of a group apart, also an empty one', async () => {
    const bodies = ['first', '', 'third: \u{1F370}', 'x'.repeat(5_000)].map((text) => Buffer.from(text));
    // The first is on its way alone, the others gather meanwhile.
    await Promise.all(
      bodies.map(async (body, index) => await intake.store(delivery([incoming(String(index))], { body }))),
    );
    const rows = await database.query<{ body: Buffer }>('SELECT body FROM deliveries ORDER BY id');
    expect(rows.map(({ body }) => body.toString())).toEqual(bodies.map(String));
  });

  it('keeps the raw body byte for byte, and the quarantine with its reasons', async () => {
    const body = Buffer.from([0x7b, 0x00, 0xff, 0xed, 0xa0, 0x80, 0x7d]);
    const quarantined = [{ path: 'entry[0].changes[1]', reason: 'no comment id' }];
    await intake.store(delivery([incoming('1')], { body, quarantined, counted: { mentions: 2 } }));
    const [row] = await database.query<{ body: Buffer; counted: object; quarantined: number }>(
      'SELECT * FROM deliveries',
    );
    expect(row && Buffer.compare(row.body, body)).toBe(0);
    expect(row).toMatchObject({ counted: { mentions: 2 }, quarantined: 1 });
    expect(await database.query('SELECT path, reason FROM quarantine')).toEqual(quarantined);
  });

  it('counts comments of other accounts and keeps nothing of them', async () => {
    const foreign = incoming('2', { accountId: AccountId.parse('99') });
    const result = await intake.store(delivery([incoming('1'), foreign]));
    expect(result).toMatchObject({ foreign: 1, waiting: ['1'], duplicates: 0 });
    expect(await count('comments')).toBe(1);
  });

  it('keeps every comment until the first account is known, and then ends those of others with a reason', async () => {
    await database.query('TRUNCATE accounts');
    await intake.store(delivery([incoming('1'), incoming('2', { accountId: AccountId.parse('99') })]));
    expect(await leases.due(10)).toEqual([]);
    expect(await leases.claim({ kind: 'comment', id: CommentId.parse('1') }, 1_000)).toEqual({ kind: 'nothing-to-do' });

    await new PostgresAccounts(database).connect(account);
    expect(await intake.dropForeign([account.id])).toBe(1);
    expect((await leases.due(10)).map(({ ref }) => ref.id)).toEqual(['1']);
    expect(await database.query(`SELECT reason FROM decisions WHERE comment_id = '2' ORDER BY id`)).toEqual([
      { reason: 'received' },
      { reason: 'account-not-served' },
    ]);
  });

  it('knows our own comments by author, by name and by id, and never rings for them', async () => {
    await sendingReply('1', 'It costs 900.').then(
      async ({ lease }) => await replies.recordSent(lease, CommentId.parse('77'), decide('reply-sent')),
    );
    const result = await intake.store(
      delivery([
        incoming('2', { authorId: account.id }),
        incoming('3', { authorId: undefined, username: 'Warm.Bread' }),
        incoming('77', { authorId: undefined, username: undefined, text: 'It costs 900.' }),
      ]),
    );
    expect(result).toMatchObject({ own: 3, waiting: [] });
    const own = await database.query(`SELECT id FROM comments WHERE outcome = 'own' ORDER BY id`);
    expect(own).toEqual([{ id: '2' }, { id: '3' }, { id: '77' }]);
    const told = await database.query(`SELECT reason FROM decisions WHERE comment_id = '2'`);
    expect(told).toEqual([{ reason: 'own-comment' }]);
  });
});

describe('forgetting old deliveries', () => {
  const kept = async (): Promise<readonly string[]> =>
    (await database.query<{ trace_id: string }>('SELECT trace_id FROM deliveries ORDER BY id')).map(
      (row) => row.trace_id,
    );
  const age = async (): Promise<unknown> =>
    await database.query(`UPDATE deliveries SET received_at = now() - interval '31 days' WHERE trace_id <> 'young'`);
  const finish = async (...ids: string[]): Promise<unknown> =>
    await database.query(
      `UPDATE comments SET stage = 'done', outcome = 'left-alone', finished_at = now(), due_at = NULL WHERE id = ANY ($1)`,
      [ids],
    );

  it('removes those whose comments are finished, and neither comment nor decision', async () => {
    await intake.store(delivery([incoming('1')], { traceId: 'old' }));
    await intake.store(delivery([], { traceId: 'empty' }));
    await intake.store(delivery([incoming('2')], { traceId: 'young' }));
    await finish('1', '2');
    await age();
    expect(await intake.forgetDeliveries(30, 10)).toBe(2);
    expect(await kept()).toEqual(['young']);
    expect(await count('comments')).toBe(2);
    expect(await count('decisions')).toBe(2);
  });

  it('keeps what a person has not looked at yet, and what is still being worked on', async () => {
    const quarantined = [{ path: '$', reason: 'not JSON' }];
    await intake.store(delivery([], { traceId: 'kept aside', quarantined }));
    await intake.store(delivery([incoming('1')], { traceId: 'finished' }));
    await intake.store(delivery([incoming('2')], { traceId: 'waits' }));
    await finish('1');
    await age();
    expect(await intake.forgetDeliveries(30, 10)).toBe(1);
    expect(await kept()).toEqual(['kept aside', 'waits']);
    await database.query(`UPDATE comments SET stage = 'acting', due_at = NULL WHERE id = '2'`);
    expect(await intake.forgetDeliveries(30, 10)).toBe(0);
  });

  it('goes in small steps, the oldest first', async () => {
    for (const traceId of ['a', 'b', 'c']) await intake.store(delivery([], { traceId }));
    await age();
    expect(await intake.forgetDeliveries(30, 2)).toBe(2);
    expect(await kept()).toEqual(['c']);
  });
});

describe('a group in which the database refuses one delivery', () => {
  it('loses none of the others', async () => {
    const counted = { ok: 1 };
    const refused = delivery([incoming('2', { text: 'a\0b' })]); // no text column takes it; the reader never lets it through
    const results = await Promise.allSettled([
      intake.store(delivery([incoming('9')])),
      intake.store(delivery([incoming('8')])),
      intake.store(delivery([incoming('1')], { counted })),
      intake.store(refused),
      intake.store(delivery([incoming('3')])),
    ]);
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(await count('comments')).toBe(4);
  });
});

describe('the echo of our own reply', () => {
  it('confirms a reply when it overtakes our own note of it, which then changes nothing', async () => {
    const { lease, id } = await sendingReply('1', 'It  costs 900. ');
    await intake.store(
      delivery([incoming('77', { parentId: CommentId.parse('1'), authorId: account.id, text: 'It costs 900.' })]),
    );
    expect(await replies.find(id)).toMatchObject({ state: 'sent', platformReplyId: '77' });
    expect(await database.query(`SELECT outcome FROM comments WHERE id = '1'`)).toEqual([{ outcome: 'answered' }]);

    await replies.recordSent(lease, CommentId.parse('77'), decide('reply-sent'));
    expect(await replies.find(id)).toMatchObject({ state: 'sent', platformReplyId: '77' });
  });

  it('is recognised without an author, while we are sending just these words into that thread', async () => {
    const { id } = await sendingReply('1', 'It costs 900.');
    const anonymous = {
      authorId: undefined,
      username: undefined,
      parentId: CommentId.parse('1'),
      text: 'It costs 900.',
    };
    expect(await intake.store(delivery([incoming('77', anonymous)]))).toMatchObject({ own: 1, waiting: [] });
    expect(await replies.find(id)).toMatchObject({ state: 'sent' });
  });

  it('confirms one reply only, where two in a thread have the same words', async () => {
    const first = await sendingReply('1', 'Yes!');
    const second = await sendingReply('2', 'Yes!', '1');
    const echo = incoming('77', { parentId: CommentId.parse('1'), authorId: account.id, text: 'Yes!' });
    await intake.store(delivery([echo]));
    await intake.store(delivery([echo]));
    const states = [await replies.find(first.id), await replies.find(second.id)].map((reply) => reply?.state);
    expect(states).toEqual(['sent', 'sending']);
  });

  it('ends the doubt also when it comes late, while the reply stands ready for its second try', async () => {
    const { lease, id } = await sendingReply('1', 'It costs 900.');
    await replies.allowResend(lease, decide('reply-send-again'));
    const echo = { parentId: CommentId.parse('1'), authorId: account.id, text: 'It costs 900.' };
    await intake.store(delivery([incoming('77', echo)]));
    expect(await replies.find(id)).toMatchObject({ state: 'sent', platformReplyId: '77' });
    expect(await leases.claim({ kind: 'reply', id }, 1_000)).toEqual({ kind: 'nothing-to-do' });
  });
});

describe('a second try to publish', () => {
  it('still counts what the first one may have published as ours', async () => {
    const { lease, id } = await sendingReply('1', 'It costs 900.');
    const startedAt = async (): Promise<Date | undefined> => {
      const reply = await replies.find(id);
      return reply?.state === 'sending' ? reply.startedAt : undefined;
    };
    const first = await startedAt();
    await replies.allowResend(lease, decide('reply-send-again'));
    await replies.beginSending(await claimed({ kind: 'reply', id }), decide('reply-sending'));
    expect(await startedAt()).toEqual(first);
  });

  it('that follows a clear refusal begins anew', async () => {
    const { lease, id } = await sendingReply('1', 'It costs 900.');
    await database.query(`UPDATE replies SET attempt_started_at = now() - interval '1 hour'`);
    await replies.recordNotPublished(lease);
    await replies.beginSending(lease, decide('reply-sending'));
    const [row] = await database.query<{ fresh: boolean }>(
      `SELECT attempt_started_at > now() - interval '1 minute' AS fresh FROM replies WHERE id = $1`,
      [id],
    );
    expect(row).toEqual({ fresh: true });
  });
});

describe('a try that the platform refused', () => {
  it('leaves a reply ready that was never tried before, and has one looked for that may be out', async () => {
    const { lease, id } = await sendingReply('1', 'It costs 900.');
    await replies.recordNotPublished(lease);
    expect(await replies.find(id)).toMatchObject({ state: 'drafted' });
    await replies.beginSending(lease, decide('reply-sending'));
    await replies.allowResend(lease, decide('reply-send-again'));
    const second = await claimed({ kind: 'reply', id });
    await replies.beginSending(second, decide('reply-sending'));
    await replies.recordNotPublished(second);
    expect(await replies.find(id)).toMatchObject({ state: 'unknown', attempt: 1, emptyListings: 0 });
  });

  it('is under way with a lease that began when the sending did', async () => {
    const { id } = await sendingReply('1', 'It costs 900.');
    const [row] = await database.query<{ left: number }>(
      `SELECT extract(epoch FROM lease_until - attempt_started_at)::float8 AS left FROM replies WHERE id = $1`,
      [id],
    );
    expect(row?.left).toBe(30);
  });
});
