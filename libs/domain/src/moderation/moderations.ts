import type { NewDecision } from '../comments/reason-codes.js';
import type { CommentId, ModerationId } from '../shared/ids.js';
import type { Lease } from '../work/lease.js';
import type { Moderation, ModerationAction } from './moderation.js';

/** Writes are one commit each, guarded by the lease's epoch. */
export abstract class Moderations {
  abstract find(id: ModerationId): Promise<Moderation | undefined>;
  /**
   * A person's wish, due at once; a finished comment is reopened. The newest wish wins: what was due or suggested before
   * is dropped, and what is just being done for it ends first. Safe to repeat while it is due, and at any time with the
   * same `requestId`.
   * @returns the row that stands for the wish
   * @throws AppError 'conflict' when `requestId` was used for another action
   */
  abstract wish(
    commentId: CommentId,
    action: ModerationAction,
    requestId: string | undefined,
    decision: NewDecision,
  ): Promise<Moderation>;
  /** True while a public reply to the same comment is still on its way: a hidden comment takes no reply. */
  abstract replyStillDue(moderation: Moderation): Promise<boolean>;
  /**
   * Before the platform is called: the row is ours for a whole lease from here on.
   * @returns 'paused' when it may not be done now: nothing has changed, and the lease is still ours
   * @throws StaleLease when a newer wish took its place
   */
  abstract begin(lease: Lease): Promise<'begun' | 'paused'>;
  /**
   * What the bot planned where a person has taken over since is no longer due, and suggested to a person instead.
   * @returns whether it was so; otherwise nothing has changed
   */
  abstract leaveIfTakenOver(lease: Lease, decision: NewDecision): Promise<boolean>;
  /** It is done: the comment is hidden, visible again, or gone. */
  abstract recordDone(lease: Lease, action: ModerationAction, decision: NewDecision): Promise<void>;
  /** Nothing was changed, and nothing will be. */
  abstract drop(lease: Lease, decision: NewDecision): Promise<void>;
}
