import type { AccountId, CommentId, PassageId, ReplyId } from '../shared/ids.js';

/** Whether the machine may publish it, writes a draft that a person decides on, or a person has decided that it goes out. */
export const replyIntents = ['auto', 'draft', 'person'] as const;
export type ReplyIntent = (typeof replyIntents)[number];

/** `public`: under the comment · `private`: a message to its author. At most one of each stands at a comment. */
export const replyChannels = ['public', 'private'] as const;
export type ReplyChannel = (typeof replyChannels)[number];

interface ReplyFacts {
  readonly id: ReplyId;
  readonly commentId: CommentId;
  readonly accountId: AccountId;
  readonly intent: ReplyIntent;
  readonly channel: ReplyChannel;
  /** The published reply that is removed as soon as this one is out. */
  readonly replaces?: ReplyId | undefined;
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
 * The one intent to answer a comment on this channel (at most one on its way, kept by the database).
 * wanted → drafted → sending → sent, or sending → unknown → sent | sending (once) ; wanted → waiting for a person, who
 * approves (→ drafted), rejects (→ dropped) or wants another draft (→ wanted). A person ends a published one, too:
 * sent → removing → removed.
 */
export type Reply =
  | (ReplyFacts & {
      readonly state: 'wanted';
      /** What a person asks of the draft. */ readonly hint?: string | undefined;
    })
  | (ReplyFacts & Written & { readonly state: 'drafted'; /** It may be sent once more. */ readonly again?: boolean })
  | (ReplyFacts & Written & Tried & { readonly state: 'sending' | 'unknown' })
  | (ReplyFacts & Partial<Written> & { readonly state: 'waiting' | 'parked' | 'dropped' })
  | (ReplyFacts & Written & { readonly state: 'sent' | 'removing' | 'removed'; readonly platformReplyId: CommentId });

/** Somebody wanted it published, and hears of it when it cannot be. */
export function isPersons({ intent }: Pick<Reply, 'intent'>): boolean {
  return intent === 'person';
}

export type ReplyState = Reply['state'];
export const replyStates: readonly ReplyState[] = [
  'wanted',
  'drafted',
  'waiting',
  'sending',
  'unknown',
  'sent',
  'removing',
  'removed',
  'parked',
  'dropped',
];
