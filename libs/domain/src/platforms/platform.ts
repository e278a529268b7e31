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
   * The account's own replies in the thread under a top-level comment, all pages.
   * @throws AppError 'gone' when the thread no longer exists
   */
  listOurs(request: {
    readonly accountId: AccountId;
    readonly topLevelId: CommentId;
  }): Promise<readonly PublishedReply[]>;
  /** How the platform changes a text before it shows it, so that ours can be found again. */
  asShown(text: string): string;
}

export interface CommentModeration {
  /** Idempotent. @throws AppError 'gone' when the comment no longer exists */
  hide(request: { readonly accountId: AccountId; readonly commentId: CommentId }): Promise<void>;
}

export interface MediaReader {
  /** @throws AppError 'gone' */
  read(request: { readonly accountId: AccountId; readonly mediaId: MediaId }): Promise<Media>;
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

/** A missing capability is an absent property. */
export interface Platform {
  readonly id: PlatformId;
  readonly accounts: AccountReader;
  readonly replies: ReplyPublisher;
  readonly moderation: CommentModeration;
  readonly media: MediaReader;
  readonly webhook?: CommentWebhook;
}

export abstract class Platforms {
  /** @throws AppError 'not-found' */
  abstract get(id: PlatformId): Platform;
  abstract all(): readonly Platform[];
}
