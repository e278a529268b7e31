import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import { Incidents } from '#domain/notifications/incidents.js';
import { AdminRoutes } from '../http/admin-routes.js';
import { ApiProblems } from '../http/problem.dto.js';
import { IncidentList, IncidentsQuery, toIncidentView } from './incidents.dto.js';

@AdminRoutes('Operations')
@Controller('incidents')
export class IncidentsController {
  constructor(@Inject(Incidents) private readonly incidents: Incidents) {}

  @Get()
  @ApiOperation({
    operationId: 'listIncidents',
    summary: 'List incidents',
    description:
      'What is wrong with the system itself, or was: open ones first, then the newest, each with what to do.',
  })
  @ApiResponse({ status: 200, type: IncidentList, description: 'Operators are told the same in their chat.' })
  @ApiProblems({
    400: { when: 'A parameter is unknown or out of its range.', errors: ['limit must not be greater than 500'] },
  })
  async list(@Query() { limit }: IncidentsQuery): Promise<IncidentList> {
    return { incidents: (await this.incidents.list(limit)).map(toIncidentView) };
  }
}
