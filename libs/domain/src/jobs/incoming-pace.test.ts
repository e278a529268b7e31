import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../../test/fakes/virtual-clock.js';
import { AccountId } from '../shared/ids.js';
import { IncomingPace } from './incoming-pace.js';
import type { JobQueue } from './job-queue.js';
import { ringingRules } from './ringing-rules.js';

const [loud, quiet] = [AccountId.parse('1'), AccountId.parse('2')];

function paceOf(waiting: number): {
  readonly clock: VirtualClock;
  readonly rungOf: (account: AccountId, comments: number) => number;
} {
  const clock = new VirtualClock();
  const jobs: JobQueue = {
    ring: async () => await Promise.resolve(),
    waiting: async () => await Promise.resolve(waiting),
  };
  const pace = new IncomingPace(jobs, clock);
  const rungOf = (account: AccountId, comments: number): number =>
    Array.from({ length: comments }, () => pace.allows(account)).filter(Boolean).length;
  return { clock, rungOf };
}

describe('comments that come in', () => {
  it('are rung for at once, of one account so many per second: the rest is left to the sweep', () => {
    const { clock, rungOf } = paceOf(0);
    expect(rungOf(loud, 1_000)).toBe(ringingRules.incomingPerSecond);
    expect(rungOf(quiet, 1)).toBe(1);
    clock.pass(1_000);
    expect(rungOf(loud, 1)).toBe(1);
  });

  it('are all left to the sweep while the lane is filled', async () => {
    const { rungOf } = paceOf(ringingRules.laneIsFilledBy + 1);
    rungOf(loud, 1);
    await new Promise(setImmediate);
    expect(rungOf(quiet, 1)).toBe(0);
  });
});
