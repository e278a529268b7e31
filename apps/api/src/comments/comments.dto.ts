import { ApiProperty } from '@nestjs/swagger';
import { commentStages, outcomes } from '#domain/comments/comment.js';
import { reasons, steps } from '#domain/comments/reason-codes.js';
import type { CommentRecord } from '#domain/comments/decisions.js';
import { commentClasses, commentClassNames } from '#domain/comments/verdict.js';
import { replyStates } from '#domain/replies/reply.js';

class VerdictView {
  @ApiProperty({ enum: commentClassNames, example: 'question' })
  class!: string;

  @ApiProperty({ example: 4, description: 'The class\u2019s code, 1 to 7.' })
  code!: number;

  @ApiProperty({ example: 'question / inquiry' })
  label!: string;

  @ApiProperty({ example: 93, minimum: 0, maximum: 100 })
  confidence!: number;

  @ApiProperty({ example: 'Asks about the price of a cake.' })
  reason!: string;

  @ApiProperty({ example: 'en', description: 'ISO 639-1, or und.' })
  language!: string;
}

class SourceView {
  @ApiProperty({ format: 'uuid' })
  passageId!: string;

  @ApiProperty({ example: 'Delivery' })
  title!: string;
}

class ReplyView {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ enum: replyStates })
  state!: string;

  @ApiProperty({ nullable: true, type: String })
  text!: string | null;

  @ApiProperty({ nullable: true, type: String, description: 'The platform\u2019s id of the published reply.' })
  platformReplyId!: string | null;

  @ApiProperty({ type: [SourceView], description: 'The passages of the knowledge that the answer rests on.' })
  sources!: readonly SourceView[];
}

class CommentView {
  @ApiProperty({ example: '17865799348089039', description: 'The platform\u2019s own id.' })
  id!: string;

  @ApiProperty()
  accountId!: string;

  @ApiProperty({ nullable: true, type: String })
  mediaId!: string | null;

  @ApiProperty({ nullable: true, type: String, description: 'The top of the thread, when this is a reply in one.' })
  parentId!: string | null;

  @ApiProperty({ nullable: true, type: String })
  username!: string | null;

  @ApiProperty()
  text!: string;

  @ApiProperty({ format: 'date-time' })
  receivedAt!: string;

  @ApiProperty({ enum: commentStages, description: 'done and parked are final; a parked comment waits for a person.' })
  stage!: string;

  @ApiProperty({ enum: outcomes, nullable: true, type: String })
  outcome!: string | null;

  @ApiProperty({ enum: ['reply', 'draft', 'hide', 'suggest-hide', 'alert'], isArray: true })
  actions!: readonly string[];

  @ApiProperty()
  hidden!: boolean;

  @ApiProperty({ type: VerdictView, nullable: true })
  verdict!: VerdictView | null;

  @ApiProperty({ type: ReplyView, nullable: true })
  reply!: ReplyView | null;
}

class DecisionView {
  @ApiProperty({ example: '42' })
  id!: string;

  @ApiProperty({ format: 'date-time' })
  at!: string;

  @ApiProperty({ enum: steps })
  step!: string;

  @ApiProperty({ enum: Object.keys(reasons), example: 'auto-reply', description: 'A code from a closed list.' })
  reason!: string;

  @ApiProperty({ description: 'What happened and why, in a sentence.' })
  explanation!: string;

  @ApiProperty({ example: 'system', description: 'Who decided.' })
  actor!: string;

  @ApiProperty({ type: 'object', additionalProperties: true })
  detail!: Readonly<Record<string, unknown>>;
}

export class CommentDecisions {
  @ApiProperty({ type: CommentView })
  comment!: CommentView;

  @ApiProperty({ type: [DecisionView], description: 'Oldest first.' })
  decisions!: readonly DecisionView[];
}

/** The whitelist of what leaves the house: a new column of a comment is not shown until it is named here. */
export function toCommentDecisions({ comment, actions, reply, decisions }: CommentRecord): CommentDecisions {
  const { verdict } = comment;
  return {
    comment: {
      id: comment.id,
      accountId: comment.accountId,
      mediaId: comment.mediaId ?? null,
      parentId: comment.parentId ?? null,
      username: comment.username ?? null,
      text: comment.text,
      receivedAt: comment.receivedAt.toISOString(),
      stage: comment.stage,
      outcome: comment.outcome ?? null,
      actions,
      hidden: comment.hidden,
      verdict: verdict
        ? {
            class: verdict.class,
            ...commentClasses[verdict.class],
            confidence: verdict.confidence,
            reason: verdict.reason,
            language: verdict.language,
          }
        : null,
      reply: reply
        ? {
            id: reply.id,
            state: reply.state,
            text: reply.text ?? null,
            platformReplyId: reply.platformReplyId ?? null,
            sources: reply.sources,
          }
        : null,
    },
    decisions: decisions.map(({ id, at, step, reason, actor, detail }) => ({
      id,
      at: at.toISOString(),
      step,
      reason,
      explanation: reasons[reason].explanation,
      actor,
      detail,
    })),
  };
}
