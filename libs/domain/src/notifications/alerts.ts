import type { NewDecision } from '../comments/reason-codes.js';
import type { CommentClass } from '../comments/verdict.js';
import type { AlertId } from '../shared/ids.js';
import type { Lease } from '../work/lease.js';
import type { Alert, AlertContent } from './alert.js';

/** An alert that goes into the message of another one. */
export interface TakenAlert {
  readonly lease: Lease;
  /** In the state in which it was found: `sending` when an earlier try may have been seen. */
  readonly alert: Alert;
  readonly class: CommentClass | undefined;
}

/** Writes are one commit each, guarded by the lease's epoch. */
export abstract class Alerts {
  abstract find(id: AlertId): Promise<Alert | undefined>;
  /** Everything the message shows, read fresh. */
  abstract content(alert: Alert): Promise<AlertContent | undefined>;
  abstract beginSending(lease: Lease): Promise<void>;
  /** The channel said clearly that nothing was sent. The lease stays ours. */
  abstract recordNotTold(lease: Lease): Promise<void>;
  abstract recordTold(lease: Lease, messageId: string, decision: NewDecision): Promise<void>;
  /** How many others could be told now, `most` at most; those that wait for their comment's draft are not among them. */
  abstract waitingBeside(lease: Lease, most: number): Promise<number>;
  /** Takes them, as if each had been claimed and begun for so long: the most pressing first. */
  abstract takeBeside(lease: Lease, most: number, forMs: number): Promise<readonly TakenAlert[]>;
  /** Gives those back that are still ours. @param maybeSeen the channel did not say whether they were sent */
  abstract letGo(leases: readonly Lease[], delayMs: number, maybeSeen: boolean): Promise<void>;
  abstract recordNoChannel(lease: Lease, decision: NewDecision): Promise<void>;
}
