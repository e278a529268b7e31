import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decide, decidedByOperator, reasons } from '#domain/comments/reason-codes.js';
import type { ModerationAction } from '#domain/moderation/moderation.js';
import type { ReplyAudit } from '#domain/replies/reply-audits.js';
import { AlertId, CommentId, PublishedId, ReplyId } from '#domain/shared/ids.js';
import { StaleLease, type Lease, type WorkRef } from '#domain/work/lease.js';
import { everythingId } from '#domain/work/pauses.js';
import { PostgresAccounts } from '#infrastructure/postgres/accounts.js';
import { PostgresAlerts } from '#infrastructure/postgres/alerts.js';
import { PostgresComments } from '#infrastructure/postgres/comments.js';
import type { Database } from '#infrastructure/postgres/database.js';
import { PostgresDecisions } from '#infrastructure/postgres/decisions.js';
import { PostgresIntake } from '#infrastructure/postgres/intake.js';
import { PostgresLeases } from '#infrastructure/postgres/leases.js';
import { PostgresModerations } from '#infrastructure/postgres/moderations.js';
import { PostgresParked } from '#infrastructure/postgres/parked.js';
import { PostgresPauses } from '#infrastructure/postgres/pauses.js';
import { PostgresPrivateReplies } from '#infrastructure/postgres/private-replies.js';
import { PostgresReplies } from '#infrastructure/postgres/replies.js';
import { PostgresReplyAudits } from '#infrastructure/postgres/reply-audits.js';
import { account, delivery, incoming, openDatabase } from '../support/rows.js';
import { startDatabase, type TestService } from '../support/services.js';

const one = CommentId.parse('1');
const verdict = {
  class: 'question',
  confidence: 90,
  reason: '',
  language: 'en',
  model: 'm',
  promptVersion: 'p',
} as const;

const asked = decidedByOperator('moderation-requested', {});

let service: TestService;
let database: Database;
let leases: PostgresLeases;
let moderations: PostgresModerations;
let parked: PostgresParked;
let replies: PostgresReplies;
let audits: PostgresReplyAudits;

beforeAll(async () => {
  service = await startDatabase();
  database = await openDatabase(service.url);
  leases = new PostgresLeases(database, 'test');
  moderations = new PostgresModerations(database);
  parked = new PostgresParked(database);
  replies = new PostgresReplies(database);
  audits = new PostgresReplyAudits(database);
  await new PostgresAccounts(database).connect(account);
});
beforeEach(async () => {
  await database.query('TRUNCATE comments, deliveries, replies, moderations, alerts, decisions');
  await new PostgresIntake(database).store(delivery([incoming('1'), incoming('2', { parentId: one })]));
  await database.query(`UPDATE comments SET stage = 'done', outcome = 'left-alone', due_at = NULL`);
});
afterAll(async () => {
  await database.close();
  await service.stop();
});

async function claimed(ref: WorkRef): Promise<Lease> {
  const claim = await leases.claim(ref, 30_000);
  if (claim.kind !== 'claimed') throw new Error(`not claimed: ${claim.kind}`);
  return claim.lease;
}

const wish = async (action: ModerationAction, requestId?: string): ReturnType<typeof moderations.wish> =>
  await moderations.wish(one, action, requestId, asked);

async function stageOf(id: string): Promise<unknown> {
  return (await database.query('SELECT stage, outcome FROM comments WHERE id = $1', [id]))[0];
}

