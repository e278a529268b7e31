import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsNotEmpty, IsOptional, IsString, Matches, Max, MaxLength, Min, Validate } from 'class-validator';
import { ValidatorConstraint, type ValidatorConstraintInterface } from 'class-validator';
import type { CorrectedComment } from '#domain/comments/corrections.js';
import { classNamed, commentClassNames } from '#domain/comments/verdict.js';

@ValidatorConstraint()
class IsCommentClass implements ValidatorConstraintInterface {
  validate(given: unknown): boolean {
    return (typeof given === 'string' || typeof given === 'number') && classNamed(given) !== undefined;
  }

  defaultMessage(): string {
    return `class must be one of ${commentClassNames.join(', ')}, a label, or a code from 1 to 7`;
  }
}

export class VerdictBody {
  @ApiProperty({
    oneOf: [{ type: 'string' }, { type: 'integer', minimum: 1, maximum: 7 }],
    example: 'critical',
    description: 'A class by its name, its label (`critical feedback`) or its code (2, also as text).',
  })
  @Validate(IsCommentClass)
  class!: string | number;

  @ApiProperty({ maxLength: 1_000, example: 'It is a complaint about the wait, not an insult.' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(1_000)
  reason!: string;
}

export class CorrectionsQueryDto {
  @ApiPropertyOptional({ type: 'integer', default: 50, minimum: 1, maximum: 500, description: 'How many at most.' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(500)
  limit = 50;

  @ApiPropertyOptional({ type: String, maxLength: 18, description: '`next` of the page before.' })
  @IsOptional()
  @Matches(/^\d{1,18}$/u, { message: 'cursor is none of ours' })
  cursor?: string;

  @ApiPropertyOptional({ type: String, example: '17841400000000000', description: 'Of this account only.' })
  @IsOptional()
  @IsString()
  account?: string;
}

class MachineVerdictView {
  @ApiProperty({ enum: commentClassNames, example: 'toxic' })
  class!: string;

  @ApiProperty({ type: 'integer', example: 88, minimum: 0, maximum: 100, description: 'In per cent.' })
  confidence!: number;

  @ApiProperty({ example: 'gpt-5-nano' })
  model!: string;

  @ApiProperty({ example: 'classify-comment@3' })
  promptVersion!: string;
}

export class CorrectionView {
  @ApiProperty({ example: '17865799348089039' })
  commentId!: string;

  @ApiProperty({ example: '17841400000000000' })
  accountId!: string;

  @ApiProperty({ example: 'Forty minutes for a coffee. Never again.' })
  text!: string;

  @ApiProperty({
    type: MachineVerdictView,
    nullable: true,
    description: 'What was thought before anybody corrected it; null where nothing was.',
  })
  machine!: MachineVerdictView | null;

  @ApiProperty({ enum: commentClassNames, example: 'critical', description: 'What it is, as the latest word has it.' })
  class!: string;

  @ApiProperty({ example: 'It is a complaint about the wait, not an insult.' })
  reason!: string;

  @ApiProperty({ example: 'operator' })
  by!: string;

  @ApiProperty({ format: 'date-time' })
  at!: string;

  @ApiProperty({ type: 'integer', example: 1, description: 'How often it was corrected.' })
  times!: number;
}

export class CorrectionList {
  @ApiProperty({ type: [CorrectionView], description: 'In the order of the latest corrections, oldest first.' })
  corrections!: readonly CorrectionView[];

  @ApiProperty({ nullable: true, type: String, description: '`cursor` for the next page; null on the last one.' })
  next!: string | null;
}

export function toCorrectionView(corrected: CorrectedComment): CorrectionView {
  const { commentId, accountId, text, machine, reason, by, at, times } = corrected;
  return {
    commentId,
    accountId,
    text,
    machine: machine ? { ...machine } : null,
    class: corrected.class,
    reason,
    by,
    at: at.toISOString(),
    times,
  };
}
