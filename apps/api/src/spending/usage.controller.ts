import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import { AppError } from '#domain/shared/errors.js';
import { AccountId } from '#domain/shared/ids.js';
import { Clock } from '#domain/shared/clock.js';
import { Usage, usageGroups } from '#domain/spending/usage.js';
import { AdminRoutes } from '../http/admin-routes.js';
import { ApiProblems } from '../http/problem.dto.js';
import { toUsageView, UsageQuery, UsageView } from './spending.dto.js';

const dayMs = 86_400_000;
const usualDays = 30;

@AdminRoutes('Spending')
@Controller('usage')
export class UsageController {
  constructor(
    @Inject(Usage) private readonly usage: Usage,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'getUsage',
    summary: 'Calls to models: tokens and money',
    description:
      'By day, account, task and model, or fewer of these. Calls that failed count as calls. A call is there within a second ' +
      'of its end. `withoutPrice` counts calls whose money nobody knows.',
  })
  @ApiResponse({ status: 200, type: UsageView, description: 'One page of rows; none when nothing was asked.' })
  @ApiProblems({
    400: { when: 'A parameter is unknown or unusable.', errors: ['by must be some of day,account,task,model'] },
    422: { when: 'No calendar has such a day, or `from` is after `to`.', detail: 'from must not be after to' },
  })
  async report(@Query() query: UsageQuery): Promise<UsageView> {
    const today = this.clock.now().getTime();
    const from = dayOf(query.from ?? new Date(today - usualDays * dayMs).toISOString().slice(0, 10));
    const to = dayOf(query.to ?? new Date(today).toISOString().slice(0, 10));
    if (from > to) throw new AppError('invalid', 'from must not be after to');
    const accountId = query.accountId === undefined ? undefined : AccountId.parse(query.accountId);
    const by = usageGroups.filter((group) => query.by.split(',').includes(group));
    const { limit, offset } = query;
    return toUsageView(from, to, await this.usage.report({ from, to, accountId, by, limit, offset }));
  }
}

/** @throws AppError 'invalid' for 2026-02-31 */
function dayOf(text: string): string {
  const time = new Date(`${text}T00:00:00Z`);
  if (Number.isFinite(time.getTime()) && time.toISOString().startsWith(text)) return text;
  throw new AppError('invalid', `no calendar has the day ${text}`);
}
