import { describe, expect, it } from 'vitest';
import { nextDelayMs, toMs } from './backoff.js';

describe('waiting between tries', () => {
  it('reads durations as they are written', () => {
    expect([toMs('5s'), toMs('2m'), toMs('1h')]).toEqual([5_000, 120_000, 3_600_000]);
  });

  it('spreads each wait over the whole step', () => {
    expect(nextDelayMs(['5s', '1m'], 1, () => 0.5)).toBe(2_500);
    expect(nextDelayMs(['5s', '1m'], 2, () => 0.999)).toBeLessThanOrEqual(60_000);
    expect(nextDelayMs(['5s', '1m'], 2, () => 0)).toBe(0);
  });

  it('says when the schedule is used up', () => {
    expect(nextDelayMs(['5s', '1m'], 3, () => 0.5)).toBeUndefined();
  });
});
