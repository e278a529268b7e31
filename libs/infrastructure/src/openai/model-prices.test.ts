import { describe, expect, it } from 'vitest';
import { costOf, priceOf, usualPrices } from './model-prices.js';

describe('the price of a model', () => {
  it.each([
    ['gpt-6-luna', 'gpt-6-luna'],
    ['gpt-5.6-terra-2026-07-01', 'gpt-5.6-terra'],
  ])('of %s is that of %s', (model, named) => {
    expect(priceOf(usualPrices, model)).toBe(usualPrices[named]);
  });

  it.each(['llama3.1:8b', 'gpt-6', 'gpt-6-luna-mini', 'toString', ''])('of "%s" is not known', (model) => {
    expect(priceOf(usualPrices, model)).toBeUndefined();
  });

  it('of a dated version may differ from that of its model', () => {
    const own = { input: 1, cached: 1, output: 1 };
    expect(priceOf({ ...usualPrices, 'gpt-6-luna-2026-09-22': own }, 'gpt-6-luna-2026-09-22')).toBe(own);
  });
});

describe('what a call costs', () => {
  const price = { input: 0.1, cached: 0.01, output: 0.5 };
  it.each([
    ['nothing', 0, 0, 0, 0],
    ['input that was read, input that was cached, and output', 1_000, 600, 100, 96],
    ['a hair more than whole numbers, as computers count', 30, 0, 0, 3],
    ['a part of a millionth, which counts as one', 1, 0, 0, 1],
    ['more from the cache than there was', 100, 500, 0, 1],
    ['a million tokens each', 1_000_000, 0, 1_000_000, 600_000],
  ])('is counted for %s', (_, inputTokens, cachedTokens, outputTokens, micros) => {
    expect(costOf(price, { inputTokens, cachedTokens, outputTokens })).toBe(micros);
  });
});
