import { AppError } from '#domain/shared/errors.js';
import type { AccountId } from '#domain/shared/ids.js';
import { type Allowances, pacing } from '#domain/work/allowances.js';
import { HoldWatch } from './hold-watch.js';

/** What a platform's answer says about our use of its limits for one account. */
export interface PlatformUsage {
  readonly percent: number;
  /** Until it takes calls again, in milliseconds; 0 when it does. */
  readonly regainMs: number;
}

/**
 * After so long the same is written again: a high figure is forgotten when nobody repeats it, and a low one ends what
 * another process wrote that has heard no answer since.
 */
const repeatAfterMs = 60_000;

interface Told {
  readonly percent: number;
  readonly at: number;
}

/**
 * What platforms say about our use of their limits, shared by all workers per account. Written only when it matters:
 * from 80 percent on, and when it falls below. Of answers that say "plenty left" one in a minute is.
 */
export class PlatformLimits {
  /** One entry per connected account. */
  readonly #told = new Map<AccountId, Told>();
  readonly #writing = new Set<AccountId>();
  readonly #holds = new Map<AccountId, HoldWatch>();

  /** @param failed hears what could not be written; the next answer says it again */
  constructor(
    private readonly allowances: Allowances,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** @throws AppError 'rate-limited' when the platform asked to leave the account alone: nothing may be sent */
  async mayCall(accountId: AccountId): Promise<void> {
    const hold = await this.#holdOf(accountId).look();
    if (hold) throw new AppError('rate-limited', 'the platform asked us to wait', { retryAfterMs: hold.ms });
  }

  /** Does not wait and does not throw: the answer that brought it is worth more. */
  heard(accountId: AccountId, { percent, regainMs }: PlatformUsage): void {
    if (this.#isNews(accountId, percent)) {
      this.#told.set(accountId, { percent, at: performance.now() });
      void this.#write(accountId);
    }
    if (regainMs > 0) this.#holdOf(accountId).set(regainMs, 'vendor-asked').catch(this.failed);
  }

  /** One write at a time: of two on their way the older one could come last, and hold an account back for nothing. */
  async #write(accountId: AccountId): Promise<void> {
    if (this.#writing.has(accountId)) return; // whoever writes looks again afterwards
    this.#writing.add(accountId);
    try {
      let written: Told | undefined;
      for (let told = this.#told.get(accountId); told && told !== written; told = this.#told.get(accountId)) {
        await this.allowances.slowDown(accountId, told.percent);
        written = told;
      }
    } catch (error) {
      this.#told.delete(accountId);
      this.failed(error);
    } finally {
      this.#writing.delete(accountId);
    }
  }

  #isNews(accountId: AccountId, percent: number): boolean {
    const before = this.#told.get(accountId);
    if (!before || performance.now() - before.at > repeatAfterMs) return true;
    if (percent < pacing.fromPercent) return before.percent >= pacing.fromPercent;
    return Math.round(before.percent) !== Math.round(percent);
  }

  #holdOf(accountId: AccountId): HoldWatch {
    const known = this.#holds.get(accountId) ?? new HoldWatch(this.allowances, accountId);
    this.#holds.set(accountId, known);
    return known;
  }
}
