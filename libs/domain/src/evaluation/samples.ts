import type { Comment } from '../comments/comment.js';
import type { CommentClass, Verdict } from '../comments/verdict.js';
import type { BacktestRequest } from './backtest.js';

/** A past comment as it came, before anything was done about it. */
export interface Sample {
  /** Where a page that ends with it ends. */
  readonly cursor: string;
  readonly comment: Comment;
  /** What the machine said then; undefined where it had nothing to say. */
  readonly said: Verdict | undefined;
  /** What a person says that it is. */
  readonly right: CommentClass | undefined;
}

export type Selection = Pick<BacktestRequest, 'accountId' | 'over' | 'from' | 'to'>;

/** Past comments that were understood, page by page until one is shorter than its limit; only reads. */
export abstract class Samples {
  /** How many there are, at most `most`, and how long they are together. */
  abstract count(
    selection: Selection,
    most: number,
  ): Promise<{ readonly comments: number; readonly characters: number }>;
  abstract page(selection: Selection, after: string | undefined, limit: number): Promise<readonly Sample[]>;
}
