import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { jobCatalog, jobFor, lanes } from '#domain/jobs/job-catalog.js';
import { decide } from '#domain/comments/reason-codes.js';
import { AccountId, CommentId } from '#domain/shared/ids.js';
import { StaleLease, type Lease, type WorkRef } from '#domain/work/lease.js';
import { PostgresAlerts } from '#infrastructure/postgres/alerts.js';
import { PostgresAccounts } from '#infrastructure/postgres/accounts.js';
import { PostgresComments } from '#infrastructure/postgres/comments.js';
import type { Database } from '#infrastructure/postgres/database.js';
import { PostgresIntake } from '#infrastructure/postgres/intake.js';
import { PostgresLeases } from '#infrastructure/postgres/leases.js';
import { account, delivery, incoming, openDatabase, verdictOf } from '../support/rows.js';
import { startDatabase, type TestService } from '../support/services.js';

const ref: WorkRef = { kind: 'comment', id: CommentId.parse('1') };
const verdict = verdictOf('spam');
const hideAndTell = { reply: 'none', hide: 'now', alert: true, decisions: [] } as const;

let service: TestService;
let database: Database;
let leases: PostgresLeases;
let comments: PostgresComments;

beforeAll(async () => {
  service = await startDatabase();
  database = await openDatabase(service.url);
  leases = new PostgresLeases(database, 'test');
  comments = new PostgresComments(database);
  await new PostgresAccounts(database).connect(account);
});
beforeEach(async () => {
  await database.query('TRUNCATE comments, deliveries, replies, moderations, alerts, decisions');
  await new PostgresIntake(database).store(delivery([incoming('1')]));
});
afterAll(async () => {
  await database.close();
  await service.stop();
});

async function claimed(which: WorkRef = ref): Promise<Lease> {
  const claim = await leases.claim(which, 30_000);
  if (claim.kind !== 'claimed') throw new Error(`not claimed: ${claim.kind}`);
  return claim.lease;
}

/** As if so much time had gone by for every row. */
async function pass(milliseconds: number): Promise<void> {
  for (const table of ['comments', 'replies', 'moderations', 'alerts']) {
    await database.query(
      `UPDATE ${table} SET due_at = due_at - $1 * interval '1 millisecond',
              lease_until = lease_until - $1 * interval '1 millisecond'`,
      [milliseconds],
    );
  }
}

describe('holding a row', () => {
  it('is granted to one of fifty who ask at once; the others hear when to come back', async () => {
    const claims = await Promise.all(Array.from({ length: 50 }, async () => await leases.claim(ref, 30_000)));
    const kinds = claims.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'claimed')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'not-yet')).toHaveLength(49);
  });

  it('passes on when the lease runs out, and what the old holder writes then changes nothing', async () => {
    const old = await claimed();
    await pass(30_001);
    const young = await claimed();
    expect(young.epoch).toBe(old.epoch + 1);

    await expect(comments.recordVerdict(old, verdict, hideAndTell, [])).rejects.toBeInstanceOf(StaleLease);
    await expect(leases.park(old, 'parked-rejected', 'x')).rejects.toBeInstanceOf(StaleLease);
    expect(await leases.renew(old, 30_000)).toBe(false);
    await leases.release(old, { delayMs: 0, error: 'x', spentTry: true });
    expect(await database.query('SELECT attempts, last_error, stage FROM comments')).toEqual([
      { attempts: 0, last_error: null, stage: 'received' },
    ]);

    await comments.recordVerdict(young, verdict, hideAndTell, []);
    expect(await database.query('SELECT stage FROM comments')).toEqual([{ stage: 'acting' }]);
  });

  it('lasts as long as it is renewed', async () => {
    const lease = await claimed();
    await pass(20_000);
    expect(await leases.renew(lease, 30_000)).toBe(true);
    await pass(20_000);
    expect((await leases.claim(ref, 30_000)).kind).toBe('not-yet');
  });

  it('gives a row back with its error and its next time, and spends a try only when told to', async () => {
    await leases.release(await claimed(), { delayMs: 5_000, error: 'limit', spentTry: false });
    expect(await leases.claim(ref, 1_000)).toMatchObject({ kind: 'not-yet' });
    await pass(5_001);
    await leases.release(await claimed(), { delayMs: 0, error: 'down', spentTry: true });
    expect(await claimed()).toMatchObject({ attempts: 1 });
  });

  it('tells the ledger once about a failure that repeats', async () => {
    for (let time = 0; time < 3; time += 1) {
      const decision = decide('waits-after-failure', { error: 'down' });
      await leases.release(await claimed(), { delayMs: 0, error: 'down', spentTry: true, decision });
    }
    expect(await database.query('SELECT reason FROM decisions ORDER BY id')).toEqual([
      { reason: 'received' },
      { reason: 'waits-after-failure' },
    ]);
  });
});

