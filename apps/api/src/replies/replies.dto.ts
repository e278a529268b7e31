import { ApiProperty, ApiPropertyOptional, OmitType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { reasons } from '#domain/comments/reason-codes.js';
import { commentClassNames } from '#domain/comments/verdict.js';
import { decidingRules, replyActions, type StandingReply } from '#domain/replies/operator-replies.js';
import { replyIntents, replyStates } from '#domain/replies/reply.js';
import { listedStates, type ReplyOnDesk, type ReplyStory } from '#domain/replies/reply-records.js';
import { replyLimits } from '#domain/replies/reply-rules.js';
import { LimitQuery } from '../http/limit-query.js';

/** In UTF-16 units; characters are counted where the rule is. */
const longestText = 4_000;
const longestAgeMinutes = 525_600;

export class RepliesListQuery extends LimitQuery {
  @ApiPropertyOptional({
    type: String,
    enum: listedStates,
    default: 'waiting',
    description: 'waiting: a person decides. parked: machines have given it up.',
  })
  @IsOptional()
  @IsIn(listedStates)
  state: (typeof listedStates)[number] = 'waiting';

  @ApiPropertyOptional({ type: String, example: '17841400000000000', description: 'Of this account only.' })
  @IsOptional()
  @IsString()
  account?: string;

  @ApiPropertyOptional({ type: String, example: '17920000000000001', description: 'Under this post only.' })
  @IsOptional()
  @IsString()
  post?: string;

  @ApiPropertyOptional({
    type: 'integer',
    default: 0,
    minimum: 0,
    maximum: longestAgeMinutes,
    description: 'Only those that have been there for so many minutes.',
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(longestAgeMinutes)
  olderThanMinutes = 0;

  @ApiPropertyOptional({ type: String, description: '`next` of the page before.' })
  @IsOptional()
  @IsString()
  cursor?: string;
}

class RequestBody {
  @ApiPropertyOptional({
    type: String,
    maxLength: 64,
    example: 'c0ffee00-0000-4000-8000-000000000001',
    description: 'Your own name for this request. Repeated with the same one it is the same request.',
  })
  @IsOptional()
  @Matches(/^[\x21-\x7E]{1,64}$/u, { message: 'requestId must be 1 to 64 visible ASCII characters' })
  requestId?: string | null;
}

export class DecisionBody extends RequestBody {
  @ApiProperty({
    type: 'integer',
    example: 2,
    minimum: 1,
    description: 'The `revision` that you have seen. If the reply was changed since, 409 and nothing is done.',
  })
  @IsInt()
  @Min(1)
  expectedRevision!: number;
}

export class RejectionBody extends DecisionBody {
  @ApiProperty({ example: 'We do not discuss prices in public.', maxLength: decidingRules.noteLength })
  @IsString()
  @IsNotEmpty()
  @MaxLength(decidingRules.noteLength)
  reason!: string;
}

export class RegenerationBody extends DecisionBody {
  @ApiPropertyOptional({
    type: String,
    example: 'Mention the pick-up point.',
    maxLength: decidingRules.noteLength,
    description: 'What the next draft should heed. It is followed where your knowledge allows it.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(decidingRules.noteLength)
  hint?: string | null;
}

export class WordsBody extends DecisionBody {
  @ApiProperty({
    example: 'Hello Anna! We deliver every day from 9 to 20.',
    maxLength: longestText,
    description: `At most ${replyLimits.hard} characters. What you write is checked as a machine\u2019s answer would be.`,
  })
  @IsString()
  @IsNotEmpty()
  @MaxLength(longestText)
  text!: string;

  @ApiPropertyOptional({
    type: Boolean,
    default: false,
    description: 'true: what the check finds is meant so. Length and invisible characters cannot be overruled.',
  })
  @IsOptional()
  @IsBoolean()
  overrule?: boolean | null;
}

export class NewReplyBody extends OmitType(WordsBody, ['expectedRevision']) {}

export class DecidedReplyView {
  @ApiProperty({ format: 'uuid', description: 'Of the reply that stands for it from here on.' })
  id!: string;

  @ApiProperty({ example: '17865799348089039' })
  commentId!: string;

  @ApiProperty({ enum: replyStates, example: 'drafted', description: 'drafted: it is about to be sent.' })
  state!: string;

  @ApiProperty({ type: 'integer', example: 3 })
  revision!: number;

  @ApiProperty({ nullable: true, type: String, example: 'We deliver every day from 9 to 20.' })
  text!: string | null;
}

class PassageView {
  @ApiProperty({ format: 'uuid' })
  passageId!: string;

  @ApiProperty({ example: 'Delivery' })
  title!: string;
}

class FindingView {
  @ApiProperty({ enum: Object.keys(reasons), example: 'gate-figure' })
  reason!: string;

  @ApiProperty({ example: reasons['gate-figure'].explanation })
  explanation!: string;

  @ApiProperty({ example: reasons['gate-figure'].todo, description: 'What a person should do about it.' })
  todo!: string;

  @ApiProperty({ type: 'object', additionalProperties: true, example: { found: '500' } })
  detail!: Readonly<Record<string, unknown>>;
}

class AnsweredCommentView {
  @ApiProperty({ example: '17865799348089039', description: 'Its decisions tell the whole story.' })
  id!: string;

  @ApiProperty({ nullable: true, type: String, example: '17920000000000001', description: 'The post.' })
  mediaId!: string | null;

  @ApiProperty({ nullable: true, type: String, example: null, description: 'The top of the thread it stands in.' })
  parentId!: string | null;

  @ApiProperty({ nullable: true, type: String, example: 'anna.bakes' })
  username!: string | null;

  @ApiProperty({ example: 'Do you deliver on Sundays?' })
  text!: string;

  @ApiProperty({ enum: commentClassNames, nullable: true, type: String, example: 'question' })
  class!: string | null;

  @ApiProperty({ type: 'integer', nullable: true, example: 93, description: 'In per cent.' })
  confidence!: number | null;

  @ApiProperty({ example: false, description: 'A hidden comment takes no public reply.' })
  hidden!: boolean;
}

export class DeskReplyView extends DecidedReplyView {
  @ApiProperty({ example: '17841400000000000' })
  accountId!: string;

  @ApiProperty({
    enum: replyIntents,
    example: 'draft',
    description:
      'auto: the machine\u2019s own. draft: written for a person. person: a person has decided that it goes out.',
  })
  intent!: string;

  @ApiProperty({ type: 'integer', example: 1, description: '1, and one more for each that came after it.' })
  generation!: number;

  @ApiProperty({ nullable: true, type: String, format: 'uuid', description: 'The published reply that it replaces.' })
  replaces!: string | null;

  @ApiProperty({ nullable: true, type: String, example: null, description: 'The platform\u2019s id, once published.' })
  platformReplyId!: string | null;

  @ApiProperty({ type: [PassageView], description: 'The passages that the draft rests on.' })
  sources!: readonly PassageView[];

  @ApiProperty({ nullable: true, type: String, example: 'write-reply@1' })
  prompt!: string | null;

  @ApiProperty({ nullable: true, type: String, example: null, description: 'What a person asked of this draft.' })
  hint!: string | null;

  @ApiProperty({
    type: 'integer',
    example: decidingRules.mostRegenerations,
    description: 'How many more drafts may be asked for.',
  })
  regenerationsLeft!: number;

  @ApiProperty({ format: 'date-time' })
  since!: string;

  @ApiProperty({ format: 'date-time', nullable: true, type: String })
  sentAt!: string | null;

  @ApiProperty({ type: AnsweredCommentView })
  comment!: AnsweredCommentView;

  @ApiProperty({ type: [FindingView], description: 'Why it waits, and what the check found in it.' })
  findings!: readonly FindingView[];
}

export class DeskReplyList {
  @ApiProperty({ type: [DeskReplyView], description: 'The one that has waited longest first.' })
  replies!: readonly DeskReplyView[];

  @ApiProperty({ nullable: true, type: String, description: '`cursor` for the next page; null on the last one.' })
  next!: string | null;
}

class OverruledView {
  @ApiProperty({ example: 'gate-figure' })
  reason!: string;

  @ApiProperty({ example: '500' })
  found!: string;
}

class ReplyActionView {
  @ApiProperty({ enum: replyActions, example: 'edit' })
  action!: string;

  @ApiProperty({ format: 'date-time' })
  at!: string;

  @ApiProperty({ example: 'operator' })
  by!: string;

  @ApiProperty({ format: 'uuid', description: 'What it was done to.' })
  replyId!: string;

  @ApiProperty({ format: 'uuid', description: 'What stands for it since.' })
  resultId!: string;

  @ApiProperty({ nullable: true, type: String, description: 'The words before.' })
  before!: string | null;

  @ApiProperty({ nullable: true, type: String, description: 'The person\u2019s words, where there are any.' })
  after!: string | null;

  @ApiProperty({ nullable: true, type: String, description: 'The reason of a rejection, the hint of a new draft.' })
  note!: string | null;

  @ApiProperty({ type: [OverruledView], description: 'What the check found and the person meant so.' })
  overruled!: readonly OverruledView[];
}

export class ReplyStoryView {
  @ApiProperty({ type: DeskReplyView })
  reply!: DeskReplyView;

  @ApiProperty({ type: [ReplyActionView], description: 'What people did about it, oldest first.' })
  history!: readonly ReplyActionView[];
}

export function toDecidedReplyView({ id, commentId, state, revision, text }: StandingReply): DecidedReplyView {
  return { id, commentId, state, revision, text: text ?? null };
}

export function toDeskReplyView(reply: ReplyOnDesk): DeskReplyView {
  const { comment } = reply;
  return {
    id: reply.id,
    commentId: reply.commentId,
    state: reply.state,
    revision: reply.revision,
    text: reply.text ?? null,
    accountId: reply.accountId,
    intent: reply.intent,
    generation: reply.generation,
    replaces: reply.replaces ?? null,
    platformReplyId: reply.platformReplyId ?? null,
    sources: reply.sources.map(({ passageId, title }) => ({ passageId, title })),
    prompt: reply.promptVersion ?? null,
    hint: reply.hint ?? null,
    regenerationsLeft: Math.max(0, decidingRules.mostRegenerations - reply.regenerations),
    since: reply.since.toISOString(),
    sentAt: reply.sentAt?.toISOString() ?? null,
    comment: {
      id: reply.commentId,
      mediaId: comment.mediaId ?? null,
      parentId: comment.parentId ?? null,
      username: comment.username ?? null,
      text: comment.text,
      class: comment.class ?? null,
      confidence: comment.confidence ?? null,
      hidden: comment.hidden,
    },
    findings: reply.findings.map(({ reason, detail }) => ({
      reason,
      explanation: reasons[reason].explanation,
      todo: reasons[reason].todo,
      detail,
    })),
  };
}

export function toReplyStoryView({ reply, history }: ReplyStory): ReplyStoryView {
  return {
    reply: toDeskReplyView(reply),
    history: history.map(({ action, at, by, replyId, resultId, before, after, note, overruled }) => ({
      action,
      at: at.toISOString(),
      by,
      replyId,
      resultId,
      before: before ?? null,
      after: after ?? null,
      note: note ?? null,
      overruled: overruled.map(({ reason, found }) => ({ reason, found })),
    })),
  };
}
