import type { ReasonCode } from '../comments/reason-codes.js';
import type { AccountId, CommentId, MediaId, ReplyId } from '../shared/ids.js';
import type { ReplyAction, StandingReply } from './operator-replies.js';

/** States in which a reply is a person's business. */
export const listedStates = ['waiting', 'parked'] as const;

export interface RepliesQuery {
  readonly state: (typeof listedStates)[number];
  readonly accountId: AccountId | undefined;
  readonly mediaId: MediaId | undefined;
  /** Only those that exist for so long at least. */
  readonly olderThanMinutes: number;
  readonly after: ReplyCursor | undefined;
  readonly limit: number;
}

export interface ReplyCursor {
  readonly since: Date;
  readonly id: string;
}

/** A reply with what a person needs to decide about it. */
export interface ReplyOnDesk extends StandingReply {
  readonly accountId: AccountId;
  readonly replaces: ReplyId | undefined;
  readonly platformReplyId: string | undefined;
  readonly sources: readonly { readonly passageId: string; readonly title: string }[];
  readonly model: string | undefined;
  readonly promptVersion: string | undefined;
  /** What a person asked of the draft. */
  readonly hint: string | undefined;
  readonly since: Date;
  readonly sentAt: Date | undefined;
  readonly comment: {
    readonly mediaId: MediaId | undefined;
    readonly parentId: CommentId | undefined;
    readonly username: string | undefined;
    readonly text: string;
    readonly class: string | undefined;
    readonly confidence: number | undefined;
    readonly hidden: boolean;
  };
  /** Why it waits, and what the gate found in this draft; oldest first. */
  readonly findings: readonly { readonly reason: ReasonCode; readonly detail: Readonly<Record<string, unknown>> }[];
}

/** Something that a person did about it. */
export interface ReplyActionRecord {
  readonly action: ReplyAction;
  readonly at: Date;
  readonly by: string;
  readonly replyId: ReplyId;
  readonly resultId: ReplyId;
  readonly before: string | undefined;
  readonly after: string | undefined;
  readonly note: string | undefined;
  readonly overruled: readonly { readonly reason: string; readonly found: string }[];
}

export interface ReplyStory {
  readonly reply: ReplyOnDesk;
  /** Oldest first. */
  readonly history: readonly ReplyActionRecord[];
}

/** Replies as people look at them. */
export abstract class ReplyRecords {
  /** The oldest first: whoever has waited longest. */
  abstract list(query: RepliesQuery): Promise<readonly ReplyOnDesk[]>;
  abstract find(id: ReplyId): Promise<ReplyStory | undefined>;
}
