import {
  BadRequestException,
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  Query,
} from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import { z } from 'zod';
import { backtestRules } from '#domain/evaluation/backtest.js';
import { Backtests, type Backtest } from '#domain/evaluation/backtests.js';
import { policySettings, type Rule } from '#domain/policies/settings.js';
import { AppError } from '#domain/shared/errors.js';
import { AccountId } from '#domain/shared/ids.js';
import { RequestBacktest } from '#use-cases/evaluation/request-backtest.js';
import { AdminRoutes } from '../http/admin-routes.js';
import { ApiProblems } from '../http/problem.dto.js';
import {
  BacktestsQueryDto,
  ChangesQuery,
  exampleBacktest,
  examplePrompts,
  NewBacktestBody,
  ReportQuery,
} from './backtests.dto.js';
import {
  BacktestList,
  BacktestView,
  ChangeList,
  toBacktestSummary,
  toBacktestView,
  toChangeView,
} from './backtests.views.js';

const nothingSuch = 'There is no such backtest.';
const idParameter = {
  name: 'id',
  schema: { type: 'string', format: 'uuid' },
  description: 'As the list shows it.',
} as const;
const usualPrecision = 95;

/** What would have been otherwise (PO-4): tried on past comments before it is switched on. Nothing is published. */
@AdminRoutes('Evaluation')
@Controller('backtests')
export class BacktestsController {
  constructor(
    @Inject(RequestBacktest) private readonly request: RequestBacktest,
    @Inject(Backtests) private readonly backtests: Backtests,
  ) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({
    operationId: 'startBacktest',
    summary: 'Try a policy, a prompt or a model on past comments',
    description:
      'A worker compares what would have been done with what the policy in force does. Nothing is sent, hidden, told or written ' +
      'into the ledger. Without `understanding` no model is asked and it costs nothing; with it every comment is a call, at ' +
      'most eight at once, within the limits of the model.',
  })
  @ApiBody({
    type: NewBacktestBody,
    examples: { threshold: { value: exampleBacktest }, prompts: { value: examplePrompts } },
  })
  @ApiResponse({ status: 202, type: BacktestView, description: 'It is queued; ask for it again to see how far it is.' })
  @ApiProblems({
    400: {
      when: 'A field is unknown or out of its range, or the body is no JSON.',
      errors: ['limit must not be greater than 100000'],
    },
    404: { when: 'This account is not connected.', detail: 'no account 17841400000000000 is connected' },
    409: {
      when: `It is not clear which account is meant, or the account has ${backtestRules.atOnce} backtests under way.`,
      detail: 'Several accounts are connected: say which one with accountId.',
    },
    413: { when: 'The body is larger than 5 MB.' },
    415: { when: 'The body is not sent as application/json.' },
    422: {
      when: 'Nothing would be tried, the program does not hold the prompt, the time ends before it begins, or it would cost more than `maxCost`.',
      detail: 'This would cost some $3.20, more than maxCost ($2.50): take fewer comments.',
    },
  })
  async start(@Body() body: NewBacktestBody): Promise<BacktestView> {
    return toBacktestView(await this.request.execute(wishFrom(body)), usualPrecision);
  }

  @Get()
  @ApiOperation({
    operationId: 'listBacktests',
    summary: 'List backtests',
    description: `Newest first. They are kept for ${backtestRules.keptDays} days.`,
  })
  @ApiResponse({ status: 200, type: BacktestList, description: 'One page.' })
  @ApiProblems({
    400: { when: 'A parameter is unknown or out of its range.', errors: ['limit must not be greater than 100'] },
  })
  async list(@Query() { limit, cursor, accountId }: BacktestsQueryDto): Promise<BacktestList> {
    const account = typeof accountId === 'string' ? AccountId.parse(accountId) : undefined;
    const found = await this.backtests.list({ account, before: cursor, limit: limit + 1 });
    const page = found.slice(0, limit);
    return { backtests: page.map(toBacktestSummary), next: found.length > limit ? (page.at(-1)?.id ?? null) : null };
  }

  @Get(':id')
  @ApiOperation({
    operationId: 'readBacktest',
    summary: 'How far a backtest is, and what it has found',
    description:
      'Precision, calibration and advice are about the comments of which a person has said what they are: the more of them, ' +
      'also of those that were right, the more they say.',
  })
  @ApiParam(idParameter)
  @ApiResponse({ status: 200, type: BacktestView, description: 'The backtest.' })
  @ApiProblems({
    400: { when: 'The precision is out of its range.', errors: ['precision must not be greater than 99'] },
    404: { when: 'There is no such backtest (any more).', detail: nothingSuch },
  })
  async read(@Param('id') id: string, @Query() { precision }: ReportQuery): Promise<BacktestView> {
    return toBacktestView(await this.known(id), precision);
  }

