import type { ReasonCode } from '../comments/reason-codes.js';
import type { CommentId } from '../shared/ids.js';
import type { WorkRef } from './lease.js';
import type { DueWork } from './leases.js';

/** One row that machines have given up. */
export interface ParkedWork {
  readonly ref: WorkRef;
  readonly commentId: CommentId;
  readonly reason: ReasonCode;
  /** The last failure, in the vendor's or our own words. */
  readonly error: string | undefined;
  readonly since: Date;
}

/** Where a page of the list ended. */
export interface ParkedCursor {
  readonly since: Date;
  readonly key: string;
}

export interface ParkedQuery {
  readonly limit: number;
  readonly after: ParkedCursor | undefined;
  readonly reason: ReasonCode | undefined;
}

export type RetryOutcome =
  | { readonly kind: 'retried'; readonly commentId: CommentId; readonly due: DueWork }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'not-parked' };

/** What waits for a person because every try failed. */
export abstract class Parked {
  /** Newest first; rows of equal time by their key. */
  abstract list(query: ParkedQuery): Promise<readonly ParkedWork[]>;
  /**
   * Puts a row back to where it stood when it was parked, due now, with fresh tries, and its comment with it. A reply
   * that may be out comes back in doubt: it is looked for before anything is sent.
   */
  abstract retry(ref: WorkRef): Promise<RetryOutcome>;
}

const kinds: readonly WorkRef['kind'][] = ['comment', 'reply', 'moderation', 'alert'];

/** One name for a row of any kind: `reply-0193e3a2-…`. */
export function keyOf({ kind, id }: WorkRef): string {
  return `${kind}-${id}`;
}

/** @returns undefined when it names no row of ours */
export function partsOfKey(key: string): { readonly kind: WorkRef['kind']; readonly id: string } | undefined {
  const kind = kinds.find((candidate) => key.startsWith(`${candidate}-`));
  return kind && { kind, id: key.slice(kind.length + 1) };
}
