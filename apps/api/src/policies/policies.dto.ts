import { BadRequestException } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { z } from 'zod';
import type { PolicyVersion } from '#domain/policies/policies.js';
import {
  policyBounds,
  policyChanges,
  policySettings,
  ruleSchema,
  type PolicySettings,
} from '#domain/policies/settings.js';

/** The document's own shape, for the OpenAPI document: one way of saying what may stand there. */
export function documented(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _dialect, ...shape } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return shape;
}

const settingsExample: PolicySettings = {
  preset: 'balanced',
  changes: { classes: { spam: { hide: 'auto' } }, hideFrom: 90 },
  timeZone: 'Europe/Berlin',
  windows: [
    {
      name: 'nights',
      days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
      from: '22:00',
      to: '07:00',
      changes: { atMost: { reply: 'draft' } },
    },
  ],
  posts: [],
  rules: [{ name: 'delivery', when: { words: ['delivery'] }, do: { reply: ['We deliver daily until 8 pm.'] } }],
};

export class VersionedBody {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    nullable: true,
    example: 3,
    description: 'The version that you looked at; when another is in force, nothing is changed. Left out: whichever.',
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  version?: number | null;

  @ApiPropertyOptional({ type: String, maxLength: policyBounds.note, example: 'Fewer hides over the holidays' })
  @IsOptional()
  @IsString()
  @MaxLength(policyBounds.note)
  note?: string | null;
}

export class PolicyBody extends VersionedBody {
  @ApiProperty({
    ...documented(policySettings),
    example: settingsExample,
    description: 'All of it; what is left out is gone.',
  })
  @IsObject()
  settings!: object;
}

export class PostPolicyBody extends VersionedBody {
  @ApiProperty({
    ...documented(policyChanges),
    example: { atMost: { reply: 'draft' } },
    description: 'What differs under this post.',
  })
  @IsObject()
  changes!: object;
}

export class RulesBody extends VersionedBody {
  @ApiProperty({
    type: 'array',
    items: documented(ruleSchema),
    example: settingsExample.rules,
    description: 'In their order; those that allow come first anyway.',
  })
  @IsArray()
  @ArrayMaxSize(policyBounds.rules)
  rules!: object[];
}

export class RestoreBody extends VersionedBody {}

export class TryRulesBody {
  @ApiProperty({ example: 'How much is delivery?', maxLength: 10_000 })
  @IsString()
  @MaxLength(10_000)
  text!: string;

  @ApiPropertyOptional({ type: String, maxLength: 64, example: 'anna' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  author?: string | null;

  @ApiPropertyOptional({ type: Boolean, description: 'As if it stood under an ad.' })
  @IsOptional()
  @IsBoolean()
  ad?: boolean | null;

  @ApiPropertyOptional({
    type: 'array',
    items: documented(ruleSchema),
    description: 'Rules to try instead of those in force.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(policyBounds.rules)
  rules?: object[] | null;
}

export class TriedView {
  @ApiProperty({
    type: String,
    nullable: true,
    example: 'delivery',
    description: 'The rule that decides; null when none fits.',
  })
  rule!: string | null;

  @ApiProperty({ type: [String], example: ['words "delivery"'], description: 'What was met.' })
  because!: readonly string[];

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    example: { reply: ['We deliver daily until 8 pm.'] },
  })
  do!: object | null;
}

export class VersionsQuery {
  @ApiPropertyOptional({ type: 'integer', default: 20, minimum: 1, maximum: 100, description: 'How many at most.' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100)
  limit = 20;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, description: '`next` of the page before.' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(2_000_000_000)
  before?: number;
}

export class PolicyView {
  @ApiProperty({ example: '17841400000000000' })
  accountId!: string;

  @ApiProperty({ type: 'integer', example: 3, description: '0 as long as nobody has decided anything.' })
  version!: number;

  @ApiProperty({ ...documented(policySettings), example: settingsExample })
  settings!: object;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  changedAt!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'operator' })
  changedBy!: string | null;

  @ApiProperty({ type: String, nullable: true, example: null })
  note!: string | null;
}

export class PolicyVersions {
  @ApiProperty({ type: [PolicyView], description: 'Newest first.' })
  versions!: readonly PolicyView[];

  @ApiProperty({ type: 'integer', nullable: true, description: '`before` for the next page; null on the last one.' })
  next!: number | null;
}

export function toPolicyView({ accountId, version, settings, changedAt, changedBy, note }: PolicyVersion): PolicyView {
  return {
    accountId,
    version,
    settings,
    changedAt: changedAt?.toISOString() ?? null,
    changedBy: changedBy ?? null,
    note: note ?? null,
  };
}

/** @throws BadRequestException with a sentence for each wrong or unknown field */
export function read<Schema extends z.ZodType>(schema: Schema, given: unknown, where: string): z.output<Schema> {
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const { issues } = parsed.error;
    throw new BadRequestException(
      issues.slice(0, 10).map(({ path, message }) => `${[where, ...path].join('.')}: ${message}`),
    );
  }
  const unknown = unknownFields(given, parsed.data, where);
  if (unknown.length > 0) throw new BadRequestException(unknown.map((field) => `${field} should not exist`));
  return parsed.data;
}

/** What reading left out. */
function unknownFields(given: unknown, known: unknown, where: string): readonly string[] {
  if (typeof given !== 'object' || given === null || typeof known !== 'object' || known === null) return [];
  const kept = new Map(Object.entries(known));
  return Object.entries(given).flatMap(([key, value]) => {
    const path = `${where}.${key}`;
    return kept.has(key) ? unknownFields(value, kept.get(key), path) : [path];
  });
}
