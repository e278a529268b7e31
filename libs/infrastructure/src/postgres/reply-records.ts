import { reasons, type ReasonCode } from '#domain/comments/reason-codes.js';
import { replyActions } from '#domain/replies/operator-replies.js';
import { replyChannels, replyIntents, replyStates } from '#domain/replies/reply.js';
import type {
  RepliesQuery,
  ReplyActionRecord,
  ReplyOnDesk,
  ReplyRecords,
  ReplyStory,
} from '#domain/replies/reply-records.js';
import { AccountId, CommentId, MediaId, ReplyId } from '#domain/shared/ids.js';
import type { Database } from './database.js';
import { ReplyActionRow, type ReplyRow } from './entities/reply.entity.js';
import { listed, optional } from './reading.js';

const reasonCodes = Object.keys(reasons) as ReasonCode[]; // the keys of a closed record

interface Row extends ReplyRow {
  readonly since: Date;
  readonly media_id: string | null;
  readonly parent_id: string | null;
  readonly username: string | null;
  readonly comment_text: string;
  readonly class: string | null;
  readonly confidence: number | null;
  readonly hidden: boolean;
  readonly findings: readonly { readonly reason: string; readonly detail: Readonly<Record<string, unknown>> }[];
}

// As the cursor can say it: a Date knows no microseconds.
const since = `date_trunc('milliseconds', replies.created_at, 'UTC')`;

// What was said of the draft as it stands: since another one was asked for.
const findings = `(SELECT coalesce(jsonb_agg(jsonb_build_object('reason', reason, 'detail', detail) ORDER BY id), '[]')
    FROM decisions WHERE decisions.comment_id = replies.comment_id AND step = 'draft' AND actor = 'system' AND id > coalesce((
      SELECT max(id) FROM decisions AS asked
       WHERE asked.comment_id = replies.comment_id AND asked.reason = 'draft-regenerated'), 0))`;

const shown = `SELECT replies.id, replies.comment_id AS "commentId", replies.account_id AS "accountId", state, intent, channel,
       generation, replaces, revision, replies.text, attempt, regenerations, replies.parked_from AS "parkedFrom",
       platform_reply_id AS "platformReplyId", sources, replies.model, replies.prompt_version AS "promptVersion", hint,
       ${since} AS since, sent_at AS "sentAt", comments.media_id, comments.parent_id, comments.username,
       comments.text AS comment_text, comments.class, comments.confidence, comments.hidden, ${findings} AS findings
  FROM replies JOIN comments ON comments.id = replies.comment_id`;

export class PostgresReplyRecords implements ReplyRecords {
  constructor(private readonly database: Database) {}

  async list({
    state,
    accountId,
    mediaId,
    olderThanMinutes,
    after,
    limit,
  }: RepliesQuery): Promise<readonly ReplyOnDesk[]> {
    const rows = await this.database.query<Row>(
      `${shown}
        WHERE state = '${state}' AND ($1::text IS NULL OR replies.account_id = $1) AND ($2::text IS NULL OR comments.media_id = $2)
          AND replies.created_at <= now() - $3 * interval '1 minute'
          AND ($4::timestamptz IS NULL OR (${since}, replies.id) > ($4, $5::uuid))
        ORDER BY ${since}, replies.id LIMIT $6`,
      [accountId ?? null, mediaId ?? null, olderThanMinutes, after?.since ?? null, after?.id ?? null, limit],
    );
    return rows.map(toReplyOnDesk);
  }

  async find(id: ReplyId): Promise<ReplyStory | undefined> {
    const [row] = await this.database.query<Row>(`${shown} WHERE replies.id = $1`, [id]);
    if (!row) return undefined;
    const actions = await this.database.many(ReplyActionRow, {
      where: [
        { commentId: row.commentId, replyId: id },
        { commentId: row.commentId, resultId: id },
      ],
      order: { id: 'ASC' },
    });
    return { reply: toReplyOnDesk(row), history: actions.map(toAction) };
  }
}

function toReplyOnDesk(row: Row): ReplyOnDesk {
  return {
    id: ReplyId.parse(row.id),
    commentId: CommentId.parse(row.commentId),
    accountId: AccountId.parse(row.accountId),
    state: listed(replyStates, row.state),
    intent: listed(replyIntents, row.intent),
    channel: listed(replyChannels, row.channel),
    generation: row.generation,
    replaces: row.replaces === null ? undefined : ReplyId.parse(row.replaces),
    revision: row.revision,
    text: optional(row.text),
    attempt: row.attempt,
    regenerations: row.regenerations,
    parkedFrom: row.parkedFrom === null ? undefined : listed(replyStates, row.parkedFrom),
    platformReplyId: optional(row.platformReplyId),
    sources: row.sources,
    model: optional(row.model),
    promptVersion: optional(row.promptVersion),
    hint: optional(row.hint),
    since: row.since,
    sentAt: optional(row.sentAt),
    comment: {
      mediaId: row.media_id === null ? undefined : MediaId.parse(row.media_id),
      parentId: row.parent_id === null ? undefined : CommentId.parse(row.parent_id),
      username: optional(row.username),
      text: row.comment_text,
      class: optional(row.class),
      confidence: optional(row.confidence),
      hidden: row.hidden,
    },
    findings: row.findings.map(({ reason, detail }) => ({ reason: listed(reasonCodes, reason), detail })),
  };
}

function toAction(row: ReplyActionRow): ReplyActionRecord {
  return {
    action: listed(replyActions, row.action),
    at: row.at,
    by: row.actor,
    replyId: ReplyId.parse(row.replyId),
    resultId: ReplyId.parse(row.resultId),
    before: optional(row.before),
    after: optional(row.after),
    note: optional(row.note),
    overruled: row.overruled,
  };
}
