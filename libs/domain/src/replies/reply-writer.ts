import type { AnswerSettings } from '../answers/settings.js';
import type { CatalogueFit } from '../catalogue/fit.js';
import type { CommentContext } from '../comments/comment-classifier.js';
import type { Passage } from '../knowledge/document.js';
import type { BudgetOwner, Micros } from '../spending/budget.js';
import type { Draft } from './replies.js';

export interface WritingContext extends CommentContext {
  readonly passages: readonly Passage[];
  /** What of the catalogue fits the question; undefined while the account has none, or the question names nothing. */
  readonly catalogue?: CatalogueFit | undefined;
  /** How the account wants to sound; as nobody had decided anything when it is not said. */
  readonly settings?: AnswerSettings;
  /** What a person of the brand asks of this answer. */
  readonly hint?: string | undefined;
}

/** `spent`: what it cost, when it is known. */
export type Writing = { readonly spent?: Micros | undefined } & (
  | {
      readonly kind: 'written';
      readonly draft: Draft;
      /** Those that it was written with, for the check that no reply repeats them. */
      readonly instructions: string;
      /** A word that stands in them and nowhere else. */
      readonly canary?: string | undefined;
    }
  /** The passages do not answer the question. */
  | { readonly kind: 'abstained' }
  | { readonly kind: 'refused'; readonly detail: string }
  | { readonly kind: 'unreadable'; readonly detail: string }
  /** Nobody was asked: the day's money of the account or of the author is spent. */
  | { readonly kind: 'over-budget'; readonly whose: BudgetOwner }
);

export abstract class ReplyWriter {
  /** @throws AppError as CommentClassifier.classify */
  abstract write(context: WritingContext): Promise<Writing>;
}
