import type { NewDecision } from '../comments/reason-codes.js';
import type { ModerationId } from '../shared/ids.js';
import type { Lease } from '../work/lease.js';
import type { Moderation } from './moderation.js';

/** Writes are one commit each, guarded by the lease's epoch. */
export abstract class Moderations {
  abstract find(id: ModerationId): Promise<Moderation | undefined>;
  /** True while a reply to the same comment is still on its way: a hidden comment takes no reply. */
  abstract replyStillDue(moderation: Moderation): Promise<boolean>;
  /** The comment is hidden now. */
  abstract recordDone(lease: Lease, decision: NewDecision): Promise<void>;
  /** Nothing was hidden, and nothing will be. */
  abstract drop(lease: Lease, decision: NewDecision): Promise<void>;
}
