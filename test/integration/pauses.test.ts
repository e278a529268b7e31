import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decide } from '#domain/comments/reason-codes.js';
import type { Plan } from '#domain/comments/triage.js';
import { AccountId, CommentId, MediaId, ModerationId } from '#domain/shared/ids.js';
import { StaleLease, type Lease, type WorkRef } from '#domain/work/lease.js';
import { everythingId, type NewPause } from '#domain/work/pauses.js';
import { PostgresAccounts } from '#infrastructure/postgres/accounts.js';
import { PostgresComments } from '#infrastructure/postgres/comments.js';
import type { Database } from '#infrastructure/postgres/database.js';
import { PostgresIntake } from '#infrastructure/postgres/intake.js';
import { PostgresLeases } from '#infrastructure/postgres/leases.js';
import { PostgresModerations } from '#infrastructure/postgres/moderations.js';
import { PostgresPauses } from '#infrastructure/postgres/pauses.js';
import { PostgresReplies } from '#infrastructure/postgres/replies.js';
import { pausesContract } from '../contracts/pauses.contract.js';
import { account, delivery, incoming, openDatabase, verdictOf } from '../support/rows.js';
import { startDatabase, type TestService } from '../support/services.js';

const verdict = verdictOf('question');
const draft = { text: 'It costs 900.', sources: [], model: 'm', promptVersion: 'p' };
const replyAndHide: Plan = { reply: 'auto', hide: 'now', alert: true, decisions: [] };

const other = { ...account, id: AccountId.parse('17841400000000002'), username: 'other.cakes' };
const post = MediaId.parse('18000000000000077');
/** One comment each: ours under two posts, and another account's. */
const [ours, ofPost, theirs] = ['1', '2', '3'];

const everything: NewPause = { scope: 'everything', id: everythingId, why: 'person', by: 'operator' };
const oursOnly: NewPause = { scope: 'account', id: account.id, why: 'person', by: 'operator' };
const postOnly: NewPause = { scope: 'post', id: post, why: 'person', by: 'operator' };

let service: TestService;
let database: Database;
let leases: PostgresLeases;
let comments: PostgresComments;
let replies: PostgresReplies;
let pauses: PostgresPauses;

beforeAll(async () => {
  service = await startDatabase();
  database = await openDatabase(service.url);
  leases = new PostgresLeases(database, 'test');
  comments = new PostgresComments(database);
  replies = new PostgresReplies(database);
  pauses = new PostgresPauses(database);
  await new PostgresAccounts(database).connect(account);
  await new PostgresAccounts(database).connect(other);
});
afterAll(async () => {
  await database.close();
  await service.stop();
});

async function empty(): Promise<void> {
  await database.query('TRUNCATE comments, deliveries, replies, moderations, alerts, decisions, pauses');
}

async function claimed(ref: WorkRef): Promise<Lease> {
  const claim = await leases.claim(ref, 30_000);
  if (claim.kind !== 'claimed') throw new Error(`not claimed: ${claim.kind}`);
  return claim.lease;
}

/** A comment that is understood, with a reply that is to be written and a hide that is due. */
async function understood(id: string, given: Parameters<typeof incoming>[1]): Promise<WorkRef> {
  const intake = new PostgresIntake(database);
  await intake.store(delivery([incoming(id, given)]));
  const lease = await claimed({ kind: 'comment', id: CommentId.parse(id) });
  const due = await comments.recordVerdict(lease, verdict, replyAndHide, []);
  const reply = due.find(({ ref }) => ref.kind === 'reply');
  if (!reply) throw new Error('no reply is due');
  return reply.ref;
}

async function written(id: string, given: Parameters<typeof incoming>[1] = {}): Promise<WorkRef> {
  const ref = await understood(id, given);
  await replies.keepForSending(await claimed(ref), draft, decide('drafted'));
  return ref;
}

/** What the sweep would ring for, as "comment's id, kind". */
async function due(): Promise<readonly string[]> {
  const found = await leases.due(100);
  const ids = await Promise.all(
    found.map(async ({ ref }) => {
      if (ref.kind === 'comment') return `${ref.id} comment`;
      const [row] = await database.query<{ comment_id: string }>(
        `SELECT comment_id FROM ${ref.kind === 'reply' ? 'replies' : `${ref.kind}s`} WHERE id = $1`,
        [ref.id],
      );
      return `${row?.comment_id} ${ref.kind}`;
    }),
  );
  return ids.toSorted();
}

async function waits(): Promise<readonly unknown[]> {
  return await database.query(
    `SELECT comment_id, detail->>'paused' AS paused, detail->>'why' AS why FROM decisions
      WHERE reason = 'waits-for-resume' ORDER BY id`,
  );
}

pausesContract('PostgreSQL', async () => {
  await empty();
  return {
    pauses,
    pass: async (milliseconds) => {
      await database.query(
        `UPDATE pauses SET until = until - $1 * interval '1 millisecond',
                paused_at = paused_at - $1 * interval '1 millisecond'`,
        [milliseconds],
      );
    },
  };
});

