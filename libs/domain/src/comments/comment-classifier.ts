import type { Media } from '../media/media.js';
import type { Prompt } from '../prompts/prompt.js';
import type { BudgetOwner } from '../spending/budget.js';
import type { Comment, ThreadEntry } from './comment.js';
import type { LocalRule } from './local-rules.js';
import type { Verdict } from './verdict.js';

export interface CommentContext {
  /** Under whose posts it stands. */
  readonly brand: { readonly username: string };
  readonly comment: Comment;
  readonly media: Media | undefined;
  readonly thread: readonly ThreadEntry[];
  /** Our instructions to the model; the usual ones when it is not said. */
  readonly prompt?: Prompt;
}

export type Classification =
  | {
      readonly kind: 'verdict';
      readonly verdict: Verdict;
      readonly repaired: boolean;
      /** From an equal comment of the last hour: nobody was asked. */
      readonly takenOver?: true;
      /** By this rule of ours: nobody was asked either. */
      readonly locally?: LocalRule;
    }
  | { readonly kind: 'refused'; readonly detail: string }
  /** Not usable even after one repair. */
  | { readonly kind: 'unreadable'; readonly detail: string }
  /** Nobody was asked: the day's money of the account or of the author is spent. */
  | { readonly kind: 'over-budget'; readonly whose: BudgetOwner };

export abstract class CommentClassifier {
  /**
   * One structured model call, with at most one repair; none when an equal comment was understood before.
   * @throws AppError 'unavailable' | 'rate-limited' | 'exhausted' | 'misconfigured' | 'rejected'
   */
  abstract classify(context: CommentContext): Promise<Classification>;
}
