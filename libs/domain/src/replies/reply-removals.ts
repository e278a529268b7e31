import type { NewDecision } from '../comments/reason-codes.js';
import type { Lease } from '../work/lease.js';

/** Taking published replies away, as people want it. Every write is one commit, guarded by the lease's epoch. */
export abstract class ReplyRemovals {
  /**
   * Before the platform is called: the row is ours for a whole lease from here on.
   * @returns 'paused' when it may not be done now: nothing has changed, and the lease is still ours
   */
  abstract begin(lease: Lease): Promise<'begun' | 'paused'>;
  /** It is gone at the platform. One that was ever in doubt is due for an audit: a copy of it may still stand. */
  abstract recordRemoved(lease: Lease, decision: NewDecision): Promise<void>;
}
