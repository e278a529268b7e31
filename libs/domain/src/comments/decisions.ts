import type { ModerationAction, ModerationState } from '../moderation/moderation.js';
import type { CommentId } from '../shared/ids.js';
import type { Comment } from './comment.js';
import type { ReasonCode, Step } from './reason-codes.js';

export interface Decision {
  readonly id: string;
  readonly at: Date;
  readonly step: Step;
  readonly reason: ReasonCode;
  readonly actor: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export const actionsDone = [
  'reply',
  'draft',
  'private-reply',
  'hide',
  'unhide',
  'delete',
  'suggest-hide',
  'alert',
] as const;
type ActionDone = (typeof actionsDone)[number];

interface ReplyRecord {
  readonly id: string;
  readonly state: string;
  readonly text: string | undefined;
  readonly platformReplyId: string | undefined;
  readonly sources: readonly { readonly passageId: string; readonly title: string }[];
}

/** One thing that was done, or is to be done, with the comment's visibility. */
interface ModerationRecord {
  readonly id: string;
  readonly action: ModerationAction;
  readonly state: ModerationState;
  /** Who wanted it: the system by a policy or rule, or an operator. */
  readonly actor: string;
  readonly wantedAt: Date;
  readonly doneAt: Date | undefined;
}

export interface CommentRecord {
  readonly comment: Comment;
  readonly actions: readonly ActionDone[];
  readonly reply: ReplyRecord | undefined;
  readonly privateReply: ReplyRecord | undefined;
  /** Oldest first. */
  readonly moderations: readonly ModerationRecord[];
  readonly decisions: readonly Decision[];
}

/** The ledger, read side: everything that was decided about one comment, oldest first. */
export abstract class Decisions {
  abstract about(id: CommentId): Promise<CommentRecord | undefined>;
}
