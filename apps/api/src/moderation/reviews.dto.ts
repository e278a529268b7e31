import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, IsUUID, Max, MaxLength, Min } from 'class-validator';
import { reasons } from '#domain/comments/reason-codes.js';
import { commentClassNames } from '#domain/comments/verdict.js';
import { falseHideRate } from '#domain/moderation/review-rules.js';
import { reviewVerdicts, type Review, type ReviewVerdict, type WeekOfHides } from '#domain/moderation/reviews.js';
import { weekNameOf } from '#domain/shared/iso-week.js';
import { LimitQuery } from '../http/limit-query.js';

export class ReviewsListQuery extends LimitQuery {
  @ApiPropertyOptional({
    type: String,
    example: '2026-W47',
    description: 'A week as ISO 8601 names it (Monday to Sunday, UTC); the newest sample when left out.',
  })
  @IsOptional()
  @IsString()
  week?: string;

  @ApiPropertyOptional({ type: String, example: '17841400000000000', description: 'Of this account only.' })
  @IsOptional()
  @IsString()
  account?: string;

  @ApiPropertyOptional({
    type: String,
    enum: ['true', 'false'],
    default: 'false',
    description: 'true: only what nobody has answered yet.',
  })
  @IsOptional()
  @IsIn(['true', 'false'])
  open = 'false';

  @ApiPropertyOptional({ type: String, description: '`next` of the page before.' })
  @IsOptional()
  @IsUUID(undefined, { message: 'cursor is none of ours' })
  cursor?: string;
}

export class ReviewBody {
  @ApiProperty({ enum: reviewVerdicts, example: 'wrong', description: 'wrong: the comment is shown again.' })
  @IsIn(reviewVerdicts)
  verdict!: ReviewVerdict;

  @ApiPropertyOptional({ type: String, maxLength: 500, example: 'Rude about the weather, not about us.' })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  note?: string | null;
}

class ReviewedVerdictView {
  @ApiProperty({ enum: commentClassNames, example: 'toxic' })
  class!: string;

  @ApiProperty({ type: 'integer', example: 91, minimum: 0, maximum: 100, description: 'In per cent.' })
  confidence!: number;

  @ApiProperty({ example: 'Insults the staff.' })
  reason!: string;
}

class ReasonOfHideView {
  @ApiProperty({ enum: Object.keys(reasons), example: 'hide-confident' })
  reason!: string;

  @ApiProperty({ example: reasons['hide-confident'].explanation })
  explanation!: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    example: { class: 'toxic', confidence: 91, needed: 85 },
    description: 'What else is known; it differs from reason to reason.',
  })
  detail!: Readonly<Record<string, unknown>>;
}

export class ReviewView {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ example: '2026-W47' })
  week!: string;

  @ApiProperty({ example: '17841400000000000' })
  accountId!: string;

  @ApiProperty({ example: '17865799348089039', description: 'Its decisions tell the whole story.' })
  commentId!: string;

  @ApiProperty({ example: 'What a horrible weather to wait in' })
  text!: string;

  @ApiProperty({ nullable: true, type: String, example: 'anna.bakes' })
  username!: string | null;

  @ApiProperty({
    type: ReviewedVerdictView,
    nullable: true,
    description: 'What it is, as it stands now; null when a rule decided without a model.',
  })
  class!: ReviewedVerdictView | null;

  @ApiProperty({ format: 'date-time' })
  hiddenAt!: string;

  @ApiProperty({ example: true, description: 'Whether it is hidden now.' })
  hidden!: boolean;

  @ApiProperty({ type: [ReasonOfHideView], description: 'What led to the hide, oldest first.' })
  because!: readonly ReasonOfHideView[];

  @ApiProperty({ enum: reviewVerdicts, nullable: true, type: String, description: 'Null until somebody answered.' })
  verdict!: string | null;

  @ApiProperty({ nullable: true, type: String, example: 'Rude about the weather, not about us.' })
  note!: string | null;

  @ApiProperty({ nullable: true, type: String, example: 'operator' })
  by!: string | null;

  @ApiProperty({ format: 'date-time', nullable: true, type: String })
  at!: string | null;
}

export class ReviewList {
  @ApiProperty({ type: [ReviewView] })
  reviews!: readonly ReviewView[];

  @ApiProperty({ nullable: true, type: String, description: '`cursor` for the next page; null on the last one.' })
  next!: string | null;
}

export class FairnessQuery {
  @ApiPropertyOptional({ type: String, example: '17841400000000000', description: 'Of this account only.' })
  @IsOptional()
  @IsString()
  account?: string;

  @ApiPropertyOptional({ type: 'integer', default: 8, minimum: 1, maximum: 53, description: 'How many weeks back.' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(53)
  weeks = 8;
}

class FalseHideRateView {
  @ApiProperty({ example: 0.0667, description: 'Wrong of the reviewed, from 0 to 1.' })
  rate!: number;

  @ApiProperty({ example: 0.0185, description: 'The lower bound of the 95 % interval.' })
  from!: number;

  @ApiProperty({ example: 0.2132, description: 'The upper bound.' })
  to!: number;
}

class FairWeekView {
  @ApiProperty({ example: '2026-W47' })
  week!: string;

  @ApiProperty({ example: '17841400000000000' })
  accountId!: string;

  @ApiProperty({ type: 'integer', example: 212, description: 'Comments that the machine hid.' })
  hidden!: number;

  @ApiProperty({ type: 'integer', example: 30 })
  sampled!: number;

  @ApiProperty({ type: 'integer', example: 30, description: 'Those of the sample that people have answered.' })
  reviewed!: number;

  @ApiProperty({ type: 'integer', example: 2 })
  wrong!: number;

  @ApiProperty({ type: FalseHideRateView, nullable: true, description: 'Null until something was reviewed.' })
  falseHideRate!: FalseHideRateView | null;
}

export class FairnessReport {
  @ApiProperty({ type: [FairWeekView], description: 'Newest first.' })
  weeks!: readonly FairWeekView[];
}

export function toReviewView(review: Review): ReviewView {
  const { id, week, accountId, commentId, text, username, verdict, hiddenAt, hidden, because, answer } = review;
  return {
    id,
    week: weekNameOf(week),
    accountId,
    commentId,
    text,
    username: username ?? null,
    class: verdict ? { class: verdict.class, confidence: verdict.confidence, reason: verdict.reason } : null,
    hiddenAt: hiddenAt.toISOString(),
    hidden,
    because: because.map(({ reason, detail }) => ({ reason, explanation: reasons[reason].explanation, detail })),
    verdict: answer?.verdict ?? null,
    note: answer?.note ?? null,
    by: answer?.by ?? null,
    at: answer?.at.toISOString() ?? null,
  };
}

export function toWeekView({ week, accountId, hidden, sampled, reviewed, wrong }: WeekOfHides): FairWeekView {
  const rate = falseHideRate(reviewed, wrong) ?? null;
  return { week: weekNameOf(week), accountId, hidden, sampled, reviewed, wrong, falseHideRate: rate };
}
