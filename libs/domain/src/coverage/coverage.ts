import type { AccountId, CommentId, MediaId } from '../shared/ids.js';

/** What a look at a post's comments found. */
export interface Look {
  /** As the platform counted the post's comments and replies. */
  readonly counted: number;
  /** What we had then, with those that were left to their webhooks. */
  readonly known: number;
  /** What the platform counts and we do not know, although we read what it lists. */
  readonly unexplained: number;
  /** Whether the post's comments were read to the end once. */
  readonly whole: boolean;
  /** Where the first reading goes on. */
  readonly continueAt: string | undefined;
  readonly at: Date;
}

/** What we know of a post's comments before we look again. */
export interface MediaKnowledge {
  /** Comments of it that are stored. */
  readonly known: number;
  readonly lastCameAt: Date | undefined;
  readonly lastLook: Look | undefined;
}

/** How completely an account's comments reach us. */
export interface AccountCoverage {
  readonly accountId: AccountId;
  readonly username: string;
  readonly seenByWebhook: number;
  readonly foundByPolling: number;
  /** What the platform counts under the posts of the last month and we do not know. */
  readonly unexplained: number;
  /** When the last comment came by webhook, ever. */
  readonly lastEventAt: Date | undefined;
  /** When we last looked at the platform for comments. */
  readonly lastLookAt: Date | undefined;
}

export abstract class Coverage {
  /** What was written before is history. @throws AppError 'not-found' */
  abstract connectedAt(accountId: AccountId): Promise<Date>;
  /** One entry for each post asked for. */
  abstract of(media: readonly MediaId[]): Promise<ReadonlyMap<MediaId, MediaKnowledge>>;
  /** Those that are not stored. */
  abstract missing(ids: readonly CommentId[]): Promise<ReadonlySet<CommentId>>;
  abstract remember(accountId: AccountId, mediaId: MediaId, look: Look): Promise<void>;
  /** Of every account, counted from `since` on. One statement over indexes: fit to be asked every few seconds. */
  abstract numbers(since: Date): Promise<readonly AccountCoverage[]>;
}
