import { beforeEach, describe, expect, it } from 'vitest';
import type { ReasonCode } from '#domain/comments/reason-codes.js';
import { jobCatalog, type JobRequest } from '#domain/jobs/job-catalog.js';
import { AppError, errorKinds, type ErrorKind } from '#domain/shared/errors.js';
import { AccountId, CommentId, ReplyId } from '#domain/shared/ids.js';
import { StaleLease, type ClaimOutcome, type Lease } from '#domain/work/lease.js';
import type { DueWork, LaterOptions, Leases } from '#domain/work/leases.js';
import { InMemoryIncidents } from '../../../../test/fakes/in-memory-incidents.js';
import { InMemoryPauses } from '../../../../test/fakes/in-memory-pauses.js';
import { PerformJob, type JobResult } from './perform-job.js';

const request: JobRequest = { name: 'comments.classify', data: { commentId: CommentId.parse('1') } };
const sending: JobRequest = {
  name: 'replies.send',
  data: { replyId: ReplyId.parse('0193e3a2-1111-7aaa-8bbb-123456789abc') },
};
const accountId = AccountId.parse('9');
const clock = { now: () => new Date(), elapsedMs: () => 0, random: () => 0.5 };
const tries = jobCatalog['comments.classify'].retry.length;

/** One row, held by nobody, that remembers what was done with its lease. */
class OneRow implements Leases {
  attempts = 0;
  outcome: ClaimOutcome | undefined;
  readonly released: LaterOptions[] = [];
  readonly parked: ReasonCode[] = [];

  async claim(): Promise<ClaimOutcome> {
    const commentId = CommentId.parse('1');
    const lease = { ref: { kind: 'comment', id: commentId }, commentId, accountId } as const;
    const claimed = { kind: 'claimed', lease: { ...lease, epoch: 1, attempts: this.attempts, traceId: 't' } } as const;
    return await Promise.resolve(this.outcome ?? claimed);
  }

  async renew(): Promise<boolean> {
    return await Promise.resolve(true);
  }

  async release(_lease: Lease, later: LaterOptions): Promise<void> {
    this.released.push(later);
    if (later.spentTry) this.attempts += 1;
    await Promise.resolve();
  }

  async park(_lease: Lease, reason: ReasonCode): Promise<void> {
    this.parked.push(reason);
    await Promise.resolve();
  }

  async due(): Promise<readonly DueWork[]> {
    return await Promise.resolve([]);
  }
}

let row: OneRow;
let incidents: InMemoryIncidents;
let pauses: InMemoryPauses;
let performJob: PerformJob;

beforeEach(() => {
  row = new OneRow();
  incidents = new InMemoryIncidents();
  pauses = new InMemoryPauses(clock);
  performJob = new PerformJob(row, clock, incidents, pauses);
});

async function perform(failure?: Error, job = request): Promise<JobResult> {
  return await performJob.execute(job, async () => {
    if (failure !== undefined) throw failure;
    return await Promise.resolve('advanced');
  });
}

type Fate = 'tried again' | 'waits' | 'parked' | 'waits for its account';

// What becomes of a row for every kind of failure. The keys are checked against the closed list below.
const fates: Readonly<Record<ErrorKind, Fate>> = {
  unavailable: 'tried again',
  ambiguous: 'tried again',
  'rate-limited': 'waits',
  reconnect: 'waits for its account',
  misconfigured: 'waits',
  exhausted: 'waits',
  blocked: 'waits for its account',
  forbidden: 'parked',
  invalid: 'parked',
  'not-found': 'parked',
  gone: 'parked',
  conflict: 'parked',
  rejected: 'parked',
  duplicate: 'parked',
};

async function fateNow(): Promise<Fate> {
  if (row.parked.length > 0) return 'parked';
  if ((await pauses.list()).length > 0) return 'waits for its account';
  return row.released[0]?.spentTry === true ? 'tried again' : 'waits';
}

