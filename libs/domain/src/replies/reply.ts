import type { AccountId, CommentId, PassageId, ReplyId } from '../shared/ids.js';

/** Whether the machine may publish it, or writes a draft that a person decides on. */
export type ReplyIntent = 'auto' | 'draft';

/** `public`: under the comment · `private`: a message to its author. At most one of each per comment. */
export const replyChannels = ['public', 'private'] as const;
export type ReplyChannel = (typeof replyChannels)[number];

interface ReplyFacts {
  readonly id: ReplyId;
  readonly commentId: CommentId;
  readonly accountId: AccountId;
  readonly intent: ReplyIntent;
  readonly channel: ReplyChannel;
}

interface Written {
  readonly text: string;
  readonly sources: readonly PassageId[];
}

/** One try to publish; the protocol's evidence when it is unclear what became of it. */
interface Tried {
  /** 1 or 2: there is at most one resend. */
  readonly attempt: number;
  /** When the first try began that may have published it. */
  readonly startedAt: Date;
  /** Times the thread was listed since and our reply was not there. */
  readonly emptyListings: number;
}

/**
 * The one intent to answer a comment on this channel (at most one, kept by the database).
 * wanted → drafted → sending → sent, or sending → unknown → sent | sending (once) ; wanted → waiting for a person.
 */
export type Reply =
  | (ReplyFacts & { readonly state: 'wanted' })
  | (ReplyFacts & Written & { readonly state: 'drafted'; /** It may be sent once more. */ readonly again?: boolean })
  | (ReplyFacts & Written & Tried & { readonly state: 'sending' | 'unknown' })
  | (ReplyFacts & Partial<Written> & { readonly state: 'waiting' | 'parked' | 'dropped' })
  | (ReplyFacts & Written & { readonly state: 'sent'; readonly platformReplyId: CommentId });

export type ReplyState = Reply['state'];
export const replyStates: readonly ReplyState[] = [
  'wanted',
  'drafted',
  'waiting',
  'sending',
  'unknown',
  'sent',
  'parked',
  'dropped',
];
