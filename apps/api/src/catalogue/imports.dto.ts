import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsUUID, Matches, Max, Min } from 'class-validator';
import {
  importStates,
  lineOutcomes,
  missingChoices,
  type ImportLine,
  type LineOutcome,
  type MissingChoice,
  type ProductImport,
} from '#domain/catalogue/imports.js';
import { isRemark, lineProblems, type LineProblem } from '#domain/catalogue/line-problems.js';
import { LimitQuery } from '../http/limit-query.js';
import { AccountQuery } from './products.dto.js';

/** What may be said about a file of products. */
export class AboutImportBody extends AccountQuery {
  @ApiPropertyOptional({
    type: String,
    example: 'RUB',
    description: 'ISO 4217, for prices beside which the file says none.',
  })
  @IsOptional()
  @Matches(/^[A-Z]{3}$/u, { message: 'currency must be an ISO 4217 code, like RUB' })
  currency?: string;

  @ApiPropertyOptional({
    enum: missingChoices,
    default: 'keep',
    description: 'What becomes of products that are not in the file. Try it with `dryRun` first.',
  })
  @IsOptional()
  @IsIn(missingChoices)
  missing?: MissingChoice;

  @ApiPropertyOptional({
    enum: ['true', 'false'],
    default: 'false',
    description: 'Changes nothing; the report says what would be changed.',
  })
  @IsOptional()
  @IsIn(['true', 'false'])
  dryRun?: string;
}

/** For the document only: the form is read as it comes. */
export class ImportForm extends AboutImportBody {
  @ApiProperty({ type: 'string', format: 'binary', description: 'CSV or XLSX, at most 20 MB and 50,000 lines.' })
  file!: unknown;
}

export class ImportsQuery extends LimitQuery {
  @ApiPropertyOptional({
    type: String,
    maxLength: 64,
    description: 'May be left out while exactly one account is connected.',
  })
  @IsOptional()
  @Matches(/^[\x21-\x7E]{1,64}$/u, { message: 'accountId is not usable as an id' })
  accountId?: string;

  @ApiPropertyOptional({ type: String, format: 'uuid', description: '`next` of the page before.' })
  @IsOptional()
  @IsUUID()
  before?: string;
}

export class LinesQuery extends LimitQuery {
  @ApiPropertyOptional({ enum: lineOutcomes, description: 'Left out: all but those that wait.' })
  @IsOptional()
  @IsIn(lineOutcomes)
  outcome?: LineOutcome;

  @ApiPropertyOptional({ type: 'integer', default: 0, minimum: 0, description: '`next` of the page before.' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(10_000_000)
  after = 0;
}

export class CountsView {
  @ApiProperty({ type: 'integer', example: 0, description: 'Lines that are still to be used.' })
  waiting!: number;

  @ApiProperty({ type: 'integer', example: 118 })
  created!: number;

  @ApiProperty({ type: 'integer', example: 7 })
  changed!: number;

  @ApiProperty({ type: 'integer', example: 873 })
  unchanged!: number;

  @ApiProperty({ type: 'integer', example: 2, description: 'Not used; the report says why, line by line.' })
  failed!: number;

  @ApiProperty({ type: 'integer', example: 0, description: 'Not in the file, and put out of stock.' })
  putOutOfStock!: number;

  @ApiProperty({ type: 'integer', example: 0, description: 'Not in the file, and deleted.' })
  deleted!: number;
}

export class ImportView {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ example: '17841400000000000' })
  accountId!: string;

  @ApiProperty({ example: 'products.csv' })
  fileName!: string;

  @ApiProperty({ enum: importStates })
  state!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    example: null,
    description: 'Why it failed or waits, or what was left out of it, and what to do.',
  })
  reason!: string | null;

  @ApiProperty({ enum: missingChoices })
  missing!: string;

  @ApiProperty({ description: 'Nothing was changed; the counts say what would be.' })
  dryRun!: boolean;

  @ApiProperty({ type: 'integer', nullable: true, example: 1_000, description: 'Null until the file is read.' })
  lines!: number | null;

  @ApiProperty({ type: CountsView })
  counts!: CountsView;

  @ApiProperty({ type: [String], example: ['Weight'], description: 'Headings that mean nothing here.' })
  unknownColumns!: readonly string[];

  @ApiProperty({ format: 'date-time' })
  createdAt!: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  startedAt!: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  finishedAt!: string | null;
}

export class ImportList {
  @ApiProperty({ type: [ImportView] })
  imports!: readonly ImportView[];

  @ApiProperty({ type: String, nullable: true, description: '`before` of the next page; null on the last one.' })
  next!: string | null;
}

export class LineProblemView {
  @ApiProperty({ type: String, nullable: true, example: 'price', description: 'Null: the line as a whole.' })
  column!: string | null;

  @ApiProperty({ enum: Object.keys(lineProblems) })
  code!: string;

  @ApiProperty({ example: 'от 600 ₽', description: 'What stands there, cut.' })
  found!: string;

  @ApiProperty({ example: lineProblems['bad-price'].what })
  what!: string;

  @ApiProperty({ example: lineProblems['bad-price'].todo })
  todo!: string;

  @ApiProperty({ description: 'The line was used all the same.' })
  remark!: boolean;
}

export class ImportLineView {
  @ApiProperty({
    type: 'integer',
    nullable: true,
    example: 12,
    description: 'Its line in the file, or its row in the sheet; null for a product that is not in the file.',
  })
  line!: number | null;

  @ApiProperty({ type: String, nullable: true, example: 'HC-1' })
  sku!: string | null;

  @ApiProperty({ enum: lineOutcomes })
  outcome!: string;

  @ApiProperty({ type: [LineProblemView] })
  problems!: readonly LineProblemView[];
}

export class ImportLineList {
  @ApiProperty({ type: [ImportLineView] })
  lines!: readonly ImportLineView[];

  @ApiProperty({ type: 'integer', nullable: true, description: '`after` of the next page; null on the last one.' })
  next!: number | null;
}

export function toImportView({ request, counts, ...one }: ProductImport): ImportView {
  const { 'put-out-of-stock': putOutOfStock, ...others } = counts;
  const { accountId, fileName, missing, dryRun } = request;
  return {
    id: one.id,
    accountId,
    fileName,
    state: one.state,
    reason: one.reason ?? null,
    missing,
    dryRun,
    lines: one.lines ?? null,
    counts: { ...others, putOutOfStock },
    unknownColumns: one.unknownColumns,
    createdAt: one.createdAt.toISOString(),
    startedAt: one.startedAt?.toISOString() ?? null,
    finishedAt: one.finishedAt?.toISOString() ?? null,
  };
}

export function toImportLineView({ line, sku, outcome, problems }: ImportLine): ImportLineView {
  return { line: line ?? null, sku: sku ?? null, outcome, problems: problems.map(toProblemView) };
}

function toProblemView(problem: LineProblem): LineProblemView {
  const { column, code, found } = problem;
  return { column: column ?? null, code, found, ...lineProblems[code], remark: isRemark(problem) };
}
