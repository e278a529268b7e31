import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { policyBounds } from '#domain/policies/settings.js';
import { presetNames, type HideMode, type PresetName, type ReplyMode } from '#domain/comments/policy.js';
import type { CommentClass } from '#domain/comments/verdict.js';
import { backtestRules, backtestSources, type BacktestSource } from '#domain/evaluation/backtest.js';
import { LimitQuery } from '../http/limit-query.js';

/** What `AccountId` takes. */
const usableAccountId = /^[\x21-\x7E]{1,64}$/u;
// With its zone: without one it would be a time of wherever the server stands.
const timeWithZone = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:\d{2})$/u;
const replyModes: readonly ReplyMode[] = ['auto', 'draft', 'off'];
const hideModes: readonly HideMode[] = ['auto', 'suggest', 'off'];
const threshold = { type: 'integer', minimum: 0, maximum: 100, example: 60 } as const;

class ClassChangeBody {
  @ApiPropertyOptional({ enum: replyModes, description: 'auto: published when confident and grounded, else a draft.' })
  @IsOptional()
  @IsIn(replyModes)
  reply?: ReplyMode;

  @ApiPropertyOptional({ enum: hideModes, description: 'auto: hidden when confident, else suggested.' })
  @IsOptional()
  @IsIn(hideModes)
  hide?: HideMode;

  @ApiPropertyOptional({ description: 'Whether operators are told.' })
  @IsOptional()
  @IsBoolean()
  alert?: boolean;
}

class ClassesChangeBody implements Record<CommentClass, ClassChangeBody | undefined> {
  @ApiPropertyOptional({ type: ClassChangeBody })
  @IsOptional()
  @ValidateNested()
  @Type(() => ClassChangeBody)
  positive: ClassChangeBody | undefined;

  @ApiPropertyOptional({ type: ClassChangeBody })
  @IsOptional()
  @ValidateNested()
  @Type(() => ClassChangeBody)
  critical: ClassChangeBody | undefined;

  @ApiPropertyOptional({ type: ClassChangeBody })
  @IsOptional()
  @ValidateNested()
  @Type(() => ClassChangeBody)
  urgent: ClassChangeBody | undefined;

  @ApiPropertyOptional({ type: ClassChangeBody })
  @IsOptional()
  @ValidateNested()
  @Type(() => ClassChangeBody)
  question: ClassChangeBody | undefined;

  @ApiPropertyOptional({ type: ClassChangeBody })
  @IsOptional()
  @ValidateNested()
  @Type(() => ClassChangeBody)
  partnership: ClassChangeBody | undefined;

  @ApiPropertyOptional({ type: ClassChangeBody })
  @IsOptional()
  @ValidateNested()
  @Type(() => ClassChangeBody)
  toxic: ClassChangeBody | undefined;

  @ApiPropertyOptional({ type: ClassChangeBody })
  @IsOptional()
  @ValidateNested()
  @Type(() => ClassChangeBody)
  spam: ClassChangeBody | undefined;
}

class PolicyChangeBody {
  @ApiPropertyOptional({
    enum: presetNames,
    description: 'Instead of the policy in force; what else is said changes it.',
  })
  @IsOptional()
  @IsIn(presetNames)
  preset?: PresetName;

  @ApiPropertyOptional({ type: ClassesChangeBody, description: 'By class; what is left out stays.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => ClassesChangeBody)
  classes?: ClassesChangeBody;

  @ApiPropertyOptional({ ...threshold, description: 'Least confidence for publishing without a person.' })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(100)
  replyFrom?: number;

  @ApiPropertyOptional({ ...threshold, example: 90, description: 'Least confidence for hiding without a person.' })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(100)
  hideFrom?: number;

  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'object', additionalProperties: true },
    maxItems: policyBounds.rules,
    example: [{ name: 'Links', when: { has: ['link'] }, do: { hide: 'suggest' } }],
    description: 'In the place of all rules of the account, as its policy has them.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(policyBounds.rules)
  rules?: unknown[];
}

class UnderstandingBody {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    example: 2,
    description: 'Version of classify-comment. Left out: the active one.',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100_000)
  prompt?: number;

