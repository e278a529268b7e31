import { describe, expect, it } from 'vitest';
import { falseHideRate, reviewRules } from './review-rules.js';

// PO-3
describe('the false-hide rate', () => {
  it.each([
    [30, 0, 0, 0.1135],
    [30, 3, 0.0346, 0.2562],
    [10, 10, 0.7225, 1],
    [1, 0, 0, 0.7935],
    [1000, 50, 0.0381, 0.0653],
  ])('of %d reviewed hides, %d wrong, lies between its bounds', (reviewed, wrong, from, to) => {
    const found = falseHideRate(reviewed, wrong);
    if (!found) throw new Error('something was reviewed');
    expect(found.rate).toBe(wrong / reviewed);
    expect(found.from).toBeCloseTo(from, 4);
    expect(found.to).toBeCloseTo(to, 4);
    // By definition: were a bound the truth, what was seen would lie 1.96 of its standard deviations away.
    for (const bound of [found.from, found.to].filter((inside) => inside > 0 && inside < 1)) {
      expect(Math.abs(bound - found.rate)).toBeCloseTo(1.96 * Math.sqrt((bound * (1 - bound)) / reviewed), 4);
    }
  });

  it('is not known when nobody has reviewed anything', () => {
    expect(falseHideRate(0, 0)).toBeUndefined();
  });

  it('of a whole sample without a wrong one is below one in eight', () => {
    expect(falseHideRate(reviewRules.sampleSize, 0)?.to).toBeLessThan(1 / 8);
  });
});
