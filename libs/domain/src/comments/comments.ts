import type { CommentId } from '../shared/ids.js';
import type { Lease } from '../work/lease.js';
import type { DueWork } from '../work/leases.js';
import type { Comment, ThreadEntry } from './comment.js';
import type { Plan } from './triage.js';
import type { NewDecision } from './reason-codes.js';
import type { Verdict } from './verdict.js';

/**
 * The memory of a thread (CL-9): earlier turns, our own replies included, are shown to a model for so many days after they
 * were written. It is read from the comments and replies themselves and kept nowhere else: erasing those erases it.
 */
export const turnsAreShownForDays = 90;

export abstract class Comments {
  abstract find(id: CommentId): Promise<Comment | undefined>;
  /**
   * What was said in the thread within `turnsAreShownForDays` before this comment and can be seen there now, oldest first: at
   * most `limit` entries, the one that opened the thread and the newest ones. Of other threads nothing, whoever wrote them.
   */
  abstract threadBefore(comment: Comment, limit: number): Promise<readonly ThreadEntry[]>;
  /**
   * Stores what was understood and what follows from it, in one commit: verdict, decisions, and a row for each
   * reply, hide and alert that is due. A plan with nothing due ends the comment.
   * @param verdict undefined when it was decided without one: the comment is not asked about again all the same
   * @returns the rows to ring the bell for
   * @throws StaleLease when somebody else has taken over
   */
  abstract recordVerdict(
    lease: Lease,
    verdict: Verdict | undefined,
    plan: Plan,
    decisions: readonly NewDecision[],
  ): Promise<readonly DueWork[]>;
}