  @ApiPropertyOptional({
    type: String,
    maxLength: 200,
    example: 'gpt-6-luna',
    description: 'Left out: the one in the settings.',
  })
  @IsOptional()
  @IsString()
  @Matches(/^[\x21-\x7E]{1,200}$/u, { message: 'model is not usable as a model\u2019s id' })
  model?: string;
}

export class NewBacktestBody {
  @ApiPropertyOptional({
    type: String,
    maxLength: 64,
    description: 'May be left out while exactly one account is connected.',
  })
  @IsOptional()
  @Matches(usableAccountId, { message: 'accountId is not usable as an id' })
  accountId?: string | null;

  @ApiPropertyOptional({
    enum: backtestSources,
    default: 'past',
    description: 'past: comments that were understood, newest first. corrected: those whose class a person has given.',
  })
  @IsOptional()
  @IsIn(backtestSources)
  over: BacktestSource = 'past';

  @ApiPropertyOptional({
    type: String,
    format: 'date-time',
    example: '2026-11-01T00:00:00Z',
    description: 'Received since then.',
  })
  @IsOptional()
  @Matches(timeWithZone, { message: 'from is not a time like 2026-11-01T00:00:00Z' })
  from?: string | null;

  @ApiPropertyOptional({ type: String, format: 'date-time', description: 'Received until then. Left out: now.' })
  @IsOptional()
  @Matches(timeWithZone, { message: 'to is not a time like 2026-11-01T00:00:00Z' })
  to?: string | null;

  @ApiPropertyOptional({
    type: 'integer',
    default: backtestRules.usually,
    minimum: 1,
    maximum: backtestRules.most,
    description: 'How many comments at most, the newest.',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(backtestRules.most)
  limit: number = backtestRules.usually;

  @ApiPropertyOptional({ type: PolicyChangeBody, description: 'What is tried instead of the policy in force.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => PolicyChangeBody)
  policy?: PolicyChangeBody;

  @ApiPropertyOptional({
    type: UnderstandingBody,
    description:
      'Comments are understood anew, with this prompt and model. Left out: the verdicts that are stored; no model is asked.',
  })
  @IsOptional()
  @ValidateNested()
  @Type(() => UnderstandingBody)
  understanding?: UnderstandingBody;

  @ApiPropertyOptional({
    type: UnderstandingBody,
    description: 'What it is compared with, side by side. Left out: the verdicts that are stored.',
  })
  @IsOptional()
  @ValidateNested()
  @Type(() => UnderstandingBody)
  against?: UnderstandingBody;

  @ApiPropertyOptional({
    type: Number,
    minimum: 0,
    maximum: 100_000,
    example: 2.5,
    description: 'Dollars. Refused when it would cost more.',
  })
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(100_000)
  maxCost?: number;
}

/** What the form at /docs is filled with. */
export const exampleBacktest = { limit: 10_000, policy: { replyFrom: 60 } };
export const examplePrompts = { over: 'corrected', understanding: { prompt: 2 }, against: { prompt: 1 }, maxCost: 1 };

export class BacktestsQueryDto extends LimitQuery {
  @ApiPropertyOptional({ type: String, maxLength: 64, description: 'Of this account only.' })
  @IsOptional()
  @Matches(usableAccountId, { message: 'accountId is not usable as an id' })
  accountId?: string | null;

  @ApiPropertyOptional({ type: String, format: 'uuid', description: '`next` of the page before.' })
  @IsOptional()
  @IsUUID()
  cursor?: string;
}

export class ChangesQuery {
  @ApiPropertyOptional({ type: 'integer', default: 100, minimum: 1, maximum: 1_000, description: 'How many at most.' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1_000)
  limit = 100;

  @ApiPropertyOptional({ type: 'integer', default: 0, minimum: 0, description: '`next` of the page before.' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(backtestRules.most)
  after = 0;
}

export class ReportQuery {
  @ApiPropertyOptional({
    type: 'integer',
    default: 95,
    minimum: 50,
    maximum: 99,
    description: 'Percent that have to be right, for the advice on thresholds.',
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(50)
  @Max(99)
  precision = 95;
}