describe('a job', () => {
  it.each(errorKinds)('that fails as %s ends as the table says', async (kind) => {
    const result = await perform(new AppError(kind, 'no'));
    expect(await fateNow()).toBe(fates[kind]);
    const kinds = { parked: 'parked', 'waits for its account': 'skipped', waits: 'later', 'tried again': 'later' };
    expect(result.kind).toBe(kinds[fates[kind]]);
  });

  it.each([
    ['unavailable', 'waits-after-failure'],
    ['rate-limited', 'waits-for-limit'],
    ['misconfigured', 'waits-for-access'],
    ['exhausted', 'waits-for-quota'],
    ['reconnect', 'waits-for-resume'],
  ] as const)('that waits because of %s says so in the ledger', async (kind, reason) => {
    await perform(new AppError(kind, 'no'));
    expect(row.released).toMatchObject([{ decision: { reason } }]);
  });

  it('that fails for a reason nobody foresaw is tried again, and so counts as a failure', async () => {
    expect(await perform(new TypeError('undefined is not a comment'))).toMatchObject({ kind: 'later' });
    expect(row.released).toMatchObject([{ spentTry: true, error: 'undefined is not a comment' }]);
  });

  it('is tried as often as the catalogue says, with growing waits, and then a person decides', async () => {
    const delays: number[] = [];
    for (let attempt = 0; attempt < tries; attempt += 1) {
      const result = await perform(new AppError('unavailable', 'down'));
      if (result.kind === 'later') delays.push(result.delayMs);
    }
    expect(delays).toHaveLength(tries);
    expect(delays).toEqual(delays.toSorted((a, b) => a - b));
    expect(row.parked).toEqual([]);
    await perform(new AppError('unavailable', 'down'));
    expect(row.parked).toEqual(['parked-tries-used-up']);
  });

  it('waits as long as the vendor says, and spends no try on that', async () => {
    const result = await perform(new AppError('rate-limited', 'slow down', { retryAfterMs: 600_000 }));
    expect(result).toMatchObject({ kind: 'later', delayMs: 630_000 });
    expect(row.attempts).toBe(0);
  });

  it.each([1, 1e15])('does not believe a vendor that says to wait %d ms', async (retryAfterMs) => {
    const result = await perform(new AppError('rate-limited', 'slow down', { retryAfterMs }));
    if (result.kind !== 'later') throw new Error(`ended as ${result.kind}`);
    expect(result.delayMs).toBeGreaterThanOrEqual(1_000);
    expect(result.delayMs).toBeLessThanOrEqual(27 * 3_600_000);
  });

  it('spends no try while a circuit is open: nobody has looked at this row', async () => {
    await perform(new AppError('unavailable', 'circuit open', { retryAfterMs: 30_000 }));
    expect(row.released).toMatchObject([{ spentTry: false }]);
  });

  // audit 29
  it('waits when the model refuses comment after comment: then it is the server, until one is accepted', async () => {
    const performJob = new PerformJob(row, clock, incidents, pauses);
    const classify = async (id: number, refused: boolean): Promise<string> => {
      const job: JobRequest = { name: 'comments.classify', data: { commentId: CommentId.parse(String(id)) } };
      const result = await performJob.execute(job, async () => {
        if (refused) throw new AppError('rejected', 'unknown parameter');
        return await Promise.resolve('advanced');
      });
      return result.kind;
    };
    // The same comment refused again says nothing about the server.
    for (const id of [1, 1, 1, 1, 1]) expect(await classify(id, true)).toBe('parked');
    expect([await classify(2, true), await classify(3, true)]).toEqual(['parked', 'parked']);
    expect([await classify(4, true), await classify(1, true)]).toEqual(['later', 'later']);
    expect(row.released).toMatchObject([
      { spentTry: false, decision: { reason: 'waits-for-model' } },
      { spentTry: false },
    ]);
    expect([await classify(5, false), await classify(6, true)]).toEqual(['done', 'parked']);
  });

  it('stops without a word when its row was taken over', async () => {
    const claim = await row.claim();
    if (claim.kind !== 'claimed') throw new Error('not claimed');
    expect(await perform(new StaleLease(claim.lease))).toMatchObject({ kind: 'skipped' });
    expect([row.released, row.parked]).toEqual([[], []]);
  });

  it.each(['unavailable', 'rejected'] as const)('stops as well when that shows as it notes: %s', async (kind) => {
    const claim = await row.claim();
    if (claim.kind !== 'claimed') throw new Error('not claimed');
    const taken = async (): Promise<void> => await Promise.reject(new StaleLease(claim.lease));
    row.release = taken;
    row.park = taken;
    expect(await perform(new AppError(kind, 'no'))).toMatchObject({ kind: 'skipped' });
  });

  it('comes back when the row is free, and ends when nothing is left to do', async () => {
    row.outcome = { kind: 'not-yet', inMs: 1_234 };
    expect(await perform()).toEqual({ kind: 'later', delayMs: 1_234 });
    row.outcome = { kind: 'nothing-to-do' };
    expect(await perform()).toMatchObject({ kind: 'skipped' });
  });

  it('gives the row back when it stood at another stage', async () => {
    const result = await performJob.execute(request, async () => await Promise.resolve('nothing-to-do'));
    expect(result).toMatchObject({ kind: 'skipped' });
    expect(row.released).toMatchObject([{ delayMs: 0, spentTry: false }]);
  });
});

