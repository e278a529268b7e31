import type { NewDecision, ReasonCode } from '../comments/reason-codes.js';
import type { Lane } from '../jobs/job-catalog.js';
import type { ClaimOutcome, Lease, WorkRef } from './lease.js';

export interface LaterOptions {
  readonly delayMs: number;
  readonly error: string;
  /** False for "come back later" (limits, open circuits): the number of tries does not grow. */
  readonly spentTry: boolean;
  /** For the ledger; left out there when the comment's last line says the same. */
  readonly decision?: NewDecision;
}

export interface DueWork {
  readonly ref: WorkRef;
  /** The row's own stage: tells which job continues it. */
  readonly stage: string;
}

/** Who works on which row. All times are the database's. */
export abstract class Leases {
  /** Takes the row when it is due, free and not paused; epoch grows by one. Safe to call twice: the second call finds it taken. */
  abstract claim(ref: WorkRef, forMs: number): Promise<ClaimOutcome>;
  /** Extends a lease that is still ours. @returns false when it was taken over. */
  abstract renew(lease: Lease, forMs: number): Promise<boolean>;
  /** Gives the row back; it becomes due again after the delay. */
  abstract release(lease: Lease, later: LaterOptions): Promise<void>;
  /** Ends the work on this row for machines: a person decides, and is told. Writes the reason into the ledger. */
  abstract park(lease: Lease, reason: ReasonCode, error: string): Promise<void>;
  /**
   * Rows that should have been done by now and are not paused: what the sweep rings the bell for. The oldest of every account first, then
   * the second of each and so on: one account's backlog does not hold up another account.
   * @param limit of each kind of work: thousands of comments that wait for the model must not hide an alert, nor thousands
   * of replies that are to be written one that is to be sent
   * @param lanes only work whose jobs go into these; all when left out
   */
  abstract due(limit: number, lanes?: readonly Lane[]): Promise<readonly DueWork[]>;
}
