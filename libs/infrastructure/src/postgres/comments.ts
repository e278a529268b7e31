import type { Comment, CommentStage, Outcome, ThreadEntry } from '#domain/comments/comment.js';
import { commentStages, outcomes } from '#domain/comments/comment.js';
import { turnsAreShownForDays, type Comments } from '#domain/comments/comments.js';
import type { NewDecision } from '#domain/comments/reason-codes.js';
import type { Plan } from '#domain/comments/triage.js';
import { commentClassNames, type Verdict } from '#domain/comments/verdict.js';
import { AccountId, CommentId, MediaId } from '#domain/shared/ids.js';
import { StaleLease, type Lease, type WorkRef } from '#domain/work/lease.js';
import type { DueWork } from '#domain/work/leases.js';
import { decisionsParameter, insertDecisions, type Database } from './database.js';
import { CommentRow } from './entities/comment.entity.js';
import { refOf } from './leases.js';
import { columnsOf, gathered, type Value } from './gathering.js';
import type { GroupCommit } from './group-commit.js';
import { inOrder, listed, optional } from './reading.js';
import { takenOverAs } from './takeovers.js';
import { heldInOrder, settled, tellAgain } from './transition.js';

/**
 * An alert waits this long for the draft that belongs into it; the draft rings for it as soon as it stands. Longer
 * would make an urgent comment wait for a slow model.
 */
const alertWaitsForDraftMs = 20_000;

// Read with the comment: one that is taken over this moment is not planned for as if it were not.
const takenOver = `${takenOverAs('comments')} AS "takenOver"`;

type FoundRow = CommentRow & { readonly takenOver?: 'thread' | 'post' | null };

export class PostgresComments implements Comments {
  private readonly rows: GroupCommit<CommentId, FoundRow | null>;
  private readonly understanding: GroupCommit<Understood, readonly DueWork[] | null>;

  constructor(private readonly database: Database) {
    this.rows = gathered(async (ids) =>
      inOrder<FoundRow>(ids, await database.byIds(CommentRow, 'text', ids, [takenOver])),
    );
    this.understanding = gathered(async (all) => await this.understandAll(all));
  }

  async find(id: CommentId): Promise<Comment | undefined> {
    const row = await this.rows.add(id);
    return row ? { ...toComment(row), takenOver: row.takenOver ?? undefined } : undefined;
  }

  async threadBefore(comment: Comment, limit: number): Promise<readonly ThreadEntry[]> {
    if (comment.parentId === undefined) return [];
    // Ours are there as echoes; a reply whose echo never came is taken from what we sent. What nobody sees any more is not
    // shown: hidden or deleted by us, or a reply that was removed or replaced. Nor is what was never published.
    const rows = await this.database.query<{ by_brand: boolean; username: string | null; text: string }>(
      `WITH turns AS (
         SELECT coalesce(outcome = 'own', false) AS by_brand, username, text, coalesce(written_at, received_at) AS at,
                id = $1 AS opening
           FROM comments
          WHERE (id = $1 OR parent_id = $1) AND id <> $2 AND received_at <= $3
            AND coalesce(written_at, received_at) > $3::timestamptz - $5 * interval '1 day'
            AND NOT hidden AND outcome IS DISTINCT FROM 'deleted'
            AND NOT EXISTS (SELECT 1 FROM replies WHERE replies.platform_reply_id = comments.id AND replies.state <> 'sent')
         UNION ALL
         SELECT true, NULL, replies.text, replies.sent_at, false
           FROM replies JOIN comments ON comments.id = replies.comment_id
          WHERE (comments.id = $1 OR comments.parent_id = $1) AND replies.channel = 'public' AND replies.state = 'sent' AND replies.sent_at <= $3
            AND replies.sent_at > $3::timestamptz - $5 * interval '1 day'
            AND NOT EXISTS (SELECT 1 FROM comments AS echo WHERE echo.id = replies.platform_reply_id)
       ), newest AS (SELECT * FROM turns WHERE NOT opening ORDER BY at DESC LIMIT $4 - 1)
       SELECT by_brand, username, text FROM (SELECT * FROM turns WHERE opening UNION ALL SELECT * FROM newest) AS shown
        ORDER BY opening DESC, at`,
      [comment.parentId, comment.id, comment.receivedAt, limit, turnsAreShownForDays],
    );
    return rows.map(({ by_brand, username, text }) => ({
      by: by_brand ? 'brand' : 'customer',
      username: optional(username),
      text,
    }));
  }

  async recordVerdict(
    lease: Lease,
    verdict: Verdict | undefined,
    plan: Plan,
    decisions: readonly NewDecision[],
  ): Promise<readonly DueWork[]> {
    const due = await this.understanding.add({ lease, verdict, plan, decisions });
    if (!due) throw new StaleLease(lease);
    return due;
  }

  private async understandAll(all: readonly Understood[]): Promise<readonly (readonly DueWork[] | null)[]> {
    const { given, parameters } = columnsOf(all.map(columnsFor), 'text');
    const rows = await this.database.prepared<FollowingRow>(recordVerdictStatement(given), parameters);
    const ours = new Set(rows.filter(({ kind }) => kind === 'understood').map(({ comment_id }) => comment_id));
    return all.map(({ lease: { commentId } }) => (ours.has(commentId) ? dueOf(commentId, rows) : null));
  }
}

