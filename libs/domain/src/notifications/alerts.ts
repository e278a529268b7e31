import type { NewDecision } from '../comments/reason-codes.js';
import type { AlertId } from '../shared/ids.js';
import type { Lease } from '../work/lease.js';
import type { Alert, AlertContent } from './alert.js';

/** Writes are one commit each, guarded by the lease's epoch. */
export abstract class Alerts {
  abstract find(id: AlertId): Promise<Alert | undefined>;
  /** Everything the message shows, read fresh. */
  abstract content(alert: Alert): Promise<AlertContent | undefined>;
  abstract beginSending(lease: Lease): Promise<void>;
  /** The channel said clearly that nothing was sent. The lease stays ours. */
  abstract recordNotTold(lease: Lease): Promise<void>;
  abstract recordTold(lease: Lease, messageId: string, decision: NewDecision): Promise<void>;
  abstract recordNoChannel(lease: Lease, decision: NewDecision): Promise<void>;
}
