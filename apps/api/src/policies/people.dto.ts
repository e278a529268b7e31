import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';
import { commentClassNames } from '#domain/comments/verdict.js';
import { suggestionKinds, type Suggestion } from '#domain/policies/suggestions.js';
import { takeoverScopes, takers, type Takeover } from '#domain/policies/takeovers.js';
import { LimitQuery } from '../http/limit-query.js';

export class PageQuery extends LimitQuery {
  @ApiPropertyOptional({ type: String, maxLength: 300, description: '`next` of the page before.' })
  @IsOptional()
  @IsString()
  @MaxLength(300)
  cursor?: string;
}

export class SuggestionsQuery extends PageQuery {
  @ApiPropertyOptional({
    type: String,
    maxLength: 64,
    example: '17841400000000000',
    description: 'Only of this account.',
  })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  account?: string;
}

export class MuteBody {
  @ApiProperty({ example: '17841400000000000', description: 'Instagram\u2019s id of the account whose post it is.' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  account!: string;
}

export class TakeoverView {
  @ApiProperty({ enum: takeoverScopes, example: 'thread' })
  scope!: string;

  @ApiProperty({ example: '17865799348089039', description: 'The thread\u2019s first comment, or the post.' })
  id!: string;

  @ApiProperty({ example: '17841400000000000' })
  accountId!: string;

  @ApiProperty({
    enum: takers,
    example: 'platform',
    description: 'platform: a person answered in Instagram\u2019s own app.',
  })
  by!: string;

  @ApiProperty({ format: 'date-time' })
  at!: string;
}

export class TakeoverList {
  @ApiProperty({ type: [TakeoverView], description: 'Newest first.' })
  takeovers!: readonly TakeoverView[];

  @ApiProperty({ nullable: true, type: String, description: '`cursor` for the next page; null on the last one.' })
  next!: string | null;
}

class SuggestionView {
  @ApiProperty({
    enum: suggestionKinds,
    example: 'hide',
    description: 'reply: an answer waits, with words or without.',
  })
  kind!: string;

  @ApiProperty({ format: 'uuid', description: 'For accepting or dismissing a hide.' })
  id!: string;

  @ApiProperty({ example: '17865799348089039' })
  commentId!: string;

  @ApiProperty({ example: '17841400000000000' })
  accountId!: string;

  @ApiProperty({ type: String, nullable: true, example: '18000000000000001' })
  mediaId!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'anna' })
  username!: string | null;

  @ApiProperty({ example: 'Buy followers here!', description: 'The comment.' })
  text!: string;

  @ApiProperty({ type: String, nullable: true, enum: commentClassNames, example: 'spam' })
  class!: string | null;

  @ApiProperty({ type: 'integer', nullable: true, example: 91 })
  confidence!: number | null;

  @ApiProperty({
    type: String,
    nullable: true,
    example: null,
    description: 'Words for the answer, when there are some.',
  })
  draft!: string | null;

  @ApiProperty({ format: 'date-time' })
  since!: string;
}

export class SuggestionList {
  @ApiProperty({ type: [SuggestionView], description: 'Newest first.' })
  suggestions!: readonly SuggestionView[];

  @ApiProperty({ nullable: true, type: String, description: '`cursor` for the next page; null on the last one.' })
  next!: string | null;
}

export class DecidedView {
  @ApiProperty({ example: '17865799348089039', description: 'Its decisions tell how it goes on.' })
  commentId!: string;
}

export function toTakeoverView({ scope, id, accountId, by, at }: Takeover): TakeoverView {
  return { scope, id, accountId, by, at: at.toISOString() };
}

export function toSuggestionView({ since, mediaId, username, draft, confidence, ...rest }: Suggestion): SuggestionView {
  return {
    ...rest,
    mediaId: mediaId ?? null,
    username: username ?? null,
    class: rest.class ?? null,
    confidence: confidence ?? null,
    draft: draft ?? null,
    since: since.toISOString(),
  };
}
