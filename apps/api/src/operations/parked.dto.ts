import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { reasons, type ReasonCode } from '#domain/comments/reason-codes.js';
import { keyOf, type ParkedWork } from '#domain/work/parked.js';
import { LimitQuery } from '../http/limit-query.js';

// The keys of a closed record.
const parkedReasons = (Object.keys(reasons) as ReasonCode[]).filter((reason) => reason.startsWith('parked-'));
const kinds = ['comment', 'reply', 'moderation', 'alert'];

export class ParkedListQuery extends LimitQuery {
  @ApiPropertyOptional({ type: String, maxLength: 200, description: '`next` of the page before.' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  cursor?: string;

  @ApiPropertyOptional({ type: String, enum: parkedReasons, description: 'Only what was parked for this reason.' })
  @IsOptional()
  @IsIn(parkedReasons)
  reason?: ReasonCode;
}

class ParkedView {
  @ApiProperty({ example: 'reply-0193e3a2-1111-7aaa-8bbb-123456789abc', description: 'For trying it again.' })
  id!: string;

  @ApiProperty({
    enum: kinds,
    example: 'reply',
    description: 'What could not be done: understood, sent, changed, told.',
  })
  kind!: string;

  @ApiProperty({ example: '17865799348089039', description: 'The comment that it is about.' })
  commentId!: string;

  @ApiProperty({ enum: parkedReasons, example: 'parked-unclear' })
  reason!: string;

  @ApiProperty({ example: reasons['parked-unclear'].explanation })
  explanation!: string;

  @ApiProperty({
    nullable: true,
    type: String,
    example: 'not found in 3 listings after 2 tries',
    description: 'The last failure, in the vendor\u2019s or our own words.',
  })
  error!: string | null;

  @ApiProperty({ format: 'date-time' })
  since!: string;
}

export class ParkedList {
  @ApiProperty({ type: [ParkedView], description: 'Newest first.' })
  parked!: readonly ParkedView[];

  @ApiProperty({ nullable: true, type: String, description: '`cursor` for the next page; null on the last one.' })
  next!: string | null;
}

export class RetriedView {
  @ApiProperty({ example: 'reply-0193e3a2-1111-7aaa-8bbb-123456789abc' })
  id!: string;

  @ApiProperty({ example: '17865799348089039', description: 'Its decisions tell how it goes on.' })
  commentId!: string;
}

export function toParkedView({ ref, commentId, reason, error, since }: ParkedWork): ParkedView {
  return {
    id: keyOf(ref),
    kind: ref.kind,
    commentId,
    reason,
    explanation: reasons[reason].explanation,
    error: error ?? null,
    since: since.toISOString(),
  };
}
