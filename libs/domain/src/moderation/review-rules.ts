/** How the machine's hides are looked over by people (PO-3). */
export const reviewRules = {
  /** Per account and week: ten minutes of reading. When none of 30 is wrong, fewer than about one in nine are (95 %). */
  sampleSize: 30,
  /** A week is drawn from when it has been over for so long: a hide of its last second is noted by then. */
  afterMs: 3_600_000,
  /** So many weeks back are made up for: workers that were off over a holiday miss none. */
  weeksBack: 4,
} as const;

/** Share of hides that were wrong, with the bounds between which it lies with a confidence of 95 %; all from 0 to 1. */
export interface FalseHideRate {
  readonly rate: number;
  readonly from: number;
  readonly to: number;
}

/** Of the normal distribution: 95 % lie within so many standard deviations. */
const z = 1.959_964;

/**
 * Wilson's interval: unlike the usual one it is honest for small samples, and says more than "0 %" when none was wrong.
 * @returns undefined when nobody has reviewed anything
 */
export function falseHideRate(reviewed: number, wrong: number): FalseHideRate | undefined {
  if (reviewed === 0) return undefined;
  const rate = wrong / reviewed;
  const spread = 1 + z ** 2 / reviewed;
  const middle = (rate + z ** 2 / (2 * reviewed)) / spread;
  const half = (z / spread) * Math.sqrt((rate * (1 - rate)) / reviewed + z ** 2 / (4 * reviewed ** 2));
  return { rate, from: Math.max(0, middle - half), to: Math.min(1, middle + half) };
}
