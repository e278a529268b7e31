import type { AccountId, CommentId, MediaId } from '../shared/ids.js';
import type { DueWork } from '../work/leases.js';

/** `hide`: hiding is suggested · `reply`: an answer waits, written or not. */
export const suggestionKinds = ['hide', 'reply'] as const;
export type SuggestionKind = (typeof suggestionKinds)[number];

/** Something that waits for a person. */
export interface Suggestion {
  readonly kind: SuggestionKind;
  readonly id: string;
  readonly commentId: CommentId;
  readonly accountId: AccountId;
  readonly mediaId: MediaId | undefined;
  readonly username: string | undefined;
  /** The comment's. */
  readonly text: string;
  readonly class: string | undefined;
  readonly confidence: number | undefined;
  /** Words for the answer, when there are some. */
  readonly draft: string | undefined;
  readonly since: Date;
}

/** The last one of the page before. */
export type SuggestionCursor = Pick<Suggestion, 'since' | 'id'>;

export type HideDecision =
  | { readonly kind: 'decided'; readonly commentId: CommentId; readonly due: readonly DueWork[] }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'not-suggested' };

/** What waits for a person: suggested hides, and answers that nobody has given yet. */
export abstract class Suggestions {
  /** Newest first. */
  abstract list(
    accountId: AccountId | undefined,
    limit: number,
    after?: SuggestionCursor,
  ): Promise<readonly Suggestion[]>;
  /** The comment is hidden, or stays visible. One commit; only what is still suggested can be decided. */
  abstract decideHide(id: string, hide: boolean): Promise<HideDecision>;
}
