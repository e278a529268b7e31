import { commentClassNames, type CommentClass } from '../comments/verdict.js';
import { entriesOf, saidNames, undecided, type Said, type Tally } from './tally.js';

/** Shares are 0 to 1, and undefined where there is nothing to take a share of. */
export interface ClassQuality {
  /** Of those that were said to be of this class, the share that is. */
  readonly precision: number | undefined;
  /** Of those that are of this class, the share that was said to be. */
  readonly recall: number | undefined;
  readonly f1: number | undefined;
  /** How many are of this class. */
  readonly support: number;
  /** How many were said to be. */
  readonly said: number;
}

export interface Confusion {
  /** What is right, then what was said. */
  readonly matrix: Readonly<Record<CommentClass, Readonly<Record<Said, number>>>>;
  readonly classes: Readonly<Record<CommentClass, ClassQuality>>;
  /** Means over the classes for which there is something to say. */
  readonly macro: Pick<ClassQuality, 'precision' | 'recall' | 'f1'>;
  readonly total: number;
  readonly undecided: number;
  /** Of all; what got no class is not right. */
  readonly accuracy: number | undefined;
}

export function confusionOf(tally: Tally): Confusion {
  const matrix = recordOf(commentClassNames, () => recordOf(saidNames, () => 0));
  for (const { right, said, count } of entriesOf(tally)) matrix[right][said?.class ?? undecided] += count;

  const sum = (cells: readonly number[]): number => cells.reduce((all, cell) => all + cell, 0);
  const classes = recordOf(commentClassNames, (name): ClassQuality => {
    const hits = matrix[name][name];
    const support = sum(Object.values(matrix[name]));
    const said = sum(commentClassNames.map((right) => matrix[right][name]));
    return {
      precision: share(hits, said),
      recall: share(hits, support),
      f1: share(2 * hits, support + said),
      support,
      said,
    };
  });
  const total = sum(commentClassNames.map((name) => classes[name].support));
  const mean = (of: 'precision' | 'recall' | 'f1'): number | undefined => {
    const values = commentClassNames.map((name) => classes[name][of]).filter((value) => value !== undefined);
    return share(sum(values), values.length);
  };
  return {
    matrix,
    classes,
    macro: { precision: mean('precision'), recall: mean('recall'), f1: mean('f1') },
    total,
    undecided: sum(commentClassNames.map((name) => matrix[name][undecided])),
    accuracy: share(sum(commentClassNames.map((name) => matrix[name][name])), total),
  };
}

export function share(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : part / whole;
}

function recordOf<Key extends string, Value>(keys: readonly Key[], value: (key: Key) => Value): Record<Key, Value> {
  // Every key of the list, and no other.
  return Object.fromEntries(keys.map((key) => [key, value(key)])) as Record<Key, Value>;
}
