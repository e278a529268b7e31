import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import { Coverage } from '#domain/coverage/coverage.js';
import { Clock } from '#domain/shared/clock.js';
import { AdminRoutes } from '../http/admin-routes.js';
import { ApiProblems } from '../http/problem.dto.js';
import { CoverageQuery, CoverageReport, toCoverageReport } from './coverage.dto.js';

const hourMs = 3_600_000;

@AdminRoutes('Operations')
@Controller('coverage')
export class CoverageController {
  constructor(
    @Inject(Coverage) private readonly coverage: Coverage,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'getCoverage',
    summary: 'How completely comments reach us',
    description:
      'Per account: comments that came by webhook, comments that were found under the posts without one, and what the ' +
      'platform counts beyond both. Comments from before an account was connected are in none of the first two.',
  })
  @ApiResponse({ status: 200, type: CoverageReport, description: 'The numbers of every account.' })
  @ApiProblems({
    400: { when: 'A parameter is unknown or out of its range.', errors: ['hours must not be greater than 8760'] },
  })
  async numbers(@Query() { hours }: CoverageQuery): Promise<CoverageReport> {
    const since = new Date(this.clock.now().getTime() - hours * hourMs);
    return toCoverageReport(since, await this.coverage.numbers(since));
  }
}
