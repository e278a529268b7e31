import { z } from 'zod';
import { commentClassNames, type CommentClass } from '../comments/verdict.js';

/** Stands for a comment that got no class: refused, unreadable, or left to a person. */
export const undecided = 'undecided';
export type Said = CommentClass | typeof undecided;
export const saidNames: readonly Said[] = [...commentClassNames, undecided];

/** One comment of which it is known what is right. */
export interface Judged {
  readonly right: CommentClass;
  /** What was said of it, and how sure (0 to 100); undefined: nothing. */
  readonly said: { readonly class: CommentClass; readonly confidence: number } | undefined;
}

export interface TallyEntry extends Judged {
  readonly count: number;
}

/**
 * How often what was said at which confidence where something was right. Everything else here is worked out from it: it
 * is a few kilobytes at most, however many comments there are, and two of them are added by adding their figures.
 */
export type Tally = Readonly<Record<string, number>>;
export const emptyTally: Tally = {};

/** Keys are `right said confidence`. */
export function tallyOf(judged: readonly Judged[], before: Tally = emptyTally): Tally {
  const counts: Record<string, number> = { ...before };
  for (const { right, said } of judged) {
    const key = said ? `${right} ${said.class} ${boundedConfidence(said.confidence)}` : `${right} ${undecided} 0`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

const keyShape = z.tuple([z.enum(commentClassNames), z.enum(saidNames), z.coerce.number().int().min(0).max(100)]);

/** @throws ZodError when a key is none of ours */
export function entriesOf(tally: Tally): readonly TallyEntry[] {
  return Object.entries(tally).map(([key, count]) => {
    const [right, name, confidence] = keyShape.parse(key.split(' '));
    return { right, said: name === undecided ? undefined : { class: name, confidence }, count };
  });
}

function boundedConfidence(confidence: number): number {
  return Math.min(100, Math.max(0, Math.round(confidence)));
}