// audit 31, M11
describe('what the platform says about an account', () => {
  const all = { scope: 'account', id: accountId, by: 'system' };

  it('that its access is dead pauses that account, tells operators once, and spends no try', async () => {
    for (let time = 0; time < 3; time += 1) {
      const result = await perform(new AppError('reconnect', 'code 190'), sending);
      expect(result).toMatchObject({ kind: 'skipped', why: 'the account is paused: disconnected' });
    }
    expect(await pauses.list()).toMatchObject([{ ...all, why: 'disconnected', times: 1 }]);
    expect(incidents.all).toMatchObject([{ kind: 'account-disconnected', subject: accountId }]);
    const released = { spentTry: false, delayMs: 0, decision: { reason: 'waits-for-resume' } };
    expect(row.released).toMatchObject([released, released, released]);
  });

  it('that it is blocked lets it rest for hours, whatever comes meanwhile', async () => {
    const began = Date.now();
    await perform(new AppError('blocked', 'code 368'), sending);
    const [first] = await pauses.list();
    expect(first).toMatchObject({ ...all, why: 'blocked' });
    expect(first?.until?.getTime()).toBeGreaterThanOrEqual(began + 6 * 3_600_000);
    await perform(new AppError('blocked', 'code 368'), sending);
    expect(await pauses.list()).toEqual([first]);
    expect(incidents.all).toMatchObject([{ kind: 'account-blocked', subject: accountId }]);
  });

  it('that it is blocked does not hold back the look for an unclear reply: that waits by itself, and asks no more at once', async () => {
    const looking: JobRequest = { ...sending, name: 'replies.reconcile' };
    await perform(new AppError('blocked', 'code 368'), looking);
    expect(row.released).toMatchObject([{ delayMs: 600_000, spentTry: false }]);
    await perform(new AppError('blocked', 'code 368'), sending);
    expect(row.released[1]).toMatchObject({ delayMs: 0 });
  });

  it('stands before the row is free again, so that nobody asks the platform once more in between', async () => {
    const release = row.release.bind(row);
    const atRelease: string[][] = [];
    row.release = async (lease, later) => {
      atRelease.push([...incidents.all.map(({ kind }) => kind), ...(await pauses.list()).map(({ why }) => why)]);
      await release(lease, later);
    };
    await perform(new AppError('reconnect', 'code 190'), sending);
    expect(atRelease).toEqual([['account-disconnected', 'disconnected']]);
  });

  it('is not what other vendors say: a key of ours that is refused pauses no account', async () => {
    expect(await perform(new AppError('misconfigured', 'no'))).toMatchObject({ kind: 'later' });
    expect(await pauses.list()).toEqual([]);
    expect(incidents.all).toEqual([]);
  });

  it('a reply that was taken before a pause is given back, and its ledger says why', async () => {
    const result = await performJob.execute(sending, async () => await Promise.resolve('paused'));
    expect(result).toEqual({ kind: 'skipped', why: 'paused' });
    expect(row.released).toMatchObject([{ spentTry: false, delayMs: 0, decision: { reason: 'waits-for-resume' } }]);
  });
});
