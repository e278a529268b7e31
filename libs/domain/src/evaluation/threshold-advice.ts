import type { CommentClass } from '../comments/verdict.js';
import { entriesOf, type Tally } from './tally.js';

/** "Automatically from confidence X": which X gives the wanted precision, as far as the comments at hand can tell. */
export type ThresholdAdvice =
  | {
      readonly kind: 'from';
      /** Least confidence, 0 to 100. */
      readonly confidence: number;
      /** What it gave on these comments, 0 to 1. */
      readonly precision: number;
      /** What it gives at least, so far as so few can tell (95 of 100 times). */
      readonly atLeast: number;
      /** Comments of the class that would have been acted on, of so many. */
      readonly acts: number;
      readonly of: number;
    }
  /** Even if all of them were right, they would not prove it. */
  | { readonly kind: 'too-few'; readonly have: number; readonly need: number }
  /** Enough comments, and no threshold under which the class is right often enough. */
  | { readonly kind: 'none'; readonly precision: number; readonly of: number };

/** One-sided: 95 of 100 times the truth lies above the bound. */
const z = 1.645;

/**
 * The lowest threshold whose precision is at least the wanted one, by its lower bound: a lucky few prove nothing.
 * @param wanted 0.5 to 0.999
 */
export function adviseThreshold(tally: Tally, name: CommentClass, wanted: number): ThresholdAdvice {
  const said = entriesOf(tally).flatMap((entry) => (entry.said?.class === name ? [{ ...entry, ...entry.said }] : []));
  const of = said.reduce((sum, { count }) => sum + count, 0);
  const need = Math.ceil((wanted * z * z) / (1 - wanted));
  if (of < need) return { kind: 'too-few', have: of, need };

  const right = said.reduce((sum, entry) => sum + (entry.right === name ? entry.count : 0), 0);
  const thresholds = [...new Set(said.map(({ confidence }) => confidence))].toSorted((one, other) => one - other);
  for (const confidence of thresholds) {
    const above = said.filter((entry) => entry.confidence >= confidence);
    const acts = above.reduce((sum, { count }) => sum + count, 0);
    const hits = above.reduce((sum, entry) => sum + (entry.right === name ? entry.count : 0), 0);
    const atLeast = lowerBound(hits, acts);
    if (atLeast >= wanted) return { kind: 'from', confidence, precision: hits / acts, atLeast, acts, of };
  }
  return { kind: 'none', precision: right / of, of };
}

/** Wilson's: honest also for few comments and for shares near 1. */
export function lowerBound(hits: number, of: number): number {
  if (of === 0) return 0;
  const rate = hits / of;
  const middle = rate + (z * z) / (2 * of);
  const spread = z * Math.sqrt((rate * (1 - rate)) / of + (z * z) / (4 * of * of));
  return Math.max(0, (middle - spread) / (1 + (z * z) / of));
}

/** @param wanted percent */
export function adviceText(advice: ThresholdAdvice, wanted: number): string {
  const percent = (value: number): string => `${(100 * value).toFixed(value > 0.99 && value < 1 ? 1 : 0)} %`;
  switch (advice.kind) {
    case 'from':
      return (
        `From ${advice.confidence} on ${percent(advice.precision)} were right (${advice.acts} of ${advice.of} comments); ` +
        `at least ${percent(Math.floor(100 * advice.atLeast) / 100)} can be expected.`
      );
    case 'too-few':
      return `Too few to tell: ${advice.have} comments, and at least ${advice.need} are needed for ${wanted} %.`;
    case 'none':
      return `No confidence gives ${wanted} %: ${percent(advice.precision)} of ${advice.of} comments were right.`;
  }
}
