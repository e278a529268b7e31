import type { AccountId, CommentId, MediaId } from '../shared/ids.js';
import type { Verdict } from './verdict.js';

/**
 * Where the comment stands for us. `received`: not yet understood · `acting`: understood, something is still
 * being done about it · `done` and `parked` are final; a parked one waits for a person.
 */
export const commentStages = ['received', 'acting', 'done', 'parked'] as const;
export type CommentStage = (typeof commentStages)[number];

/** How it ended, the strongest thing first: what is deleted is gone, a reply outweighs a hide, a hide outweighs a waiting draft, and so on. */
export const outcomes = ['deleted', 'answered', 'hidden', 'waiting', 'told', 'left-alone', 'own', 'parked'] as const;
export type Outcome = (typeof outcomes)[number];

/** How we got to know it. `history`: it stood there before the account was ours, or was found too late to be answered. */
export const commentSources = ['webhook', 'polling', 'history'] as const;
export type CommentSource = (typeof commentSources)[number];

/** A comment as the platform told us about it. */
export interface IncomingComment {
  readonly id: CommentId;
  readonly accountId: AccountId;
  /** Undefined when the platform did not say under which post it stands. */
  readonly mediaId: MediaId | undefined;
  /** The top-level comment of the thread, when this is a reply in it. */
  readonly parentId: CommentId | undefined;
  readonly authorId: string | undefined;
  readonly username: string | undefined;
  /** Empty for a sticker or GIF. */
  readonly text: string;
  readonly mediaKind: string | undefined;
  readonly adId: string | undefined;
  /** When the platform says that it was written; its webhooks do not say. */
  readonly writtenAt?: Date | undefined;
}

export interface Comment extends IncomingComment {
  readonly stage: CommentStage;
  readonly receivedAt: Date;
  readonly verdict: Verdict | undefined;
  readonly hidden: boolean;
  readonly outcome: Outcome | undefined;
  /** A person has taken over the thread it stands in, or the post under which it stands: the bot does nothing there. */
  readonly takenOver?: 'thread' | 'post' | undefined;
}

/** One earlier voice in the thread, oldest first. */
export interface ThreadEntry {
  readonly by: 'customer' | 'brand';
  readonly username: string | undefined;
  readonly text: string;
}

/** Platforms attach a reply to a reply to the top of the thread, so this is where ours will be listed. */
export function topLevelOf(comment: Pick<IncomingComment, 'id' | 'parentId'>): CommentId {
  return comment.parentId ?? comment.id;
}
