import type { AccountId } from '../shared/ids.js';
import { Clock } from '../shared/clock.js';
import { JobQueue } from './job-queue.js';
import { ringingRules } from './ringing-rules.js';

/**
 * How many of the comments that come in are rung for at once. One account's flood is left to the sweep, which takes
 * turns, and so is everything while a lane is filled. Per process and in memory: it is a courtesy, nothing depends on it.
 */
export class IncomingPace {
  private second = Number.NaN;
  private readonly rung = new Map<AccountId | undefined, number>();
  private filled = false;

  constructor(
    private readonly jobs: JobQueue,
    private readonly clock: Clock,
  ) {}

  /** Whether to ring for one more comment of this account now. */
  allows(accountId: AccountId | undefined): boolean {
    this.beginSecond();
    const rung = (this.rung.get(accountId) ?? 0) + 1;
    this.rung.set(accountId, rung);
    return !this.filled && rung <= ringingRules.incomingPerSecond;
  }

  private beginSecond(): void {
    const second = Math.floor(this.clock.elapsedMs() / 1_000);
    if (second === this.second) return;
    this.second = second;
    this.rung.clear();
    // Not awaited: an acknowledgement does not wait for a count. `waiting` does not throw.
    void this.jobs.waiting('thinking').then((waiting) => (this.filled = waiting > ringingRules.laneIsFilledBy));
  }
}
