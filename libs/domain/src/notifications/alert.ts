import type { Comment } from '../comments/comment.js';
import type { CommentClass } from '../comments/verdict.js';
import type { AlertId, CommentId } from '../shared/ids.js';
import type { Media } from '../media/media.js';

/**
 * `waiting`: due · `sending`: handed to the channel, answer not yet known · `closed`: a person has decided before anybody
 * was told · the others are final.
 */
export type AlertState = 'waiting' | 'sending' | 'told' | 'no-channel' | 'closed' | 'parked';

export interface Alert {
  readonly id: AlertId;
  readonly commentId: CommentId;
  readonly state: AlertState;
}

/** What one message about several comments says. */
export interface AlertDigest {
  readonly comments: readonly { readonly id: CommentId; readonly class: CommentClass | undefined }[];
  /** Some of them, the most pressing first; as many of these as have room are shown. */
  readonly shown: readonly AlertContent[];
  /** True when an earlier try may already have been seen, of any of them. */
  readonly maybeRepeated: boolean;
}

/** What an operator needs to see to decide. */
export interface AlertContent {
  readonly comment: Comment;
  readonly media: Media | undefined;
  readonly draft: { readonly text: string | undefined; readonly why: string } | undefined;
  /** Why machines have given up on something about this comment. */
  readonly parked: string | undefined;
  readonly suggestsHiding: boolean;
  /** True when an earlier try may already have been seen. */
  readonly maybeRepeated: boolean;
}
