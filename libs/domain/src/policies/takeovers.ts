import type { AccountId, CommentId, MediaId } from '../shared/ids.js';

export const takeoverScopes = ['thread', 'post'] as const;
export type TakeoverScope = (typeof takeoverScopes)[number];

/** An operator of ours, or a person in the platform's own app. */
export const takers = ['operator', 'platform'] as const;

/** Where people act and the bot does nothing public until it is handed back. */
export interface Takeover {
  readonly scope: TakeoverScope;
  /** Of the thread's first comment, or of the post. */
  readonly id: string;
  readonly accountId: AccountId;
  readonly by: (typeof takers)[number];
  readonly at: Date;
}

/** The last one of the page before. */
export type TakeoverCursor = Pick<Takeover, 'at' | 'scope' | 'id'>;

/**
 * Who acts in a thread, or under a post. What the platform tells about people who answer in its own app is noted where
 * deliveries are stored.
 */
export abstract class Takeovers {
  /**
   * From now on no reply that the bot planned begins to be sent in the comment's thread; those that had not begun wait
   * for a person, and so do its hides. One commit, safe to repeat.
   * @returns undefined when there is no such comment
   */
  abstract takeThread(commentId: CommentId): Promise<Takeover | undefined>;
  /** The same for all threads under a post. */
  abstract mutePost(accountId: AccountId, mediaId: MediaId): Promise<Takeover>;
  /** Comments from now on are the bot's again; what waits goes on waiting. @returns whether it was taken over */
  abstract handBackThread(commentId: CommentId): Promise<boolean>;
  abstract unmutePost(mediaId: MediaId): Promise<boolean>;
  /** Newest first. */
  abstract list(limit: number, after?: TakeoverCursor): Promise<readonly Takeover[]>;
}
