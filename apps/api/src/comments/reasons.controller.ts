import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import { AdminRoutes } from '../http/admin-routes.js';
import { ReasonList, toReasonList } from './reasons.dto.js';

@AdminRoutes('Comments')
@Controller('reasons')
export class ReasonsController {
  @Get()
  @ApiOperation({
    operationId: 'listReasons',
    summary: 'Every reason that a decision can have',
    description:
      'The closed list, in the order of a comment\u2019s way, with what happened and what a person should do. It changes ' +
      'with releases only, and a code keeps its meaning.',
  })
  @ApiResponse({ status: 200, type: ReasonList, description: 'The whole list.' })
  list(): ReasonList {
    return toReasonList();
  }
}
