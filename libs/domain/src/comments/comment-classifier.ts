import type { Media } from '../media/media.js';
import type { Comment, ThreadEntry } from './comment.js';
import type { Verdict } from './verdict.js';

export interface CommentContext {
  readonly comment: Comment;
  readonly media: Media | undefined;
  readonly thread: readonly ThreadEntry[];
}

export type Classification =
  | { readonly kind: 'verdict'; readonly verdict: Verdict; readonly repaired: boolean }
  | { readonly kind: 'refused'; readonly detail: string }
  /** Not usable even after one repair. */
  | { readonly kind: 'unreadable'; readonly detail: string };

export abstract class CommentClassifier {
  /**
   * One structured model call, with at most one repair.
   * @throws AppError 'unavailable' | 'rate-limited' | 'exhausted' | 'misconfigured' | 'rejected'
   */
  abstract classify(context: CommentContext): Promise<Classification>;
}