describe("an operator's wish about a comment", () => {
  it('reopens the comment, and its end tells what is so now: hidden, visible again, deleted', async () => {
    for (const [action, outcome] of [
      ['hide', 'hidden'],
      ['unhide', 'left-alone'],
      ['delete', 'deleted'],
    ] as const) {
      const moderation = await wish(action);
      expect(await stageOf('1')).toEqual({ stage: 'acting', outcome: null });
      const lease = await claimed({ kind: 'moderation', id: moderation.id });
      await moderations.recordDone(lease, action, decide('hidden'));
      expect(await stageOf('1')).toEqual({ stage: 'done', outcome });
    }
    expect((await new PostgresDecisions(database).about(one))?.actions).toEqual(['hide', 'unhide', 'delete']);
  });

  it('is one wish when ten ask for it at once, and again with the same request id when it is done', async () => {
    const all = await Promise.all(Array.from({ length: 10 }, async () => await wish('hide', 'r1')));
    expect(new Set(all.map(({ id }) => id)).size).toBe(1);
    const [first] = all;
    if (!first) throw new Error('no wish');
    await moderations.recordDone(await claimed({ kind: 'moderation', id: first.id }), 'hide', decide('hidden'));
    expect(await wish('hide', 'r1')).toMatchObject({ id: first.id, state: 'done' });
    await expect(wish('unhide', 'r1')).rejects.toMatchObject({ kind: 'conflict' });
    expect((await wish('hide')).id).not.toBe(first.id);
    const lines = await database.query(`SELECT actor FROM decisions WHERE reason = 'moderation-requested'`);
    expect(lines).toEqual([{ actor: 'operator' }, { actor: 'operator' }]);
  });

  // audit 5
  it('drops the one before, whose worker may write nothing more, and waits until its call has surely ended', async () => {
    const former = await wish('hide');
    const lease = await claimed({ kind: 'moderation', id: former.id });
    const newer = await wish('unhide');
    await expect(moderations.recordDone(lease, 'hide', decide('hidden'))).rejects.toBeInstanceOf(StaleLease);
    expect(await leases.renew(lease, 30_000)).toBe(false);
    expect(await leases.claim({ kind: 'moderation', id: newer.id }, 30_000)).toMatchObject({ kind: 'not-yet' });
  });

  it('is the only way to delete: no rule of ours can', async () => {
    const byRule = `INSERT INTO moderations (comment_id, account_id, action, state) VALUES ('1', 'x', 'delete', 'due')`;
    await expect(database.query(byRule)).rejects.toThrow('moderations_deleted_by_people');
  });
});

describe('a private reply', () => {
  it('is there once, whoever writes how often, beside the public one', async () => {
    const writing = new PostgresPrivateReplies(database);
    const texts = ['Hello', 'Hello', 'Other'];
    const all = await Promise.all(texts.map(async (text) => await writing.write(one, text)));
    expect(new Set(all.map(({ id, text }) => `${id} ${text}`)).size).toBe(1);
    await database.query(
      `INSERT INTO replies (comment_id, account_id, intent, state, text) VALUES ('1', $1, 'auto', 'sent', 'public')`,
      [account.id],
    );
    const record = await new PostgresDecisions(database).about(one);
    expect(record?.privateReply).toMatchObject({ state: 'drafted' });
    expect(record?.decisions.filter(({ reason }) => reason === 'private-reply-written')).toHaveLength(1);
    const [first] = all;
    const lease = await claimed({ kind: 'reply', id: first?.id ?? ReplyId.parse('') });
    await replies.beginSending(lease, decide('reply-sending'));
    await replies.recordSent(lease, PublishedId.parse('m'.repeat(200)), decide('reply-sent'));
    expect(await stageOf('1')).toEqual({ stage: 'done', outcome: 'answered' });
  });
});

/** A public reply that was tried so often and is in this state. */
async function tried(commentId: string, state: string, attempt: number): Promise<ReplyId> {
  const [row] = await database.query<{ id: string }>(
    `INSERT INTO replies (comment_id, account_id, intent, state, text, attempt, attempt_started_at, due_at)
     VALUES ($1, $2, 'auto', $3, 'It costs 900.', $4, now(), now()) RETURNING id`,
    [commentId, account.id, state, attempt],
  );
  await database.query(`UPDATE comments SET stage = 'acting', outcome = NULL WHERE id = $1`, [commentId]);
  return ReplyId.parse(row?.id);
}

describe('a wish after one that was given up', () => {
  it('takes its place: the comment is done when it is, and the former cannot be tried again', async () => {
    const former = await wish('hide');
    await leases.park(await claimed({ kind: 'moderation', id: former.id }), 'parked-forbidden', 'code 10');
    await database.query(`UPDATE alerts SET due_at = NULL, state = 'told'`);
    expect(await stageOf('1')).toEqual({ stage: 'acting', outcome: null });
    const next = await wish('delete');
    await moderations.recordDone(await claimed({ kind: 'moderation', id: next.id }), 'delete', decide('deleted'));
    expect(await stageOf('1')).toEqual({ stage: 'done', outcome: 'deleted' });
    expect(await parked.retry({ kind: 'moderation', id: former.id })).toEqual({ kind: 'not-parked' });
  });
});