// audit 31, PO-5
describe('while something is paused', () => {
  let refs: WorkRef[];
  beforeEach(async () => {
    await empty();
    refs = [
      await written(ours),
      await written(ofPost, { mediaId: post }),
      await written(theirs, { accountId: other.id }),
    ];
    // Not just now: next steps are in hand for a moment, and not rung for.
    await database.query(`UPDATE replies SET due_at = due_at - interval '2 seconds'`);
  });
  const both = (...ids: readonly string[]): readonly string[] =>
    ids.flatMap((id) => [`${id} moderation`, `${id} reply`]);

  it.each([
    { what: 'everything', pause: everything, goOn: [] },
    { what: 'an account', pause: oursOnly, goOn: [theirs] },
    { what: 'a post', pause: postOnly, goOn: [ours, theirs] },
  ])('$what: what customers would see there is neither rung for nor taken; the rest goes on', async (given) => {
    await pauses.pause(given.pause);
    expect(await due()).toEqual(both(...given.goOn));
    const claims = await Promise.all(refs.map(async (ref) => (await leases.claim(ref, 30_000)).kind));
    const expected = [ours, ofPost, theirs].map((id) => (given.goOn.includes(id) ? 'claimed' : 'nothing-to-do'));
    expect(claims).toEqual(expected);
  });

  it('comments are understood, drafts written and operators told all the same', async () => {
    await pauses.pause(everything);
    const reply = await understood('4', {});
    await claimed(reply);
    await database.query(`UPDATE alerts SET due_at = now()`);
    expect(await due()).toEqual(['1 alert', '2 alert', '3 alert', '4 alert']);
  });

  it('everything comes back with the resume, nothing spent', async () => {
    const before = await due();
    await pauses.pause(everything);
    await pauses.pause({ ...oursOnly, why: 'disconnected' });
    await pauses.resume('everything', everythingId);
    expect(await due()).toEqual(both(theirs));
    await pauses.resume('account', account.id, 'disconnected');
    expect(await due()).toEqual(before);
    expect((await claimed(refs[0] ?? raise())).attempts).toBe(0);
  });

  it('a reply that was taken before does not begin to be sent, and stays with its holder', async () => {
    const lease = await claimed(refs[0] ?? raise());
    await pauses.pause(everything);
    expect(await replies.beginSending(lease, decide('reply-sending'))).toBe('paused');
    expect(await database.query('SELECT state, attempt FROM replies WHERE comment_id = $1', [ours])).toEqual([
      { state: 'drafted', attempt: 0 },
    ]);
    expect(await database.query(`SELECT 1 FROM decisions WHERE reason = 'reply-sending'`)).toEqual([]);
    await pauses.resume('everything', everythingId);
    expect(await replies.beginSending(lease, decide('reply-sending'))).toBe('begun');
  });

  it('nor does a hide that was taken before begin, until the resume', async () => {
    const [row] = await database.query<{ id: string }>('SELECT id FROM moderations WHERE comment_id = $1', [ours]);
    const lease = await claimed({ kind: 'moderation', id: ModerationId.parse(row?.id) });
    await pauses.pause(postOnly);
    const moderations = new PostgresModerations(database);
    expect(await moderations.begin(lease)).toBe('begun'); // another post
    await pauses.pause(oursOnly);
    expect(await moderations.begin(lease)).toBe('paused');
    await pauses.resume('account', account.id);
    expect(await moderations.begin(lease)).toBe('begun');
  });

  it('somebody else having taken over is still what counts', async () => {
    const old = await claimed(refs[0] ?? raise());
    await leases.release(old, { delayMs: 0, error: '', spentTry: false });
    await claimed(refs[0] ?? raise());
    await pauses.pause(everything);
    await expect(replies.beginSending(old, decide('reply-sending'))).rejects.toBeInstanceOf(StaleLease);
  });

  it.each([
    { why: 'person', looked: true },
    { why: 'blocked', looked: true },
    { why: 'disconnected', looked: false },
  ] as const)('an unclear reply (paused: $why) may be looked for: $looked; it is not sent again', async (given) => {
    const ref = refs[0] ?? raise();
    const lease = await claimed(ref);
    await replies.beginSending(lease, decide('reply-sending'));
    await replies.recordUnclear(lease, 0, decide('reply-unclear'));
    await pauses.pause({ ...oursOnly, why: given.why });
    const claim = await leases.claim(ref, 30_000);
    expect(claim.kind).toBe(given.looked ? 'claimed' : 'nothing-to-do');
    if (claim.kind !== 'claimed') return;
    await replies.allowResend(claim.lease, decide('reply-send-again'));
    expect((await leases.claim(ref, 30_000)).kind).toBe('nothing-to-do');
  });

  it('the ledger of what waits says so once per pause, however many look', async () => {
    await pauses.pause(oursOnly);
    await Promise.all(Array.from({ length: 5 }, async () => await pauses.tellWaiting()));
    await database.query(`INSERT INTO decisions (comment_id, step, reason) VALUES ('1', 'notify', 'operators-told')`);
    await pauses.tellWaiting();
    const why = { paused: 'account', why: 'person' };
    expect(await waits()).toEqual([
      { comment_id: ours, ...why },
      { comment_id: ofPost, ...why },
    ]);

    await pauses.resume('account', account.id);
    await pauses.tellWaiting();
    expect(await waits()).toHaveLength(2);
    await pauses.pause(postOnly);
    await pauses.tellWaiting();
    expect((await waits()).slice(2)).toEqual([{ comment_id: ofPost, paused: 'post', why: 'person' }]);
  });
});

function raise(): never {
  throw new Error('there is no such reply');
}
