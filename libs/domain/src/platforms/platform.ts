import type { AccountIdentity } from '../accounts/account.js';
import type { IncomingComment } from '../comments/comment.js';
import type { QuarantinedItem } from '../comments/intake.js';
import type { Media } from '../media/media.js';
import type { AccountId, CommentId, MediaId, PlatformId } from '../shared/ids.js';

export interface PublishedReply {
  readonly id: CommentId;
  readonly text: string;
  readonly at: Date;
}

export interface ReplyPublisher {
  /**
   * Publishes one public reply. Exactly one request, never retried inside, with a deadline of its own that is
   * shorter than the lease of `replies.send`.
   * @returns the platform's id of the reply
   * @throws AppError 'ambiguous' when it may have been published; 'duplicate' when the platform says it was; any
   *   other kind means that it was not
   */
  publish(request: {
    readonly accountId: AccountId;
    readonly commentId: CommentId;
    readonly text: string;
  }): Promise<CommentId>;
  /**
   * What the account has published where this reply would stand, all pages: in the thread under the top-level comment,
   * or, for private replies, in the conversation with the comment's author.
   * @throws AppError 'gone' when the thread no longer exists
   */
  listOurs(request: {
    readonly accountId: AccountId;
    readonly topLevelId: CommentId;
    readonly authorId?: string | undefined;
  }): Promise<readonly PublishedReply[]>;
  /** How the platform changes a text before it shows it, so that ours can be found again. */
  asShown(text: string): string;
}

interface OneComment {
  readonly accountId: AccountId;
  readonly commentId: CommentId;
}

/** Doing any of these twice changes nothing. @throws AppError 'gone' when the comment no longer exists */
export interface CommentModeration {
  hide(request: OneComment): Promise<void>;
  unhide?(request: OneComment): Promise<void>;
  /** For good, with the replies under it. Also for a reply of our own. */
  delete?(request: OneComment): Promise<void>;
}

/** A comment as the platform shows it now; undefined is what it does not tell. */
export interface CommentNow {
  readonly hidden: boolean | undefined;
  readonly writtenAt: Date | undefined;
}

export interface CommentReader {
  /** @throws AppError 'gone' */
  read(request: OneComment): Promise<CommentNow>;
}

export interface MediaReader {
  /** @throws AppError 'gone' */
  read(request: { readonly accountId: AccountId; readonly mediaId: MediaId }): Promise<Media>;
  readonly pictures?: PictureReader;
}

export interface Picture {
  /** @returns `data:image/jpeg;base64,…` @throws AppError 'rejected' for what is no picture of ours to load, 'unavailable' */
  load(): Promise<string>;
}

export interface PictureReader {
  /** The pictures of a post as it is now, in their order, of a video its still; not loaded yet. @throws AppError 'gone' */
  read(request: {
    readonly accountId: AccountId;
    readonly mediaId: MediaId;
    readonly most: number;
  }): Promise<readonly Picture[]>;
}

export interface ConnectedAccount extends AccountIdentity {
  /** Left out when the platform accepts it now. `refused`: it must be connected again · `untold`: cannot be told now. */
  readonly access?: 'refused' | 'untold';
}

export interface AccountReader {
  /**
   * The accounts that our access belongs to.
   * @throws AppError 'reconnect' when the platform refuses our access as a whole, and so names nobody
   */
  connected(): Promise<readonly ConnectedAccount[]>;
}

export interface ParsedDelivery {
  readonly comments: readonly IncomingComment[];
  readonly quarantined: readonly QuarantinedItem[];
  readonly counted: Readonly<Record<string, number>>;
}

export interface CommentWebhook {
  /** The challenge to echo, or why not. Tokens are compared in constant time. */
  handshake(
    query: Readonly<Record<string, unknown>>,
  ):
    | { readonly kind: 'accepted'; readonly challenge: string }
    | { readonly kind: 'refused' }
    | { readonly kind: 'incomplete'; readonly missing: readonly string[] };
  /** Whether the body is signed by the platform with one of the app's valid secrets. Looks at the bytes only. */
  signedBy(body: Uint8Array, signature: string | readonly string[] | undefined): boolean;
  /**
   * Reads a signed body leniently, item by item; never throws: what cannot be read is in `quarantined`.
   */
  parse(body: Uint8Array): ParsedDelivery;
}

/** A post as the platform lists it. */
export interface ListedMedia {
  readonly id: MediaId;
  readonly kind: string | undefined;
  readonly postedAt: Date | undefined;
  /** Comments and replies under it, as the platform counts them. */
  readonly comments: number;
}

export interface CommentPage {
  /** What the platform answered, for the record. */
  readonly body: Uint8Array;
  /** Top-level comments newest first, each followed by all of its replies. */
  readonly comments: readonly IncomingComment[];
  readonly quarantined: readonly QuarantinedItem[];
  /** When the oldest top-level comment of the page was written, where the platform says so. */
  readonly reachesBackTo: Date | undefined;
  /** Where the next page begins; undefined after the last one. */
  readonly next: string | undefined;
}

/** Reading what stands under posts, for when nobody told us about it. Changes nothing at the platform. */
export interface CommentListing {
  /** The account's posts since then, newest first, at most `limit`. */
  recentMedia(request: {
    readonly accountId: AccountId;
    readonly since: Date;
    readonly limit: number;
  }): Promise<readonly ListedMedia[]>;
  /** @throws AppError 'gone' when the post no longer exists, 'rejected' when the cursor is no longer good */
  page(request: {
    readonly accountId: AccountId;
    readonly media: ListedMedia;
    readonly after: string | undefined;
  }): Promise<CommentPage>;
}

/** Whether the platform tells us about comments. */
export interface Subscription {
  isActive(request: { readonly accountId: AccountId }): Promise<boolean>;
  /** Idempotent. */
  renew(request: { readonly accountId: AccountId }): Promise<void>;
}

export interface RenewedAccess {
  readonly token: string;
  readonly expiresInMs: number;
}

export interface AccessRenewal {
  /**
   * Extends the account's access; the token in use stays good. Harmless when repeated.
   * @throws AppError 'rejected' when the token is too young, 'reconnect' when it is dead
   */
  renew(request: { readonly accountId: AccountId }): Promise<RenewedAccess>;
}

/** A missing capability is an absent property. */
export interface Platform {
  readonly id: PlatformId;
  readonly accounts: AccountReader;
  readonly replies: ReplyPublisher;
  /** Messages to a comment's author: one per comment, for some days only. */
  readonly privateReplies?: ReplyPublisher;
  readonly comments?: CommentReader;
  readonly moderation: CommentModeration;
  readonly media: MediaReader;
  readonly webhook?: CommentWebhook;
  readonly listing?: CommentListing;
  readonly subscription?: Subscription;
  readonly access?: AccessRenewal;
}

export abstract class Platforms {
  /** @throws AppError 'not-found' */
  abstract get(id: PlatformId): Platform;
  abstract all(): readonly Platform[];
}