describe('the sweep', () => {
  it('finds what is due, of every kind, and not what somebody works on', async () => {
    expect((await leases.due(10)).map(({ ref: { kind } }) => kind)).toEqual(['comment']);
    const lease = await claimed();
    expect(await leases.due(10)).toEqual([]);
    await comments.recordVerdict(lease, verdict, hideAndTell, []);
    const kinds = (await leases.due(10)).map(({ ref: { kind } }) => kind);
    expect(kinds.toSorted()).toEqual(['alert', 'moderation']);
  });

  it('shows the replies that are to be sent, however many older ones wait to be written', async () => {
    await new PostgresIntake(database).store(delivery(['2', '3', '4', '5'].map((id) => incoming(id))));
    await database.query(
      `INSERT INTO replies (comment_id, account_id, intent, state, due_at)
       SELECT id, account_id, 'auto', CASE id WHEN '5' THEN 'drafted' ELSE 'wanted' END,
              now() - CASE id WHEN '5' THEN 2 ELSE 60 END * interval '1 second' FROM comments`,
    );
    const stages = (await leases.due(3)).filter(({ ref: { kind } }) => kind === 'reply').map(({ stage }) => stage);
    expect(stages.toSorted()).toEqual(['drafted', 'wanted', 'wanted', 'wanted']);
  });

  it.each(lanes)('finds for the lane %s exactly what its jobs are made of', async (lane) => {
    await new PostgresIntake(database).store(delivery(['2', '3', '4'].map((id) => incoming(id))));
    await comments.recordVerdict(await claimed(), verdict, hideAndTell, []);
    await database.query(
      `INSERT INTO replies (comment_id, account_id, intent, state, due_at)
       SELECT id, account_id, 'auto', CASE id WHEN '2' THEN 'drafted' ELSE 'wanted' END, now() - interval '2 seconds'
         FROM comments WHERE id < '4'`,
    );
    const jobsOf = (work: Awaited<ReturnType<typeof leases.due>>) => work.map(({ ref, stage }) => jobFor(ref, stage));
    const ofThisLane = jobsOf(await leases.due(10)).filter((job) => job && jobCatalog[job.name].lane === lane);
    expect(ofThisLane).not.toEqual([]);
    expect(jobsOf(await leases.due(10, [lane]))).toEqual(ofThisLane);
  });

  it('finds an alert behind any number of comments that wait for the model', async () => {
    await comments.recordVerdict(
      await claimed(),
      verdict,
      { reply: 'none', hide: 'none', alert: true, decisions: [] },
      [],
    );
    await new PostgresIntake(database).store(delivery(['2', '3', '4', '5'].map((id) => incoming(id))));
    await database.query(`UPDATE comments SET due_at = due_at - interval '1 hour'`);
    const kinds = (await leases.due(3)).map(({ ref: { kind } }) => kind);
    expect(kinds).toContain('alert');
    expect(kinds.filter((kind) => kind === 'comment')).toHaveLength(3);
  });

  // audit 26 for whoever shares the workers: a flood of one account is not in front of the others
  it('takes turns between accounts, the oldest of each first', async () => {
    const other = { ...account, id: AccountId.parse('17841400000000002'), username: 'quiet.shop' };
    await new PostgresAccounts(database).connect(other);
    const flood = Array.from({ length: 300 }, (_, index) => incoming(String(1_000 + index)));
    await new PostgresIntake(database).store(delivery(flood));
    await new PostgresIntake(database).store(
      delivery([incoming('7', { accountId: other.id }), incoming('8', { accountId: other.id })]),
    );
    await database.query(`UPDATE comments SET due_at = now() - interval '1 hour' WHERE account_id = $1`, [account.id]);
    const due = await leases.due(5);
    const places = ['7', '8'].map((id) => due.findIndex(({ ref: found }) => found.id === id));
    expect(due).toHaveLength(5);
    expect(places).toEqual([1, 3]);
  });

  it('finds what a dead worker held, as soon as its lease has run out', async () => {
    await claimed();
    await pass(30_001);
    expect(await leases.due(10)).toHaveLength(1);
  });
});

