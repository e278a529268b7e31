import type { Micros } from '#domain/spending/budget.js';
import type { Usage } from './model-request.js';

/** Dollars for a million tokens; so many millionths of a dollar for one. */
export interface ModelPrice {
  readonly input: number;
  /** Of input that the vendor had read before. */
  readonly cached: number;
  readonly output: number;
}

export type PriceTable = Readonly<Record<string, ModelPrice>>;

/** developers.openai.com/api/docs/pricing, read in November 2026. What is missing here has no price until it gets one. */
export const usualPrices: PriceTable = {
  'gpt-6-luna': { input: 0.1, cached: 0.01, output: 0.5 },
  'gpt-5.6-luna': { input: 0.2, cached: 0.02, output: 1.2 },
  'gpt-5.6-terra': { input: 2, cached: 0.2, output: 12 },
  'text-embedding-3-small': { input: 0.02, cached: 0.02, output: 0 },
  'text-embedding-3-large': { input: 0.13, cached: 0.13, output: 0 },
};

/** A dated version costs what its model costs. */
const date = /-\d{4}-\d{2}-\d{2}$/u;

export function priceOf(table: PriceTable, model: string): ModelPrice | undefined {
  // Not table[model]: a model may be named like what every object has.
  return [model, model.replace(date, '')].flatMap((name) => (Object.hasOwn(table, name) ? [table[name]] : []))[0];
}

/** Rounded up, so that nothing that costs anything is free. */
export function costOf({ input, cached, output }: ModelPrice, usage: Usage): Micros {
  const fromCache = Math.min(usage.cachedTokens, usage.inputTokens);
  const exact = (usage.inputTokens - fromCache) * input + fromCache * cached + usage.outputTokens * output;
  // 30 tokens at 0.1 are a hair more than 3, as computers count: that is no reason for a fourth.
  return Math.ceil(Number(exact.toFixed(6)));
}
