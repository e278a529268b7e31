import type { NewDecision } from '../comments/reason-codes.js';
import type { AlertId, CommentId, PassageId, ReplyId } from '../shared/ids.js';
import type { Lease } from '../work/lease.js';
import type { Reply } from './reply.js';

export interface Draft {
  readonly text: string;
  readonly sources: readonly PassageId[];
  readonly model: string;
  readonly promptVersion: string;
}

/** Every write is one commit, is guarded by the lease's epoch, and throws StaleLease when that is no longer ours. */
export abstract class Replies {
  abstract find(id: ReplyId): Promise<Reply | undefined>;
  /** The draft passed every check and is due to be sent. */
  abstract keepForSending(lease: Lease, draft: Draft, decision: NewDecision): Promise<void>;
  /**
   * A person decides. With a draft or without one (nothing to say).
   * @returns the alert that tells operators, when there is one to ring for
   */
  abstract keepForOperator(
    lease: Lease,
    draft: Draft | undefined,
    decisions: readonly NewDecision[],
    tellOperators: boolean,
  ): Promise<AlertId | undefined>;
  /**
   * Committed before the platform is called: from here on the reply may be visible. The lease begins anew.
   * @returns 'paused' when it may not be sent now, 'taken-over' when the bot planned it where a person acts, 'look-first' when it is a second try and the last look into the thread
   *   is too long ago (database time): in all these cases nothing has changed, and the lease is still ours
   */
  abstract beginSending(lease: Lease, decision: NewDecision): Promise<'begun' | 'paused' | 'taken-over' | 'look-first'>;
  /** A person has taken over, or the bot has said enough there: the reply waits for a person, with its words. */
  abstract leaveToPerson(lease: Lease, decision: NewDecision): Promise<void>;
  /** It is visible. Safe to call twice. A public reply that was in doubt before is due for an audit some minutes later. */
  abstract recordSent(lease: Lease, platformReplyId: CommentId, decision: NewDecision): Promise<void>;
  /**
   * It may or may not be out: it was just tried, or it was to be sent once more and that has to wait. It becomes due for
   * a look into the thread after the delay.
   */
  abstract recordUnclear(lease: Lease, delayMs: number, decision: NewDecision): Promise<void>;
  /**
   * The platform said clearly that this try published nothing. The reply stands ready again; but when it was the second
   * try, the first is looked for once more before another one: minutes may pass until then. The lease stays ours.
   */
  abstract recordNotPublished(lease: Lease): Promise<void>;
  /** The thread was listed and does not show the reply; look again after the delay. */
  abstract recordEmptyListing(lease: Lease, delayMs: number, decision: NewDecision): Promise<void>;
  /** The thread does not show it after all looks: it may be sent once more, under a new lease. */
  abstract allowResend(lease: Lease, decision: NewDecision): Promise<void>;
  /** Those of the given published replies that are known to belong to other intents than this one. */
  abstract belongingToOthers(id: ReplyId, published: readonly CommentId[]): Promise<ReadonlySet<CommentId>>;
  /** Nothing is published, and nothing will be. @param tell operators hear of it: one of them wanted it published */
  abstract drop(lease: Lease, decision: NewDecision, tell?: boolean): Promise<void>;
}
