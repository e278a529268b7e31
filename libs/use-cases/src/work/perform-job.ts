import { decide, type ReasonCode } from '#domain/comments/reason-codes.js';
import { jobCatalog, refOf, type JobName, type JobRequest, type Progress } from '#domain/jobs/job-catalog.js';
import { Incidents, type IncidentName } from '#domain/notifications/incidents.js';
import { Clock } from '#domain/shared/clock.js';
import { AppError, kindOf, messageOf, type ErrorKind } from '#domain/shared/errors.js';
import { nextDelayMs, toMs } from '#domain/work/backoff.js';
import { StaleLease, type Lease } from '#domain/work/lease.js';
import { Leases } from '#domain/work/leases.js';
import { Pauses } from '#domain/work/pauses.js';
import { Refusals } from '#domain/work/refusals.js';

export type JobResult =
  | { readonly kind: 'done' }
  /** Nothing more to do now; `error` when that is because the account was paused for it. */
  | { readonly kind: 'skipped'; readonly why: string; readonly error?: unknown }
  /** The job should run again after the delay; `error` when it is because something failed. */
  | { readonly kind: 'later'; readonly delayMs: number; readonly error?: unknown }
  | { readonly kind: 'parked'; readonly error: unknown };

export type Handling =
  /** The next try comes after backoff; the schedule's end parks the row. */
  | { readonly next: 'retry' }
  /** Later, as often as needed: it is not this row's fault. */
  | { readonly next: 'wait'; readonly ms: number; readonly reason: ReasonCode }
  /** The account's, not this row's: everything of the account that customers would see waits for its resume. */
  | { readonly next: 'pause'; readonly incident: IncidentName; readonly why: 'disconnected' | 'blocked' }
  | { readonly next: 'park'; readonly reason: ReasonCode };

type Pausing = Extract<Handling, { next: 'pause' }>;

// What each kind of failure means for work in the background. A new kind does not compile until it is decided here.
export const handlings: Readonly<Record<ErrorKind | 'bug', Handling>> = {
  unavailable: { next: 'retry' },
  ambiguous: { next: 'retry' }, // only sending a reply cannot bear a repeat, and it handles this itself
  bug: { next: 'retry' },
  'rate-limited': { next: 'wait', ms: toMs('1m'), reason: 'waits-for-limit' },
  // These end when a person acts. Looking again every ten minutes costs little and lets the work resume by itself.
  misconfigured: { next: 'wait', ms: toMs('10m'), reason: 'waits-for-access' },
  exhausted: { next: 'wait', ms: toMs('10m'), reason: 'waits-for-quota' },
  reconnect: { next: 'pause', incident: 'account-disconnected', why: 'disconnected' },
  blocked: { next: 'pause', incident: 'account-blocked', why: 'blocked' },
  forbidden: { next: 'park', reason: 'parked-forbidden' },
  invalid: { next: 'park', reason: 'parked-rejected' },
  'not-found': { next: 'park', reason: 'parked-rejected' },
  gone: { next: 'park', reason: 'parked-rejected' },
  conflict: { next: 'park', reason: 'parked-rejected' },
  rejected: { next: 'park', reason: 'parked-rejected' },
  duplicate: { next: 'park', reason: 'parked-rejected' },
};

// Bounds for what a vendor may ask: no try is spent on such waits, so "1 ms" would be a loop that hammers it, and a
// number without sense would be a row that never comes back.
const shortestWaitMs = toMs('1s');
const longestWaitMs = toMs('24h');

const lookAgainWhileBlockedMs = toMs('10m');

/** A refusal that is not this row's fault. */
class ServerRefuses extends AppError {
  constructor(cause: unknown) {
    super('rejected', messageOf(cause), { cause });
    this.name = 'ServerRefuses';
  }
}

/** Around every job: take the row, do the step, and decide what a failure means. The only place that retries. */
export class PerformJob {
  private readonly refusals = new Refusals();

  constructor(
    private readonly leases: Leases,
    private readonly clock: Clock,
    private readonly incidents: Incidents,
    private readonly pauses: Pauses,
  ) {}

  /**
   * @param request the job, its data already checked
   * @param step what is done while the row is ours; that it was taken over shows at the step's next write
   */
  async execute(request: JobRequest, step: (lease: Lease) => Promise<Progress>): Promise<JobResult> {
    const { lease: leaseTime } = jobCatalog[request.name];
    const claim = await this.leases.claim(refOf(request), toMs(leaseTime));
    if (claim.kind === 'nothing-to-do') return { kind: 'skipped', why: 'nothing to do' };
    if (claim.kind === 'not-yet') return { kind: 'later', delayMs: claim.inMs };
    const { lease } = claim;

    const renewal = this.keepRenewing(lease, toMs(leaseTime));
    try {
      const progress = await step(lease);
      if (progress === 'advanced') {
        this.refusals.accepted(request.name);
        return { kind: 'done' };
      }
      const noted = progress === 'paused' && { decision: decide('waits-for-resume') };
      await this.leases.release(lease, { delayMs: 0, error: '', spentTry: false, ...noted });
      return { kind: 'skipped', why: progress === 'paused' ? 'paused' : 'at another stage' };
    } catch (error) {
      return await this.unlessTakenOver(this.blamed(error, request), lease, request.name);
    } finally {
      clearInterval(renewal);
    }
  }

