import type { NewDecision } from '../comments/reason-codes.js';
import type { AccountId, CommentId, ReplyId } from '../shared/ids.js';

/** A public reply that was in doubt and is out now: does it stand once? One that was removed since: does it stand nowhere? */
export interface ReplyAudit {
  readonly id: ReplyId;
  readonly commentId: CommentId;
  readonly accountId: AccountId;
  readonly topLevelId: CommentId;
  readonly text: string;
  readonly attempt: number;
  /** When the first try began. */
  readonly startedAt: Date;
  readonly sentAt: Date;
  readonly platformReplyId: CommentId;
  /** A person has had it removed. */
  readonly removed: boolean;
  /** Looks so far, this one included. */
  readonly looks: number;
  /** The copy that an earlier look found too many and removed. */
  readonly extraId: CommentId | undefined;
}

export const auditRules = {
  /** The first look after the reply is known to be out: listings of the platform may lag. */
  firstLookAfterMs: 5 * 60_000,
  /** A reply that was sent twice is looked at once more: the lag may have been longer. */
  secondLookAfterMs: 60 * 60_000,
  /** After a removal: whether it worked. */
  lookAfterRemovalMs: 60_000,
  /** A copy that was stamped later than this after the reply was out was written by a person. */
  lateCopyMs: 15 * 60_000,
  /** For as long nobody else takes an audit that somebody has begun. */
  leaseMs: 5 * 60_000,
  /** Looks at one reply, failed ones included; then a person is told. */
  mostLooks: 20,
} as const;

/** Audits that are due; kept beside the replies, so that they survive every crash. */
export abstract class ReplyAudits {
  /**
   * Takes due audits, oldest first; each is due again after `leaseMs`, should this process die. Those are left for later
   * whose thread holds another reply of ours with the same words that is still in doubt: its copy could be mistaken. Those
   * that are paused wait: a second copy is not removed while nothing may be done, and a dead access spends no looks.
   */
  abstract take(limit: number, leaseMs: number): Promise<readonly ReplyAudit[]>;
  /** Two copies were seen: which one stands, which one goes. Looked at again after the delay. */
  abstract recordFound(audit: ReplyAudit, extraId: CommentId, delayMs: number, decision: NewDecision): Promise<void>;
  /** Not done yet, for whatever reason. */
  abstract lookAgain(audit: ReplyAudit, delayMs: number): Promise<void>;
  /** It is over. @param standing the copy that customers see, when one was seen */
  abstract end(audit: ReplyAudit, standing: CommentId | undefined, decisions: readonly NewDecision[]): Promise<void>;
}
