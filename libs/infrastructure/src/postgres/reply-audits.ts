import type { NewDecision } from '#domain/comments/reason-codes.js';
import type { ReplyAudit, ReplyAudits } from '#domain/replies/reply-audits.js';
import { AccountId, CommentId, PublishedId, ReplyId } from '#domain/shared/ids.js';
import { decisionsParameter, insertDecisions, type Database } from './database.js';
import { mayBeOut } from './intake.js';
import { sameWords } from './takeovers.js';
import { noPauseFor } from './pauses.js';

interface AuditRow {
  readonly id: string;
  readonly comment_id: string;
  readonly account_id: string;
  readonly top_level_id: string;
  readonly text: string;
  readonly attempt: number;
  readonly started_at: Date;
  readonly sent_at: Date;
  readonly platform_reply_id: string;
  readonly looks: number;
  readonly extra_reply_id: string | null;
  readonly removed: boolean;
}

/**
 * Audits need no epoch: looking and removing may be done twice, and every write below says the same whoever makes it.
 */
export class PostgresReplyAudits implements ReplyAudits {
  constructor(private readonly database: Database) {}

  async take(limit: number, leaseMs: number): Promise<readonly ReplyAudit[]> {
    const rows = await this.database.query<AuditRow>(takeStatement, [limit, leaseMs]);
    return rows.map(toAudit);
  }

  async recordFound(audit: ReplyAudit, extraId: CommentId, delayMs: number, decision: NewDecision): Promise<void> {
    await this.write(
      `extra_reply_id = $3, audit_due_at = now() + $4 * interval '1 millisecond'`,
      audit,
      [decision],
      [extraId, delayMs],
    );
  }

  async lookAgain(audit: ReplyAudit, delayMs: number): Promise<void> {
    await this.write(`audit_due_at = now() + $3 * interval '1 millisecond'`, audit, [], [delayMs]);
  }

  async end(audit: ReplyAudit, standing: CommentId | undefined, decisions: readonly NewDecision[]): Promise<void> {
    await this.write(
      `audit_due_at = NULL, extra_reply_id = NULL, platform_reply_id = coalesce($3, platform_reply_id)`,
      audit,
      decisions,
      [standing ?? null],
    );
  }

  private async write(
    set: string,
    audit: ReplyAudit,
    decisions: readonly NewDecision[],
    parameters: readonly unknown[],
  ): Promise<void> {
    await this.database.query(
      `WITH audited AS (
         UPDATE replies SET ${set} WHERE id = $1 AND audit_due_at IS NOT NULL RETURNING comment_id
       ), told AS (${insertDecisions('audited', '$2')})
       SELECT comment_id FROM audited`,
      [audit.id, decisionsParameter(decisions), ...parameters],
    );
  }
}

const takeStatement = `
WITH picked AS (
  SELECT audited.id, coalesce(about.parent_id, about.id) AS top_level_id
    FROM replies AS audited JOIN comments AS about ON about.id = audited.comment_id
   WHERE audited.audit_due_at <= now() AND audited.state IN ('sent', 'removed') AND ${noPauseFor('audited')} AND NOT EXISTS (
     SELECT 1 FROM replies JOIN comments AS other ON other.id = replies.comment_id
      WHERE replies.due_at IS NOT NULL AND replies.id <> audited.id AND ${mayBeOut}
        AND coalesce(other.parent_id, other.id) = coalesce(about.parent_id, about.id)
        AND ${sameWords('replies.text', 'audited.text')})
   ORDER BY audited.audit_due_at LIMIT $1 FOR UPDATE OF audited SKIP LOCKED
), taken AS (
  UPDATE replies SET audit_looks = audit_looks + 1, audit_due_at = now() + $2 * interval '1 millisecond'
    FROM picked WHERE replies.id = picked.id
  RETURNING replies.*, picked.top_level_id
)
SELECT id, comment_id, account_id, top_level_id, text, attempt, coalesce(attempt_started_at, created_at) AS started_at,
       sent_at, platform_reply_id, audit_looks AS looks, extra_reply_id,
       state = 'removed' AS removed
  FROM taken`;

function toAudit(row: AuditRow): ReplyAudit {
  return {
    id: ReplyId.parse(row.id),
    commentId: CommentId.parse(row.comment_id),
    accountId: AccountId.parse(row.account_id),
    topLevelId: CommentId.parse(row.top_level_id),
    text: row.text,
    attempt: row.attempt,
    startedAt: row.started_at,
    sentAt: row.sent_at,
    platformReplyId: PublishedId.parse(row.platform_reply_id),
    removed: row.removed,
    looks: row.looks,
    extraId: row.extra_reply_id === null ? undefined : PublishedId.parse(row.extra_reply_id),
  };
}
