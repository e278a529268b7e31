import type { Incidents } from '#domain/notifications/incidents.js';
import { AppError, kindOf } from '#domain/shared/errors.js';
import { type Allowances, type Hold, holdReasons, type Taken, type Use } from '#domain/work/allowances.js';
import { GroupCommit } from '../postgres/group-commit.js';
import { HoldWatch } from '../resilience/hold-watch.js';

/** Requests and tokens per minute for all workers together; undefined: no limit of ours. */
export interface PerMinute {
  readonly requests: number | undefined;
  readonly tokens: number | undefined;
}

/** How long nobody asks a vendor whose money or quota is used up: a person must act first. */
const quotaHoldMs = 600_000;
/** After that one call finds out; the others come back when its answer is there. */
const whileProbingMs = 5_000;
/** More calls than any worker makes at once. */
const mostWaiting = 1_000;

/**
 * What all workers together may ask of the model: our own limits, the waits that the vendor asked for, and no call at
 * all while its quota is used up.
 */
export class ModelBudget {
  readonly #holds: HoldWatch;
  /**
   * Calls that begin while the book is being asked are asked for together: a busy worker asks it some times per second,
   * not once per call. Nothing is taken in advance, so no share is left over, forgotten or used in a later minute.
   */
  readonly #taking: GroupCommit<number, Taken>;
  /** Grows with every answer that says so: a success of a call that began earlier proves nothing. */
  #exhaustions = 0;
  #usedUp = false;
  #probing = false;
  /** Until the first success nobody here knows whether an earlier process left it open. */
  #incidentMayBeOpen = true;

  constructor(
    private readonly allowances: Allowances,
    private readonly incidents: Pick<Incidents, 'open' | 'close'>,
    private readonly perMinute: PerMinute,
    elapsedMs?: () => number,
    /** The name in the book of allowances, and the incident's subject. */
    private readonly name: 'model' | 'embeddings' = 'model',
  ) {
    this.#holds = new HoldWatch(allowances, name, elapsedMs);
    this.#taking = new GroupCommit(async (calls) => await this.#takeTogether(calls), {
      inFlight: 1,
      waiting: mostWaiting,
      weightOf: (tokens) => this.#shareOf(tokens),
      weightPerGroup: 1,
    });
  }

  /**
   * Makes the call when it may be made now.
   * @param tokens that it may take, estimated
   * @param others whether another model is asked when this one asks us to wait: then only this one is left alone
   * @throws what the call throws; AppError 'rate-limited' | 'exhausted' with the time to wait when nothing was asked
   */
  async spend<T>(tokens: number, call: () => Promise<T>, others = false): Promise<T> {
    const probes = await this.#mayAsk();
    try {
      await this.#take(tokens);
      return await this.#learningFrom(call, others);
    } finally {
      if (probes) this.#probing = false;
    }
  }

  /** @returns whether this call is the one that finds out if the quota is back */
  async #mayAsk(): Promise<boolean> {
    const hold = this.#limited ? this.#holds.known() : await this.#holds.look();
    if (hold) throw this.#refusal(hold);
    if (!this.#usedUp) return false;
    if (this.#probing) throw this.#refusal({ ms: whileProbingMs, why: 'quota-used-up' });
    this.#probing = true;
    return true;
  }

  async #take(tokens: number): Promise<void> {
    if (!this.#limited) return;
    const taken = await this.#taking.add(tokens);
    if (taken.kind === 'granted') return;
    const why = holdReasons.find((reason) => reason === taken.limit);
    if (why === undefined) {
      throw new AppError('rate-limited', `the limit ${taken.limit} is reached`, { retryAfterMs: taken.ms });
    }
    this.#holds.note({ ms: taken.ms, why });
    throw this.#refusal({ ms: taken.ms, why });
  }

  /** @param calls the tokens of each; together no more than a minute's limit */
  async #takeTogether(calls: readonly number[]): Promise<readonly Taken[]> {
    const tokens = calls.reduce((sum, each) => sum + each, 0);
    const together = await this.allowances.take(this.#usesOf(calls.length, tokens));
    if (together.kind === 'granted' || calls.length === 1) return calls.map(() => together);
    // Some may still fit. Behind the first that does not, all wait: they would be told the same.
    const taken: Taken[] = [];
    for (const each of calls) {
      const before = taken.at(-1);
      taken.push(before?.kind === 'wait' ? before : await this.allowances.take(this.#usesOf(1, each)));
    }
    return taken;
  }

  /** How much of a minute one call takes. */
  #shareOf(tokens: number): number {
    const { requests = Number.POSITIVE_INFINITY, tokens: most = Number.POSITIVE_INFINITY } = this.perMinute;
    return Math.max(1 / requests, tokens / most);
  }

  async #learningFrom<T>(call: () => Promise<T>, others: boolean): Promise<T> {
    const before = this.#exhaustions;
    try {
      const answer = await call();
      if (before === this.#exhaustions) await this.#succeeded();
      return answer;
    } catch (error) {
      await this.#failed(error, others);
      throw error;
    }
  }

  /** With limits of our own every call asks the book anyway, and hears of holds there. */
  get #limited(): boolean {
    return this.perMinute.requests !== undefined || this.perMinute.tokens !== undefined;
  }

  #usesOf(calls: number, tokens: number): readonly Use[] {
    const { requests, tokens: most } = this.perMinute;
    return [
      ...(requests === undefined
        ? []
        : [{ limit: 'model-requests', of: this.name, amount: calls, most: requests } as const]),
      ...(most === undefined ? [] : [{ limit: 'model-tokens', of: this.name, amount: tokens, most } as const]),
    ];
  }

  #refusal({ ms, why }: Hold): AppError {
    if (why === 'vendor-asked') {
      return new AppError('rate-limited', 'the model server asked us to wait', { retryAfterMs: ms });
    }
    this.#usedUp = true; // also when another worker found out
    this.#incidentMayBeOpen = true;
    return new AppError('exhausted', 'the quota at the model server is used up', { retryAfterMs: ms });
  }

  async #succeeded(): Promise<void> {
    this.#usedUp = false;
    if (!this.#incidentMayBeOpen) return;
    // The answer is there and is worth more than the note: when that fails, the next success notes it.
    await this.incidents.close('quota-used-up', this.name).then(
      () => (this.#incidentMayBeOpen = false),
      () => undefined,
    );
  }

  /** Holds for everybody. If that cannot be written, at least this process knows; the error itself is what counts. */
  async #failed(error: unknown, others: boolean): Promise<void> {
    try {
      if (kindOf(error) === 'exhausted') await this.#exhausted();
      const told = error instanceof AppError && error.kind === 'rate-limited' ? error.retryAfterMs : undefined;
      if (told !== undefined && !others) await this.#holds.set(told, 'vendor-asked');
    } catch {
      return; // said above
    }
  }

  async #exhausted(): Promise<void> {
    this.#exhaustions += 1;
    this.#usedUp = true;
    this.#incidentMayBeOpen = true;
    this.#holds.note({ ms: quotaHoldMs, why: 'quota-used-up' }); // at once: other calls here are about to begin
    await this.incidents.open({ kind: 'quota-used-up', subject: this.name });
    await this.#holds.set(quotaHoldMs, 'quota-used-up');
  }
}