// audit 3
describe('parked work', () => {
  it('is listed newest first, page by page, with its reason and its last error', async () => {
    for (const [id, reason] of [
      ['1', 'parked-unclear'],
      ['2', 'parked-rejected'],
    ] as const) {
      await leases.park(await claimed({ kind: 'reply', id: await tried(id, 'drafted', 0) }), reason, `no ${id}`);
    }
    await database.query(`UPDATE replies SET parked_at = '2026-11-01' WHERE comment_id = '1'`);
    const [first] = await parked.list({ limit: 1, after: undefined, reason: undefined });
    expect(first).toMatchObject({ commentId: '2', reason: 'parked-rejected', error: 'no 2' });
    if (!first) throw new Error('nothing is parked');
    const after = { since: first.since, key: `reply-${first.ref.id}` };
    const rest = await parked.list({ limit: 5, after, reason: undefined });
    expect(rest).toMatchObject([{ commentId: '1', reason: 'parked-unclear', error: 'no 1' }]);
    expect(await parked.list({ limit: 5, after: undefined, reason: 'parked-unclear' })).toEqual(rest);
  });

  it.each([
    ['drafted', 0, 'drafted', 0],
    ['wanted', 0, 'wanted', 0],
    ['unknown', 2, 'unknown', 1], // looked for anew; only after that it may be sent once more
    ['sending', 1, 'unknown', 1], // never a blind send
    ['drafted', 1, 'unknown', 1],
  ])('as a reply that was %s after %d tries comes back as %s, once', async (state, attempt, back, left) => {
    const ref = { kind: 'reply', id: await tried('1', state, attempt) } as const;
    await database.query('UPDATE replies SET empty_listings = 2');
    await leases.park(await claimed(ref), 'parked-unclear', 'not found');
    const outcomes = [await parked.retry(ref), await parked.retry(ref)];
    expect(outcomes).toMatchObject([{ kind: 'retried', due: { ref, stage: back } }, { kind: 'not-parked' }]);
    expect(await database.query('SELECT state, attempt, empty_listings, attempts FROM replies')).toEqual([
      { state: back, attempt: left, empty_listings: 0, attempts: 0 },
    ]);
    expect(await stageOf('1')).toEqual({ stage: 'acting', outcome: null });
    expect(await database.query(`SELECT actor FROM decisions WHERE reason = 'retried-by-operator'`)).toEqual([
      { actor: 'operator' },
    ]);
  });

  it('as a comment nobody understood stays parked while something else is done for it, and can be tried again', async () => {
    await database.query(`UPDATE comments SET stage = 'received', outcome = NULL, due_at = now() WHERE id = '1'`);
    await leases.park(await claimed({ kind: 'comment', id: one }), 'parked-model-output', 'broken');
    const moderation = await wish('hide');
    await database.query(`UPDATE alerts SET due_at = NULL, state = 'told'`);
    const lease = await claimed({ kind: 'moderation', id: moderation.id });
    await moderations.recordDone(lease, 'hide', decide('hidden'));
    expect(await stageOf('1')).toEqual({ stage: 'parked', outcome: 'parked' });
    expect(await parked.retry({ kind: 'comment', id: one })).toMatchObject({ kind: 'retried' });
    expect(await stageOf('1')).toEqual({ stage: 'received', outcome: null });
    expect((await leases.due(5)).map(({ ref }) => ref)).toContainEqual({ kind: 'comment', id: '1' });
  });

  it('is told each time, also when operators had heard of the comment before; what was retried is no longer told', async () => {
    const alerts = new PostgresAlerts(database);
    const tell = async (): Promise<string | undefined> => {
      const [row] = await database.query<{ id: string }>('SELECT id FROM alerts WHERE due_at <= now()');
      const alert = row && (await alerts.find(AlertId.parse(row.id)));
      if (!alert) return 'nothing to tell';
      const lease = await claimed({ kind: 'alert', id: alert.id });
      await alerts.beginSending(lease);
      const content = await alerts.content(alert);
      await alerts.recordTold(lease, '7', decide('operators-told'));
      return content?.parked;
    };
    await database.query(`UPDATE comments SET stage = 'received', outcome = NULL, due_at = now() WHERE id = '1'`);
    await leases.park(await claimed({ kind: 'comment', id: one }), 'parked-model-output', 'broken');
    expect(await tell()).toBe(reasons['parked-model-output'].explanation);
    expect(await tell()).toBe('nothing to tell');
    await parked.retry({ kind: 'comment', id: one });
    const plan = { reply: 'none', hide: 'none', alert: true, decisions: [] } as const;
    await new PostgresComments(database).recordVerdict(await claimed({ kind: 'comment', id: one }), verdict, plan, []);
    expect(await tell()).toBeUndefined();
    await leases.park(await claimed({ kind: 'reply', id: await tried('1', 'unknown', 2) }), 'parked-unclear', 'no');
    expect(await tell()).toBe(reasons['parked-unclear'].explanation);
    expect(await stageOf('1')).toEqual({ stage: 'parked', outcome: 'parked' });
  });

  it('as an alert that could not be told can be told again; what is unknown cannot', async () => {
    const [row] = await database.query<{ id: string }>(
      `INSERT INTO alerts (comment_id, account_id, state, due_at) VALUES ('1', $1, 'waiting', now()) RETURNING id`,
      [account.id],
    );
    const ref = { kind: 'alert', id: row?.id } as WorkRef; // the database made a uuid
    await leases.park(await claimed(ref), 'parked-tries-used-up', 'no chat');
    expect(await parked.retry(ref)).toMatchObject({ kind: 'retried', due: { stage: 'waiting' } });
    expect(await parked.retry({ kind: 'comment', id: CommentId.parse('404') })).toEqual({ kind: 'unknown' });
  });
});

