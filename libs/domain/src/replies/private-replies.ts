import type { CommentId, ReplyId } from '../shared/ids.js';
import type { ReplyState } from './reply.js';

export const privateReplyRules = {
  /** The platform takes a message of so many bytes of UTF-8. */
  bytes: 1_000,
  /** And for so long after the comment was written. */
  withinMs: 7 * 24 * 3_600_000,
} as const;

/** A reply in a person's words. */
export interface WrittenReply {
  readonly id: ReplyId;
  readonly state: ReplyState;
  readonly text: string;
}

/** Where operators write to a comment's author; from there on it is a reply like any other. */
export abstract class PrivateReplies {
  /**
   * Due at once; a finished comment is reopened. One commit, safe to repeat.
   * @returns the one private reply of this comment: this one, or the one that was there before with whatever text
   */
  abstract write(commentId: CommentId, text: string): Promise<WrittenReply>;
}
