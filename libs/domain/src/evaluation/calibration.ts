import { share } from './confusion.js';
import { entriesOf, type Tally } from './tally.js';

export interface CalibrationBin {
  /** Confidences, both ends included. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Mean confidence of those in it, 0 to 100. */
  readonly confidence: number;
  /** How many percent of them were right. */
  readonly right: number;
}

export interface Calibration {
  /** Lowest confidence first; those without comments are left out. */
  readonly bins: readonly CalibrationBin[];
  /** Mean distance between confidence and rightness, in points of a hundred, weighted by comments; undefined without any. */
  readonly error: number | undefined;
}

const binWidth = 10;

/** Is 90 % right 90 % of the time? What got no class has no confidence, and is left out. */
export function calibrationOf(tally: Tally): Calibration {
  const sums = new Map<number, { count: number; confidence: number; right: number }>();
  for (const { right, said, count } of entriesOf(tally)) {
    if (!said) continue;
    const from = Math.min(100 - binWidth, Math.floor(said.confidence / binWidth) * binWidth);
    const bin = sums.get(from) ?? { count: 0, confidence: 0, right: 0 };
    bin.count += count;
    bin.confidence += count * said.confidence;
    bin.right += said.class === right ? count : 0;
    sums.set(from, bin);
  }
  const bins = [...sums]
    .toSorted(([one], [other]) => one - other)
    .map(([from, bin]) => ({
      from,
      to: from === 100 - binWidth ? 100 : from + binWidth - 1,
      count: bin.count,
      confidence: bin.confidence / bin.count,
      right: (100 * bin.right) / bin.count,
    }));
  const total = bins.reduce((sum, { count }) => sum + count, 0);
  const distance = bins.reduce((sum, { count, confidence, right }) => sum + count * Math.abs(confidence - right), 0);
  return { bins, error: share(distance, total) };
}