interface Understood {
  readonly lease: Lease;
  readonly verdict: Verdict | undefined;
  readonly plan: Plan;
  readonly decisions: readonly NewDecision[];
}

interface FollowingRow {
  readonly kind: WorkRef['kind'] | 'understood' | 'settled';
  readonly comment_id: string;
  readonly id: string;
  readonly stage: string;
  /** It can be done at once. */
  readonly now: boolean;
}

function dueOf(commentId: CommentId, rows: readonly FollowingRow[]): readonly DueWork[] {
  return rows.flatMap(({ kind, comment_id, id, stage, now }) =>
    kind === 'understood' || kind === 'settled' || comment_id !== commentId || !now
      ? []
      : [{ ref: refOf(kind, id), stage }],
  );
}

function columnsFor({ lease, verdict, plan, decisions }: Understood): Readonly<Record<string, Value>> {
  return {
    id: ['text', lease.commentId],
    epoch: ['integer', lease.epoch],
    decisions: ['jsonb', decisionsParameter(decisions)],
    class: ['text', verdict?.class],
    confidence: ['float8', verdict?.confidence],
    why: ['text', verdict?.reason],
    language: ['text', verdict?.language],
    model: ['text', verdict?.model],
    prompt: ['text', verdict?.promptVersion],
    alike: ['text', verdict?.likeness],
    reply: ['text', plan.reply],
    reply_text: ['text', plan.replyText],
    private_text: ['text', plan.privateReplyText],
    hide: ['text', plan.hide],
    alert: ['boolean', plan.alert],
    alert_in_ms: ['integer', plan.reply === 'auto' || plan.reply === 'draft' ? alertWaitsForDraftMs : 0],
  };
}

const recordVerdictStatement = (given: string): string => `
WITH given AS (SELECT * FROM ${given}),
held AS (${heldInOrder('comments', 'comments.epoch = given.epoch')}),
understood AS (
  UPDATE comments SET stage = 'acting', class = given.class, confidence = given.confidence, verdict_reason = given.why,
         language = given.language, model = given.model, prompt_version = given.prompt, likeness = given.alike,
         classified_at = CASE WHEN given.class IS NOT NULL THEN now() END,
         owner = NULL, lease_until = NULL, due_at = NULL, last_error = NULL
    FROM given JOIN held USING (id)
   WHERE comments.id = given.id AND comments.epoch = given.epoch AND stage = 'received'
  RETURNING comments.id AS comment_id, account_id, decisions, reply, reply_text, private_text, hide, alert, alert_in_ms
), told AS (${insertDecisions('understood', 'source.decisions')}),
answering AS (
  INSERT INTO replies (comment_id, account_id, channel, intent, state, text, due_at)
  SELECT * FROM (
    SELECT comment_id, account_id, 'public' AS channel, CASE reply WHEN 'person' THEN 'draft' WHEN 'fixed' THEN 'auto' ELSE reply END,
           CASE reply WHEN 'person' THEN 'waiting' WHEN 'fixed' THEN 'drafted' ELSE 'wanted' END, reply_text,
           CASE WHEN reply <> 'person' THEN now() END
      FROM understood WHERE reply <> 'none'
    UNION ALL
    SELECT comment_id, account_id, 'private', 'auto', 'drafted', private_text, now()
      FROM understood WHERE private_text IS NOT NULL) AS answers
   ORDER BY comment_id, channel
  ON CONFLICT DO NOTHING
  RETURNING id, comment_id, state, due_at
), hiding AS (
  INSERT INTO moderations (comment_id, account_id, action, state, due_at)
  SELECT comment_id, account_id, 'hide', CASE hide WHEN 'now' THEN 'due' ELSE 'suggested' END,
         CASE hide WHEN 'now' THEN now() END
    FROM understood WHERE hide <> 'none'
     AND NOT EXISTS (SELECT 1 FROM moderations AS known WHERE known.comment_id = understood.comment_id)
  RETURNING id, comment_id, state
), telling AS (
  INSERT INTO alerts (comment_id, account_id, state, due_at)
  SELECT comment_id, account_id, 'waiting', now() + alert_in_ms * interval '1 millisecond'
    FROM understood WHERE alert ORDER BY comment_id
  ON CONFLICT (comment_id) DO ${tellAgain}
  RETURNING id, comment_id, state
), at_its_end AS (
  SELECT comment_id FROM understood
   WHERE comment_id NOT IN (SELECT comment_id FROM answering WHERE due_at IS NOT NULL UNION ALL SELECT comment_id FROM telling
                            UNION ALL SELECT comment_id FROM hiding WHERE state = 'due')
), settled AS (${settled('at_its_end')})
SELECT 'understood' AS kind, comment_id, comment_id AS id, '' AS stage, true AS now FROM understood
UNION ALL SELECT 'reply', comment_id, id::text, state, due_at IS NOT NULL FROM answering
UNION ALL SELECT 'moderation', comment_id, id::text, state, state = 'due' FROM hiding
UNION ALL SELECT 'alert', comment_id, telling.id::text, state, alert_in_ms = 0 FROM telling JOIN understood USING (comment_id)
UNION ALL SELECT 'settled', comment_id, comment_id, settle_comment::text, false FROM settled`;

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
