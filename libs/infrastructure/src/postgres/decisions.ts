import { reasons, steps, type ReasonCode } from '#domain/comments/reason-codes.js';
import type { CommentRecord, Decisions } from '#domain/comments/decisions.js';
import { moderationActions, moderationStates } from '#domain/moderation/moderation.js';
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
    const [replies, moderations, alert, decisions] = await Promise.all([
      this.database.many(ReplyRow, { where: { commentId }, order: { generation: 'DESC' } }),
      this.database.many(ModerationRow, { where: { commentId }, order: { createdAt: 'ASC', id: 'ASC' } }),
      this.database.one(AlertRow, { commentId }),
      this.database.many(DecisionRow, { where: { commentId }, order: { id: 'ASC' } }),
    ]);
    const publicOnes = replies.filter(({ channel }) => channel === 'public');
    // What customers see; where they see none, the last one.
    const reply = publicOnes.find(({ state }) => state === 'sent') ?? publicOnes[0];
    const privateReply = replies.find(({ channel }) => channel === 'private');
    return {
      comment: toComment(row),
      actions: actionsOf(reply, privateReply, moderations, alert),
      reply: reply ? toReplyView(reply) : undefined,
      privateReply: privateReply ? toReplyView(privateReply) : undefined,
      moderations: moderations.map((moderation) => ({
        id: moderation.id,
        action: listed(moderationActions, moderation.action),
        state: listed(moderationStates, moderation.state),
        actor: moderation.actor,
        wantedAt: moderation.createdAt,
        doneAt: optional(moderation.doneAt),
      })),
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
  reply: ReplyRow | undefined,
  privateReply: ReplyRow | undefined,
  moderations: readonly ModerationRow[],
  alert: AlertRow | null,
): CommentRecord['actions'] {
  const actions: CommentRecord['actions'][number][] = [];
  if (reply?.state === 'sent') actions.push('reply');
  if (reply?.state === 'waiting') actions.push('draft');
  if (privateReply?.state === 'sent') actions.push('private-reply');
  for (const action of moderationActions) {
    if (moderations.some((one) => one.state === 'done' && one.action === action)) actions.push(action);
  }
  if (moderations.some(({ state }) => state === 'suggested')) actions.push('suggest-hide');
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
