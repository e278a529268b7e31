import { ApiProperty } from '@nestjs/swagger';
import { commentStages, outcomes } from '#domain/comments/comment.js';
import { reasons, steps } from '#domain/comments/reason-codes.js';
import { actionsDone, type CommentRecord } from '#domain/comments/decisions.js';
import { whyOf } from '#domain/comments/why.js';
import { commentClasses, commentClassNames } from '#domain/comments/verdict.js';
import { moderationActions, moderationStates } from '#domain/moderation/moderation.js';
import { replyStates } from '#domain/replies/reply.js';

class VerdictView {
  @ApiProperty({ enum: commentClassNames, example: 'question' })
  class!: string;

  @ApiProperty({ type: 'integer', example: 4, minimum: 1, maximum: 7, description: 'The class\u2019s code.' })
  code!: number;

  @ApiProperty({ example: 'question / inquiry' })
  label!: string;

  @ApiProperty({ type: 'integer', example: 93, minimum: 0, maximum: 100, description: 'In per cent.' })
  confidence!: number;

  @ApiProperty({ example: 'Asks whether there is delivery on Sundays.' })
  reason!: string;

  @ApiProperty({ example: 'en', description: 'ISO 639-1, or und when it cannot be told.' })
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

  @ApiProperty({
    enum: replyStates,
    example: 'sent',
    description: 'waiting: a person decides. unknown: Instagram was unclear, the thread is being looked at.',
  })
  state!: string;

  @ApiProperty({ nullable: true, type: String, example: 'We deliver every day from 9 to 20.' })
  text!: string | null;

  @ApiProperty({
    nullable: true,
    type: String,
    example: '17865799348089040',
    description: 'The platform\u2019s id of the published reply.',
  })
  platformReplyId!: string | null;

  @ApiProperty({ type: [SourceView], description: 'The passages of the knowledge that the answer rests on.' })
  sources!: readonly SourceView[];
}

class ModerationRecordView {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ enum: moderationActions, example: 'hide' })
  action!: string;

  @ApiProperty({ enum: moderationStates, example: 'done' })
  state!: string;

  @ApiProperty({ enum: ['system', 'operator'], example: 'system', description: 'Who wanted it; the reason is below.' })
  by!: string;

  @ApiProperty({ format: 'date-time' })
  wantedAt!: string;

  @ApiProperty({ format: 'date-time', nullable: true, type: String, description: 'Null until it is done.' })
  doneAt!: string | null;
}

class CommentView {
  @ApiProperty({ example: '17865799348089039', description: 'The platform\u2019s own id.' })
  id!: string;

  @ApiProperty({ example: '17841400000000000', description: 'The account that it was written to.' })
  accountId!: string;

  @ApiProperty({ nullable: true, type: String, example: '17920000000000001', description: 'The post.' })
  mediaId!: string | null;

  @ApiProperty({
    nullable: true,
    type: String,
    example: null,
    description: 'The top of the thread, when this is a reply in one.',
  })
  parentId!: string | null;

  @ApiProperty({ nullable: true, type: String, example: 'anna.bakes' })
  username!: string | null;

  @ApiProperty({ example: 'Do you deliver on Sundays?' })
  text!: string;

  @ApiProperty({ format: 'date-time' })
  receivedAt!: string;

  @ApiProperty({
    enum: commentStages,
    example: 'done',
    description: 'done and parked are final; a parked comment waits for a person.',
  })
  stage!: string;

  @ApiProperty({
    enum: outcomes,
    nullable: true,
    type: String,
    example: 'answered',
    description: 'How it ended; null while it is on its way.',
  })
  outcome!: string | null;

  @ApiProperty({
    enum: actionsDone,
    isArray: true,
    example: ['reply'],
    description: 'What has been done so far.',
  })
  actions!: readonly string[];

  @ApiProperty({ example: false, description: 'Whether it is hidden at Instagram now.' })
  hidden!: boolean;

  @ApiProperty({ type: VerdictView, nullable: true, description: 'What the model thought; null until it was asked.' })
  verdict!: VerdictView | null;

  @ApiProperty({ type: ReplyView, nullable: true, description: 'Ours; null when none is wanted.' })
  reply!: ReplyView | null;

  @ApiProperty({
    type: ReplyView,
    nullable: true,
    description: 'The message to the author; null when none was written.',
  })
  privateReply!: ReplyView | null;

  @ApiProperty({
    type: [ModerationRecordView],
    description: 'When it was hidden, shown again or deleted, and who wanted it; oldest first.',
  })
  moderations!: readonly ModerationRecordView[];
}

class WhyView {
  @ApiProperty({
    enum: Object.keys(reasons),
    nullable: true,
    type: String,
    example: 'hide-unsure',
    description: 'The reason that decided.',
  })
  reason!: string | null;

  @ApiProperty({
    example: 'Waits for a person: the verdict is below the confidence for hiding: hiding is suggested to a person.',
  })
  summary!: string;

  @ApiProperty({ example: reasons['hide-unsure'].todo, description: 'What a person should do now.' })
  todo!: string;
}

class DecisionView {
  @ApiProperty({ example: '42' })
  id!: string;

  @ApiProperty({ format: 'date-time' })
  at!: string;

  @ApiProperty({ enum: steps, example: 'triage' })
  step!: string;

  @ApiProperty({ enum: Object.keys(reasons), example: 'auto-reply', description: 'A code from a closed list.' })
  reason!: string;

  @ApiProperty({
    example: reasons['auto-reply'].explanation,
    description: 'What happened and why, in a sentence for people.',
  })
  explanation!: string;

  @ApiProperty({ example: reasons['auto-reply'].todo, description: 'What a person should do about it.' })
  todo!: string;

  @ApiProperty({ example: 'system', description: 'Who decided.' })
  actor!: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    example: { class: 'question', confidence: 93 },
    description: 'What else is known; it differs from reason to reason.',
  })
  detail!: Readonly<Record<string, unknown>>;
}

export class CommentDecisions {
  @ApiProperty({ type: WhyView, description: 'Why it stands as it does, in one sentence.' })
  why!: WhyView;

  @ApiProperty({ type: CommentView })
  comment!: CommentView;

  @ApiProperty({ type: [DecisionView], description: 'Oldest first.' })
  decisions!: readonly DecisionView[];
}

/** The whitelist of what leaves the house: a new column of a comment is not shown until it is named here. */
export function toCommentDecisions(record: CommentRecord): CommentDecisions {
  const { comment, actions, reply, privateReply, moderations, decisions } = record;
  const { verdict } = comment;
  const { reason: decidedBy, summary, todo } = whyOf(record);
  return {
    why: { reason: decidedBy ?? null, summary, todo },
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
      reply: toReplyView(reply),
      privateReply: toReplyView(privateReply),
      moderations: moderations.map(({ id, action, state, actor, wantedAt, doneAt }) => ({
        id,
        action,
        state,
        by: actor,
        wantedAt: wantedAt.toISOString(),
        doneAt: doneAt?.toISOString() ?? null,
      })),
    },
    decisions: decisions.map(({ id, at, step, reason, actor, detail }) => ({
      id,
      at: at.toISOString(),
      step,
      reason,
      explanation: reasons[reason].explanation,
      todo: reasons[reason].todo,
      actor,
      detail,
    })),
  };
}

function toReplyView(reply: CommentRecord['reply']): ReplyView | null {
  if (!reply) return null;
  const { id, state, text, platformReplyId, sources } = reply;
  return { id, state, text: text ?? null, platformReplyId: platformReplyId ?? null, sources };
}
