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

/** The same figure is written again after so long, for it is forgotten when nobody repeats it. */
const repeatAfterMs = 60_000;

interface Told {
  readonly percent: number;
  readonly at: number;
}

/**
 * What platforms say about our use of their limits, shared by all workers per account. Written only when it matters:
 * from 80 percent on, and once when it falls below. An answer that says "plenty left" costs nothing.
 */
export class PlatformLimits {
  /** One entry per connected account. */
  readonly #told = new Map<AccountId, Told>();
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
      this.allowances.slowDown(accountId, percent).catch((error: unknown) => {
        this.#told.delete(accountId);
        this.failed(error);
      });
    }
    if (regainMs > 0) this.#holdOf(accountId).set(regainMs, 'vendor-asked').catch(this.failed);
  }

  #isNews(accountId: AccountId, percent: number): boolean {
    const before = this.#told.get(accountId);
    if (percent < pacing.fromPercent) return before !== undefined && before.percent >= pacing.fromPercent;
    return (
      !before || Math.round(before.percent) !== Math.round(percent) || performance.now() - before.at > repeatAfterMs
    );
  }

  #holdOf(accountId: AccountId): HoldWatch {
    const known = this.#holds.get(accountId) ?? new HoldWatch(this.allowances, accountId);
    this.#holds.set(accountId, known);
    return known;
  }
}
