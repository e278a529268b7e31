import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsNumber, IsOptional, Matches, Max, Min } from 'class-validator';
import { type AccountBudget, type Budget, budgetRules, type Micros, microsPerDollar } from '#domain/spending/budget.js';
import { usageGroups, type UsageFigures, type UsageReport } from '#domain/spending/usage.js';

const usual = { account: budgetRules.account / microsPerDollar, author: budgetRules.author / microsPerDollar };
const most = budgetRules.most / microsPerDollar;

export class BudgetBody {
  @ApiPropertyOptional({
    type: 'number',
    nullable: true,
    minimum: 0,
    maximum: most,
    example: 20,
    description: `Dollars that the account may spend on models in a day; ${usual.account} when it is missing or null. 0: no model is asked.`,
  })
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(most)
  account?: number | null;

  @ApiPropertyOptional({
    type: 'number',
    nullable: true,
    minimum: 0,
    maximum: most,
    example: 0.5,
    description: `Dollars that the comments of one author may cost in a day; ${usual.author} when it is missing or null.`,
  })
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(most)
  author?: number | null;
}

class BudgetToday {
  @ApiProperty({ example: '2026-11-21', description: 'The day by UTC; the next one begins with nothing spent.' })
  day!: string;

  @ApiProperty({ example: 3.2071, description: 'Dollars.' })
  spent!: number;

  @ApiProperty({ example: 16, description: 'Percent of the account\u2019s budget.' })
  percent!: number;

  @ApiProperty({
    type: 'integer',
    example: 0,
    description: 'Calls that were not made: the account\u2019s money was spent.',
  })
  refusedCalls!: number;

  @ApiProperty({ type: 'integer', example: 1, description: 'Authors whose comments are left to people for today.' })
  stoppedAuthors!: number;
}

export class BudgetView {
  @ApiProperty({ example: '17841400000000000' })
  accountId!: string;

  @ApiProperty({ example: 20, description: 'Dollars a day.' })
  account!: number;

  @ApiProperty({ example: 0.5, description: 'Dollars a day for the comments of one author.' })
  author!: number;

  @ApiProperty({
    type: [String],
    enum: ['account', 'author'],
    isArray: true,
    description: 'What was chosen; the rest is as usual.',
  })
  chosen!: readonly string[];

  @ApiProperty({ type: BudgetToday })
  today!: BudgetToday;
}

export function chosenBudget({ account, author }: BudgetBody): Partial<Budget> {
  // Some clients send null for what they leave out.
  return {
    ...(typeof account === 'number' && { account: Math.round(account * microsPerDollar) }),
    ...(typeof author === 'number' && { author: Math.round(author * microsPerDollar) }),
  };
}

export function toBudgetView({ accountId, account, author, chosen, today }: AccountBudget): BudgetView {
  return {
    accountId,
    account: dollars(account),
    author: dollars(author),
    chosen: Object.keys(chosen),
    today: {
      day: today.day,
      spent: dollars(today.spent),
      percent: account === 0 ? 100 : Math.floor((today.spent * 100) / account),
      refusedCalls: today.refused,
      stoppedAuthors: today.authorsStopped,
    },
  };
}

const day = { type: 'string', example: '2026-11-21' } as const;
const dayPattern = /^\d{4}-\d\d-\d\d$/u;
const notADay = { message: '$property must be a day like 2026-11-21' };

export class UsageQuery {
  @ApiPropertyOptional({ ...day, description: 'The first day, UTC; 30 days ago when it is missing.' })
  @IsOptional()
  @Matches(dayPattern, notADay)
  from?: string;

  @ApiPropertyOptional({ ...day, description: 'The last day, UTC; today when it is missing.' })
  @IsOptional()
  @Matches(dayPattern, notADay)
  to?: string;

  @ApiPropertyOptional({ type: 'string', example: '17841400000000000', description: 'Only this account.' })
  @IsOptional()
  @Matches(/^\d{1,30}$/u, { message: 'accountId must be an id of digits' })
  accountId?: string;

  @ApiPropertyOptional({
    type: 'string',
    default: usageGroups.join(),
    example: 'day,model',
    description: `What rows tell apart: any of ${usageGroups.join(', ')}, with commas between them.`,
  })
  @Matches(new RegExp(`^(?:${usageGroups.join('|')})(?:,(?:${usageGroups.join('|')}))*$`, 'u'), {
    message: `by must be some of ${usageGroups.join(',')}`,
  })
  by: string = usageGroups.join();

  @ApiPropertyOptional({ type: 'integer', default: 100, minimum: 1, maximum: 1000, description: 'Rows at most.' })
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1_000)
  limit = 100;

  @ApiPropertyOptional({
    type: 'integer',
    default: 0,
    minimum: 0,
    maximum: 1_000_000,
    description: 'Rows to leave out.',
  })
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  offset = 0;
}

class UsageFiguresView {
  @ApiProperty({ type: 'integer', example: 1200, description: 'Calls to models, also those that failed.' })
  calls!: number;

  @ApiProperty({ type: 'integer', example: 3, description: 'Of these, without an answer.' })
  failed!: number;

  @ApiProperty({ type: 'integer', example: 1_450_000 })
  inputTokens!: number;

  @ApiProperty({ type: 'integer', example: 900_000, description: 'Of these, read from the vendor\u2019s cache.' })
  cachedTokens!: number;

  @ApiProperty({ type: 'integer', example: 96_000 })
  outputTokens!: number;

  @ApiProperty({ example: 0.112, description: 'Dollars, of the calls whose price is known.' })
  dollars!: number;

  @ApiProperty({ type: 'integer', example: 0, description: 'Calls whose price is not known: set OPENAI_PRICES.' })
  withoutPrice!: number;
}

class UsageRowView extends UsageFiguresView {
  @ApiPropertyOptional({ example: '2026-11-21' })
  day?: string;

  @ApiPropertyOptional({ example: '17841400000000000' })
  accountId?: string;

  @ApiPropertyOptional({ example: 'classification' })
  task?: string;

  @ApiPropertyOptional({ example: 'gpt-6-luna' })
  model?: string;
}

export class UsageView {
  @ApiProperty({ example: '2026-10-22' })
  from!: string;

  @ApiProperty({ example: '2026-11-21' })
  to!: string;

  @ApiProperty({ type: UsageFiguresView, description: 'Of all rows, also those on other pages.' })
  total!: UsageFiguresView;

  @ApiProperty({ type: 'integer', example: 4, description: 'How many rows there are on all pages.' })
  count!: number;

  @ApiProperty({ type: [UsageRowView], description: 'Newest days first, the dearest of a day first.' })
  rows!: readonly UsageRowView[];
}

export function toUsageView(from: string, to: string, { rows, total, count }: UsageReport): UsageView {
  return {
    from,
    to,
    total: toFigures(total),
    count,
    rows: rows.map((row) => ({
      ...(row.day !== undefined && { day: row.day }),
      ...(row.accountId !== undefined && { accountId: row.accountId }),
      ...(row.task !== undefined && { task: row.task }),
      ...(row.model !== undefined && { model: row.model }),
      ...toFigures(row.figures),
    })),
  };
}

function toFigures({ micros, unpriced, ...figures }: UsageFigures): Omit<UsageFigures, 'micros' | 'unpriced'> & {
  readonly dollars: number;
  readonly withoutPrice: number;
} {
  return { ...figures, dollars: dollars(micros), withoutPrice: unpriced };
}

function dollars(micros: Micros): number {
  return micros / microsPerDollar;
}
