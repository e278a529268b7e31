import { describe, expect, it } from 'vitest';
import { gapAt, limitNames, windowOf } from './allowances.js';

describe('limits', () => {
  it.each(limitNames)('%s count a slot longer than the window, so that none is exceeded', (name) => {
    const { windowMs, slotMs, countsMs } = windowOf(name);
    expect(Number.isInteger(slotMs)).toBe(true);
    expect(countsMs - slotMs).toBeGreaterThanOrEqual(windowMs + slotMs);
  });

  it('slow us down from 80 percent on, the more the fuller', () => {
    expect([0, 79.9, 80, 84, 92, 100, 250].map(gapAt)).toEqual([
      undefined,
      undefined,
      1_000,
      2_000,
      8_000,
      32_000,
      32_000,
    ]);
  });
});
