import type { Comment, CommentStage, Outcome, ThreadEntry } from '#domain/comments/comment.js';
import { commentStages, outcomes } from '#domain/comments/comment.js';
import type { Comments } from '#domain/comments/comments.js';
import type { NewDecision } from '#domain/comments/reason-codes.js';
import type { Plan } from '#domain/comments/triage.js';
import { commentClassNames, type Verdict } from '#domain/comments/verdict.js';
import { AccountId, CommentId, MediaId } from '#domain/shared/ids.js';
import { StaleLease, type Lease, type WorkRef } from '#domain/work/lease.js';
import type { DueWork } from '#domain/work/leases.js';
import { decisionsParameter, insertDecisions, type Database } from './database.js';
import { CommentRow } from './entities/comment.entity.js';
import { refOf } from './leases.js';
import { listed, optional } from './reading.js';
import { tellAgain } from './transition.js';

/**
 * An alert waits this long for the draft that belongs into it; the draft rings for it as soon as it stands. Longer
 * would make an urgent comment wait for a slow model.
 */
const alertWaitsForDraftMs = 20_000;

export class PostgresComments implements Comments {
  constructor(private readonly database: Database) {}

  async find(id: CommentId): Promise<Comment | undefined> {
    const row = await this.database.one(CommentRow, { id });
    return row ? toComment(row) : undefined;
  }

  async threadBefore(comment: Comment, limit: number): Promise<readonly ThreadEntry[]> {
    if (comment.parentId === undefined) return [];
    // Ours are there as echoes; a reply whose echo never came is taken from what we sent.
    const rows = await this.database.query<{ by_brand: boolean; username: string | null; text: string }>(
      `SELECT by_brand, username, text FROM (
         SELECT coalesce(outcome = 'own', false) AS by_brand, username, text, coalesce(written_at, received_at) AS at
           FROM comments
          WHERE (id = $1 OR parent_id = $1) AND id <> $2 AND received_at <= $3
         UNION ALL
         SELECT true, NULL, replies.text, replies.sent_at FROM replies JOIN comments ON comments.id = replies.comment_id
          WHERE (comments.id = $1 OR comments.parent_id = $1) AND replies.channel = 'public' AND replies.state = 'sent' AND replies.sent_at <= $3
            AND NOT EXISTS (SELECT 1 FROM comments AS echo WHERE echo.id = replies.platform_reply_id)
         ORDER BY at DESC LIMIT $4) AS latest
       ORDER BY at`,
      [comment.parentId, comment.id, comment.receivedAt, limit],
    );
    return rows.map(({ by_brand, username, text }) => ({
      by: by_brand ? 'brand' : 'customer',
      username: optional(username),
      text,
    }));
  }

  async recordVerdict(
    lease: Lease,
    verdict: Verdict,
    plan: Plan,
    decisions: readonly NewDecision[],
  ): Promise<readonly DueWork[]> {
    return await this.database.transaction(async (session) => {
      const rows = await session.query<{
        kind: WorkRef['kind'] | 'understood';
        id: string;
        stage: string;
        now: boolean;
      }>(recordVerdictStatement, [
        lease.commentId,
        lease.epoch,
        decisionsParameter(decisions),
        verdict.class,
        verdict.confidence,
        verdict.reason,
        verdict.language,
        verdict.model,
        verdict.promptVersion,
        plan.reply,
        plan.hide,
        plan.alert,
        plan.reply === 'none' ? 0 : alertWaitsForDraftMs,
        verdict.likeness ?? null,
      ]);
      if (rows.length === 0) throw new StaleLease(lease);
      await session.query('SELECT settle_comment($1)', [lease.commentId]);
      return rows.flatMap(({ kind, id, stage, now }) =>
        kind === 'understood' || !now ? [] : [{ ref: refOf(kind, id), stage }],
      );
    });
  }
}

const recordVerdictStatement = `
WITH understood AS (
  UPDATE comments SET stage = 'acting', class = $4, confidence = $5, verdict_reason = $6, language = $7, model = $8,
         prompt_version = $9, likeness = $14, classified_at = now(), owner = NULL, lease_until = NULL, due_at = NULL, last_error = NULL
   WHERE id = $1 AND epoch = $2 AND stage = 'received'
  RETURNING id AS comment_id, account_id
), told AS (${insertDecisions('understood', '$3')}),
answering AS (
  INSERT INTO replies (comment_id, account_id, intent, state, due_at)
  SELECT comment_id, account_id, $10, 'wanted', now() FROM understood WHERE $10 <> 'none'
  ON CONFLICT (comment_id, channel) DO NOTHING
  RETURNING id, state
), hiding AS (
  INSERT INTO moderations (comment_id, account_id, action, state, due_at)
  SELECT comment_id, account_id, 'hide', CASE $11 WHEN 'now' THEN 'due' ELSE 'suggested' END,
         CASE $11 WHEN 'now' THEN now() END
    FROM understood WHERE $11 <> 'none'
     AND NOT EXISTS (SELECT 1 FROM moderations AS known WHERE known.comment_id = understood.comment_id)
  RETURNING id, state
), telling AS (
  INSERT INTO alerts (comment_id, account_id, state, due_at)
  SELECT comment_id, account_id, 'waiting', now() + $13 * interval '1 millisecond' FROM understood WHERE $12
  ON CONFLICT (comment_id) DO ${tellAgain}
  RETURNING id, state
)
SELECT 'understood' AS kind, comment_id AS id, '' AS stage, true AS now FROM understood
UNION ALL SELECT 'reply', id::text, state, true FROM answering
UNION ALL SELECT 'moderation', id::text, state, state = 'due' FROM hiding
UNION ALL SELECT 'alert', id::text, state, $13 = 0 FROM telling`;

export function toComment(row: CommentRow): Comment {
  return {
    id: CommentId.parse(row.id),
    accountId: AccountId.parse(row.accountId),
    mediaId: row.mediaId === null ? undefined : MediaId.parse(row.mediaId),
    parentId: row.parentId === null ? undefined : CommentId.parse(row.parentId),
    authorId: optional(row.authorId),
    username: optional(row.username),
    text: row.text,
    mediaKind: optional(row.mediaKind),
    adId: optional(row.adId),
    writtenAt: optional(row.writtenAt),
    stage: listed<CommentStage>(commentStages, row.stage),
    receivedAt: row.receivedAt,
    verdict: toVerdict(row),
    hidden: row.hidden,
    outcome: row.outcome === null ? undefined : listed<Outcome>(outcomes, row.outcome),
  };
}

function toVerdict(row: CommentRow): Verdict | undefined {
  if (row.class === null) return undefined;
  return {
    class: listed(commentClassNames, row.class),
    confidence: row.confidence ?? 0,
    reason: row.verdictReason ?? '',
    language: row.language ?? 'und',
    model: row.model ?? '',
    promptVersion: row.promptVersion ?? '',
  };
}