// AN-8
describe('the audit', () => {
  const laterMs = 3_600_000;
  const pass = async (): Promise<unknown> =>
    await database.query(`UPDATE replies SET audit_due_at = audit_due_at - interval '1 hour'`);

  async function sent(commentId: string, state: string, attempt: number): Promise<ReplyId> {
    const id = await tried(commentId, state, attempt);
    const lease = await claimed({ kind: 'reply', id });
    await replies.recordSent(lease, PublishedId.parse(`9${commentId}`), decide('reply-sent'));
    return id;
  }

  it('costs nothing for a reply that was clear at once', async () => {
    await sent('1', 'sending', 1);
    await pass();
    expect(await audits.take(10, laterMs)).toEqual([]);
  });

  it.each([
    ['unknown', 1],
    ['sending', 2],
  ])('takes a reply that was %s after %d tries, some minutes later, one process of many', async (state, attempt) => {
    const id = await sent('1', state, attempt);
    expect(await audits.take(10, laterMs)).toEqual([]);
    await pass();
    const taken = await Promise.all([1, 2, 3].map(async () => await audits.take(10, laterMs)));
    expect(taken.flat()).toMatchObject([{ id, topLevelId: '1', platformReplyId: '91', looks: 1, attempt }]);
    await pass();
    expect(await audits.take(10, laterMs)).toMatchObject([{ id, looks: 2 }]);
  });

  it('waits for a twin in the thread that is in doubt: its copy could be taken for ours', async () => {
    await sent('1', 'unknown', 1);
    const twin = await tried('2', 'unknown', 1);
    await pass();
    expect(await audits.take(10, laterMs)).toEqual([]);
    await database.query(`UPDATE replies SET state = 'dropped', due_at = NULL WHERE id = $1`, [twin]);
    expect(await audits.take(10, laterMs)).toHaveLength(1);
  });

  it.each([
    ['everything', everythingId, 'person'],
    ['account', account.id, 'disconnected'],
    ['account', account.id, 'blocked'],
    ['post', '18000000000000001', 'person'],
  ] as const)('waits while %s %s is paused (%s), and no look is spent', async (scope, id, why) => {
    await sent('1', 'unknown', 1);
    await pass();
    const pauses = new PostgresPauses(database);
    await pauses.pause({ scope, id, why, by: 'system' });
    expect(await audits.take(10, laterMs)).toEqual([]);
    await pauses.resume(scope, id);
    expect(await audits.take(10, laterMs)).toMatchObject([{ looks: 1 }]);
  });

  it('keeps what it found, and says in the end which copy stands', async () => {
    await sent('1', 'unknown', 2);
    await pass();
    const [audit] = await audits.take(10, laterMs);
    if (!audit) throw new Error('nothing to audit');
    await audits.recordFound(audit, PublishedId.parse('91'), 1_000, decide('two-replies-found'));
    await pass();
    const again: ReplyAudit | undefined = (await audits.take(10, laterMs))[0];
    expect(again).toMatchObject({ extraId: '91' });
    await audits.end(audit, PublishedId.parse('90'), [decide('second-reply-removed')]);
    await audits.end(audit, PublishedId.parse('90'), [decide('second-reply-removed')]);
    expect(await database.query('SELECT platform_reply_id, audit_due_at, extra_reply_id FROM replies')).toEqual([
      { platform_reply_id: '90', audit_due_at: null, extra_reply_id: null },
    ]);
    const lines = await database.query(`SELECT reason FROM decisions WHERE reason LIKE '%repl%' ORDER BY id`);
    expect(lines.map(({ reason }) => reason)).toEqual(['reply-sent', 'two-replies-found', 'second-reply-removed']);
  });
});