describe('the end of a comment', () => {
  it('comes with the last of the things that are due, also when two end at the same moment', async () => {
    for (let round = 0; round < 10; round += 1) {
      const id = `2${round}`;
      await new PostgresIntake(database).store(delivery([incoming(id)]));
      const due = await comments.recordVerdict(
        await claimed({ kind: 'comment', id: CommentId.parse(id) }),
        verdict,
        hideAndTell,
        [],
      );
      expect(due).toHaveLength(2);
      const held = await Promise.all(due.map(async (work) => await claimed(work.ref)));
      await Promise.all(held.map(async (lease) => await leases.park(lease, 'parked-rejected', 'no')));
      const [row] = await database.query('SELECT stage, outcome FROM comments WHERE id = $1', [id]);
      expect(row).toEqual({ stage: 'parked', outcome: 'parked' });
    }
  });

  it('is told to operators when machines gave up, once, and is final after that', async () => {
    const due = await comments.recordVerdict(await claimed(), verdict, { ...hideAndTell, alert: false }, []);
    const [hide] = due;
    if (!hide) throw new Error('nothing is due');
    await leases.park(await claimed(hide.ref), 'parked-forbidden', 'no right to hide');
    expect(await database.query('SELECT stage FROM comments')).toEqual([{ stage: 'acting' }]);

    const [telling] = await leases.due(10);
    expect(telling?.ref.kind).toBe('alert');
    const alerts = new PostgresAlerts(database);
    const alert = telling?.ref.kind === 'alert' ? await alerts.find(telling.ref.id) : undefined;
    if (!alert) throw new Error('no alert is due');
    const content = await alerts.content(alert);
    expect(content?.parked).toContain('right or scope');
    const lease = await claimed({ kind: 'alert', id: alert.id });
    await alerts.beginSending(lease);
    await alerts.recordTold(lease, '7', decide('operators-told'));
    expect(await database.query('SELECT stage, outcome FROM comments')).toEqual([
      { stage: 'parked', outcome: 'parked' },
    ]);
  });

  it('of a comment that could not be understood is told, too', async () => {
    await leases.park(await claimed(), 'parked-model-refusal', 'declined');
    expect((await leases.due(10)).map(({ ref: { kind } }) => kind)).toEqual(['alert']);
    expect(await database.query('SELECT stage FROM comments')).toEqual([{ stage: 'parked' }]);
  });

  it('comes at once when the policy wants nothing', async () => {
    const nothing = { reply: 'none', hide: 'none', alert: false, decisions: [] } as const;
    await comments.recordVerdict(await claimed(), verdict, nothing, [decide('left-visible')]);
    expect(await database.query('SELECT stage, outcome, due_at FROM comments')).toEqual([
      { stage: 'done', outcome: 'left-alone', due_at: null },
    ]);
  });
});
