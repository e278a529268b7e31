import { describe, expect, it } from 'vitest';
import { median, medianRatio, percentile, slope } from './statistics.js';

describe('figures of a measurement', () => {
  it('the median is the middle one, or lies between the two in the middle', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 9, 2])).toBe(3);
    expect(median([7])).toBe(7);
    expect(() => median([])).toThrow('nothing');
  });

  it('a percentile is a value that was measured', () => {
    const values = Array.from({ length: 100 }, (_, index) => index + 1);
    expect([0.5, 0.95, 0.99, 1].map((share) => percentile(values, share))).toEqual([50, 95, 99, 100]);
    expect(percentile([3], 0.99)).toBe(3);
    expect(percentile([], 0.5)).toBeNaN();
  });

  it('a slow minute for both does not move their ratio', () => {
    expect(medianRatio([50, 5, 50], [100, 10, 100])).toBe(0.5);
  });

  it('a slope is the rise for one step', () => {
    expect(slope([0, 1, 2, 3].map((x) => ({ x, y: 2 * x + 7 })))).toBeCloseTo(2);
    expect(slope([{ x: 1, y: 1 }])).toBe(0);
  });
});
