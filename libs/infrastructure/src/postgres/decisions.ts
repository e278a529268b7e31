import { reasons, steps, type ReasonCode } from '#domain/comments/reason-codes.js';
import type { CommentRecord, Decisions } from '#domain/comments/decisions.js';
import type { CommentId } from '#domain/shared/ids.js';
import { toComment } from './comments.js';
import type { Database } from './database.js';
import { AlertRow } from './entities/alert.entity.js';
import { CommentRow } from './entities/comment.entity.js';
import { DecisionRow } from './entities/decision.entity.js';
import { ModerationRow } from './entities/moderation.entity.js';
import { ReplyRow } from './entities/reply.entity.js';
import { listed, optional } from './reading.js';

const reasonCodes = Object.keys(reasons) as ReasonCode[]; // the keys of a closed record

export class PostgresDecisions implements Decisions {
  constructor(private readonly database: Database) {}

  async about(commentId: CommentId): Promise<CommentRecord | undefined> {
    const row = await this.database.one(CommentRow, { id: commentId });
    if (!row) return undefined;
    const [reply, moderation, alert, decisions] = await Promise.all([
      this.database.one(ReplyRow, { commentId }),
      this.database.one(ModerationRow, { commentId }),
      this.database.one(AlertRow, { commentId }),
      this.database.many(DecisionRow, { where: { commentId }, order: { id: 'ASC' } }),
    ]);
    return {
      comment: toComment(row),
      actions: actionsOf(reply, moderation, alert),
      reply: reply ? toReplyView(reply) : undefined,
      decisions: decisions.map(({ id, at, step, reason, actor, detail }) => ({
        id,
        at,
        step: listed(steps, step),
        reason: listed(reasonCodes, reason),
        actor,
        detail,
      })),
    };
  }
}

function actionsOf(
  reply: ReplyRow | null,
  moderation: ModerationRow | null,
  alert: AlertRow | null,
): CommentRecord['actions'] {
  const actions: CommentRecord['actions'][number][] = [];
  if (reply?.state === 'sent') actions.push('reply');
  if (reply?.state === 'waiting') actions.push('draft');
  if (moderation?.state === 'done') actions.push('hide');
  if (moderation?.state === 'suggested') actions.push('suggest-hide');
  if (alert?.state === 'told') actions.push('alert');
  return actions;
}

function toReplyView(row: ReplyRow): NonNullable<CommentRecord['reply']> {
  return {
    id: row.id,
    state: row.state,
    text: optional(row.text),
    platformReplyId: optional(row.platformReplyId),
    sources: row.sources,
  };
}
