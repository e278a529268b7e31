import type { AccountId, AlertId, CommentId, ModerationId, ReplyId } from '../shared/ids.js';

/** What a worker can hold: one row that still has something to be done. */
export type WorkRef =
  | { readonly kind: 'comment'; readonly id: CommentId }
  | { readonly kind: 'reply'; readonly id: ReplyId }
  | { readonly kind: 'moderation'; readonly id: ModerationId }
  | { readonly kind: 'alert'; readonly id: AlertId };

/**
 * The right to work on one row until it runs out (database time). Every write made under it carries
 * its epoch; a holder that was paused too long holds an old epoch and its writes change nothing.
 */
export interface Lease {
  readonly ref: WorkRef;
  readonly commentId: CommentId;
  readonly accountId: AccountId;
  readonly epoch: number;
  /** Tries that were spent before this one. */
  readonly attempts: number;
  readonly traceId: string;
}

export type ClaimOutcome =
  | { readonly kind: 'claimed'; readonly lease: Lease }
  /** Or it is paused: the row stays due, and the sweep finds it after the pause. */
  | { readonly kind: 'nothing-to-do' }
  /** Somebody else holds it, or it waits for its time: come back then. */
  | { readonly kind: 'not-yet'; readonly inMs: number };

/** Thrown when a write under a lease changed no row: somebody else has taken over. The holder stops at once. */
export class StaleLease extends Error {
  constructor(readonly lease: Lease) {
    super(`the lease on ${lease.ref.kind} ${lease.ref.id} (epoch ${lease.epoch}) was taken over`);
    this.name = 'StaleLease';
  }
}
