import type { AccountId, CommentId } from '../shared/ids.js';
import type { PlatformId } from '../shared/ids.js';
import type { CommentSource, IncomingComment } from './comment.js';

/** A part of a delivery that we could not read: kept with its reason, so that a person can look and nothing is lost. */
export interface QuarantinedItem {
  /** Where in the body it stood, for instance `entry[0].changes[3]`. */
  readonly path: string;
  readonly reason: string;
}

export interface Delivery {
  readonly platform: PlatformId;
  /** How its comments came to us: by webhook when it is not said. What comes as `history` is kept and never acted on. */
  readonly source?: CommentSource;
  /** The bytes as they were signed, or the page on which the comments were found; kept unchanged. */
  readonly body: Uint8Array;
  readonly traceId: string;
  readonly comments: readonly IncomingComment[];
  readonly quarantined: readonly QuarantinedItem[];
  /** How many items of which kind were accepted without a feature for them yet: `{ mentions: 2 }`. */
  readonly counted: Readonly<Record<string, number>>;
}

export interface StoredDelivery {
  /** Comments that are new, or known and not yet finished: ring the bell for these. */
  readonly waiting: readonly CommentId[];
  readonly duplicates: number;
  /** Comments of accounts that are not served here: counted, not kept. */
  readonly foreign: number;
  readonly own: number;
}

export abstract class Intake {
  /**
   * Makes a delivery durable in one commit: the raw body, each comment once, the quarantine. When it returns, the
   * delivery may be acknowledged. Safe to call any number of times with the same comments, also at once.
   * @throws AppError 'unavailable' when it could not be stored
   */
  abstract store(delivery: Delivery): Promise<StoredDelivery>;
  /** Ends comments that were kept before any account was known, once it is clear that nobody serves them. */
  abstract dropForeign(served: readonly AccountId[]): Promise<number>;
  /**
   * Removes raw deliveries that are older than so many days, the oldest first, at most `limit`. Comments, decisions and
   * what was kept aside stay; so does a delivery with something kept aside, and with a comment that is not finished.
   * @returns how many were removed
   */
  abstract forgetDeliveries(olderThanDays: number, limit: number): Promise<number>;
}
