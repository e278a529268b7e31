import type { AccountId } from '../shared/ids.js';
import { toMs, type Duration } from './backoff.js';

export const pauseScopes = ['everything', 'account', 'post'] as const;
export type PauseScope = (typeof pauseScopes)[number];

/** `person`: somebody pulled the switch · `disconnected`: the access is dead · `blocked`: the platform punishes the account. */
export const pauseReasons = ['person', 'disconnected', 'blocked'] as const;
export type PauseReason = (typeof pauseReasons)[number];

/** The id of the scope `everything`. */
export const everythingId = 'all';

/** How long a blocked account rests: longer each time that a block follows within a week of the one before. */
export const coolOffs: readonly Duration[] = ['6h', '12h', '24h'];

// An access that the platform accepts when it is asked, and refuses when it is used, would be told to operators as lost
// and found again every few seconds: each time within a week it must have been paused for longer before it is resumed.
const shortestPauses: readonly Duration[] = ['0s', '1m', '10m'];

export interface NewPause {
  readonly scope: PauseScope;
  /** The account's or the post's id at the platform. */
  readonly id: string;
  readonly why: PauseReason;
  readonly by: 'system' | 'operator';
  /** For people. Never secrets. */
  readonly note?: string;
  /** When it ends by itself; without it somebody must resume. */
  readonly until?: Date;
}

export interface Pause extends NewPause {
  readonly at: Date;
  /** 1, or more when it follows earlier ones of its kind within a week each. */
  readonly times: number;
}

/**
 * What customers would see waits while it is paused: replies that are ready, moderation, and the removal of a second
 * copy. Understanding, drafting and telling operators go on. An unclear reply is still looked for, unless the access is dead; it is not sent again.
 * Rows stay due: after the end of a pause the sweep finds them within seconds. Database time throughout.
 */
export abstract class Pauses {
  /**
   * From its commit on no reply begins to be sent in any process. One pause per scope, id and reason: while it is in force,
   * a second call keeps its beginning and takes the new note and end.
   */
  abstract pause(pause: NewPause): Promise<Pause>;
  /** Pauses a blocked account for its next cool-off; while one is in force this changes nothing. */
  abstract coolOff(account: AccountId, note: string): Promise<void>;
  /** Ends the pauses of this scope and id, or only the one for this reason. @returns whether any was in force */
  abstract resume(scope: PauseScope, id: string, why?: PauseReason): Promise<boolean>;
  /** Those in force, oldest first. */
  abstract list(): Promise<readonly Pause[]>;
  /** Writes `waits-for-resume` into the ledger of what waits, once per pause. Safe to call from every process. */
  abstract tellWaiting(): Promise<void>;
}

/** Whether an access that the platform accepts again may be used again now. */
export function mayResume({ at, times }: Pick<Pause, 'at' | 'times'>, now: Date): boolean {
  const shortest = shortestPauses[Math.min(times, shortestPauses.length) - 1] ?? '0s';
  return now.getTime() - at.getTime() >= toMs(shortest);
}
