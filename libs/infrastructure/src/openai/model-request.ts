import type { AccountId, CommentId } from '#domain/shared/ids.js';
import type { BudgetOwner } from '#domain/spending/budget.js';

export const purposes = ['classification', 'answer', 'vision', 'embed'] as const;
export type Purpose = (typeof purposes)[number];

/** Whose money a call is, and for what. */
export interface Spender {
  readonly accountId: AccountId;
  readonly authorId?: string | undefined;
  readonly commentId?: CommentId | undefined;
}

/** What the book of calls knows about one before it is made. */
export interface PaidCall {
  readonly purpose: Purpose;
  readonly model: string;
  readonly promptVersion: string;
  readonly spender: Spender;
}

export interface ModelRequest extends PaidCall {
  /** Asked in this order when the one before does not answer. */
  readonly fallbacks?: readonly string[];
  /** Static text first: equal beginnings are cached by the vendor. */
  readonly instructions: string;
  /** One user turn each. */
  readonly turns: readonly string[];
  /** Pictures that the first turn is about, as data URLs. */
  readonly images?: readonly string[];
  readonly format: {
    readonly name: string;
    readonly jsonSchema: Record<string, unknown>;
    /** Of the schema as text. */
    readonly characters: number;
  };
  readonly maxOutputTokens: number;
  /** Whether this text is of use; every text when it is not said. */
  readonly accepts?: (text: string) => boolean;
  /** A hash that stands for the author, so that the vendor can act on one abuser instead of on us. */
  readonly safetyIdentifier: string | undefined;
}

export interface Usage {
  /** All of them, also those that were read from the vendor's cache. */
  readonly inputTokens: number;
  /** Of these, the ones that the vendor had read before and charges less for. */
  readonly cachedTokens: number;
  readonly outputTokens: number;
}

/** Nobody was asked: the day's money of the account or of the author is spent. */
export interface OverBudget {
  readonly kind: 'over-budget';
  readonly detail: BudgetOwner;
  readonly usage: Usage;
  readonly model: string;
}

export type ModelAnswer = ModelOutput & {
  /** The one that really answered. */
  readonly model: string;
};

export type ModelOutput = { readonly usage: Usage } & (
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'refused'; readonly detail: string }
  /** Broken off, for instance because the tokens were used up. */
  | { readonly kind: 'incomplete'; readonly detail: string }
  /** Nobody was asked: the day's money of the account or of the author is spent. */
  | { readonly kind: 'over-budget'; readonly detail: BudgetOwner }
);

export const nothingUsed: Usage = { inputTokens: 0, cachedTokens: 0, outputTokens: 0 };