  @Get(':id/changes')
  @ApiOperation({
    operationId: 'listBacktestChanges',
    summary: 'The comments about which something would have been otherwise',
    description: 'In the order in which they were looked at: newest first.',
  })
  @ApiParam(idParameter)
  @ApiResponse({ status: 200, type: ChangeList, description: 'One page.' })
  @ApiProblems({
    400: { when: 'A parameter is unknown or out of its range.', errors: ['limit must not be greater than 1000'] },
    404: { when: 'There is no such backtest (any more).', detail: nothingSuch },
  })
  async changes(@Param('id') id: string, @Query() { after, limit }: ChangesQuery): Promise<ChangeList> {
    await this.known(id);
    const found = await this.backtests.changes(id, after, limit + 1);
    const page = found.slice(0, limit);
    return { changes: page.map(toChangeView), next: found.length > limit ? (page.at(-1)?.number ?? null) : null };
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'cancelBacktest',
    summary: 'Cancel a backtest',
    description: 'At once; what is just being asked of the model is thrown away. What it has found stays.',
  })
  @ApiParam(idParameter)
  @ApiResponse({ status: 200, type: BacktestView, description: 'It is cancelled.' })
  @ApiProblems({
    404: { when: 'There is no such backtest (any more).', detail: nothingSuch },
    409: { when: 'It has ended already.', detail: 'This backtest has ended already.' },
  })
  async cancel(@Param('id') id: string): Promise<BacktestView> {
    const { id: known } = await this.known(id);
    if (!(await this.backtests.cancel(known))) throw new AppError('conflict', 'This backtest has ended already.');
    return toBacktestView(await this.known(known), usualPrecision);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'removeBacktest',
    summary: 'Remove a report',
    description: 'Of a backtest that has ended.',
  })
  @ApiParam(idParameter)
  @ApiResponse({ status: 204, description: 'Removed.' })
  @ApiProblems({
    404: { when: 'There is no such backtest (any more).', detail: nothingSuch },
    409: { when: 'It is still under way.', detail: 'This backtest is under way: cancel it first.' },
  })
  async remove(@Param('id') id: string): Promise<void> {
    const { id: known } = await this.known(id);
    if (!(await this.backtests.remove(known))) {
      throw new AppError('conflict', 'This backtest is under way: cancel it first.');
    }
  }

  /** @throws AppError 'not-found' */
  private async known(id: string): Promise<Backtest> {
    const backtest = z.uuid().safeParse(id).success ? await this.backtests.find(id) : undefined;
    if (!backtest) throw new AppError('not-found', nothingSuch);
    return backtest;
  }
}

/** What was sent has been checked by then. Some clients send null for what they leave out. */
function wishFrom(body: NewBacktestBody): Parameters<RequestBacktest['execute']>[0] {
  const { accountId, over, from, to, limit, policy = {}, understanding, against, maxCost } = body;
  const { rules, ...changes } = policy;
  return {
    accountId: typeof accountId === 'string' ? AccountId.parse(accountId) : undefined,
    over,
    from: timeOf(from),
    to: timeOf(to),
    limit,
    // Instances of classes become plain values, and what was left out is left out.
    policy: { ...withoutNothing(changes), ...(rules && { rules: rulesFrom(rules) }) },
    understanding: understanding && { ...withoutNothing(understanding) },
    against: against && { ...withoutNothing(against) },
    maxCost: typeof maxCost === 'number' ? Math.round(maxCost * 1_000_000) : undefined,
  };
}

/** @throws BadRequestException naming what is wrong in which rule */
function rulesFrom(rules: readonly unknown[]): readonly Rule[] {
  const parsed = policySettings.shape.rules.safeParse(rules);
  if (parsed.success) return parsed.data;
  throw new BadRequestException(
    parsed.error.issues.map(({ path, message }) => `policy.rules.${path.map(String).join('.')}: ${message}`),
  );
}

/** @throws AppError 'invalid' for a day that no calendar has */
function timeOf(text: string | null | undefined): Date | undefined {
  if (typeof text !== 'string') return undefined;
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) throw new AppError('invalid', `There is no time ${text}.`);
  return time;
}

function withoutNothing(value: object): object {
  const entries = Object.entries(value).filter(([, each]) => each !== undefined && each !== null);
  return Object.fromEntries(
    entries.map(([key, each]: [string, unknown]) => [
      key,
      typeof each === 'object' && each ? withoutNothing(each) : each,
    ]),
  );
}