  /** When the model's server refuses row after row, what is wrong with it is its settings: that ends when a person acts. */
  private blamed(error: unknown, request: JobRequest): unknown {
    if (jobCatalog[request.name].lane !== 'thinking' || kindOf(error) !== 'rejected') return error;
    return this.refusals.refused(request.name, refOf(request).id) ? new ServerRefuses(error) : error;
  }

  private async unlessTakenOver(error: unknown, lease: Lease, job: JobName): Promise<JobResult> {
    try {
      if (error instanceof StaleLease) throw error;
      return await this.handle(error, lease, job);
    } catch (failure) {
      // Also when it shows only now, as what failed is noted: what the other holder does counts.
      if (failure instanceof StaleLease) return { kind: 'skipped', why: failure.message };
      throw failure;
    }
  }

  private keepRenewing(lease: Lease, forMs: number): NodeJS.Timeout {
    const renewal = setInterval(() => {
      // A renewal that fails is no error of the step: the next one tries again, and a lost lease shows at the next write.
      this.leases.renew(lease, forMs).catch(() => undefined);
    }, forMs / 2);
    return renewal.unref();
  }

  private async handle(error: unknown, lease: Lease, job: JobName): Promise<JobResult> {
    const { retry } = jobCatalog[job];
    const message = messageOf(error);
    const handling = this.handlingOf(error);
    if (handling.next === 'pause') return await this.pauseAccount(handling, error, lease, job);
    if (handling.next === 'park') {
      await this.leases.park(lease, handling.reason, message);
      return { kind: 'parked', error };
    }
    if (handling.next === 'wait') {
      const told = error instanceof AppError ? error.retryAfterMs : undefined;
      const waitMs = Math.min(Math.max(told ?? handling.ms, shortestWaitMs), longestWaitMs);
      // Up to a tenth more, so that everything that waits for one limit does not come back in one instant.
      const delayMs = Math.ceil(waitMs * (1 + this.clock.random() / 10));
      const decision = decide(handling.reason, { error: message });
      await this.leases.release(lease, { delayMs, error: message, spentTry: false, decision });
      return { kind: 'later', delayMs, error };
    }
    const delayMs = nextDelayMs(retry, lease.attempts + 1, () => this.clock.random());
    if (delayMs === undefined) {
      await this.leases.park(lease, 'parked-tries-used-up', message);
      return { kind: 'parked', error };
    }
    const decision = decide('waits-after-failure', { error: message, try: lease.attempts + 1 });
    await this.leases.release(lease, { delayMs, error: message, spentTry: true, decision });
    return { kind: 'later', delayMs, error };
  }

  /** The pause stands before the row is free again: nobody takes it in between and asks the platform once more. */
  private async pauseAccount(
    { incident, why }: Pausing,
    error: unknown,
    lease: Lease,
    job: JobName,
  ): Promise<JobResult> {
    const { accountId } = lease;
    const message = messageOf(error);
    await this.incidents.open({ kind: incident, subject: accountId, detail: { said: message } });
    if (why === 'blocked') await this.pauses.coolOff(accountId, message);
    else await this.pauses.pause({ scope: 'account', id: accountId, why, by: 'system', note: message });
    const decision = decide('waits-for-resume', { paused: 'account', why, error: message });
    // While the account is blocked unclear replies are still looked for: what forbids the look, too, is asked now and then.
    const delayMs = why === 'blocked' && job === 'replies.reconcile' ? lookAgainWhileBlockedMs : 0;
    await this.leases.release(lease, { delayMs, error: message, spentTry: false, decision });
    return { kind: 'skipped', why: `the account is paused: ${why}`, error };
  }

  private handlingOf(error: unknown): Handling {
    if (error instanceof ServerRefuses) return { next: 'wait', ms: toMs('10m'), reason: 'waits-for-model' };
    const kind = kindOf(error);
    // A vendor that names the time, or a circuit that is open, has not looked at this work at all: no try is spent.
    if (kind === 'unavailable' && error instanceof AppError && error.retryAfterMs !== undefined) {
      return { next: 'wait', ms: error.retryAfterMs, reason: 'waits-after-failure' };
    }
    return handlings[kind];
  }
}
