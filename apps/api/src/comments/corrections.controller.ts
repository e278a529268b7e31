import { Body, Controller, Get, Inject, Param, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import { Corrections } from '#domain/comments/corrections.js';
import { CorrectVerdict } from '#use-cases/comments/correct-verdict.js';
import { AdminRoutes } from '../http/admin-routes.js';
import { accountFilter, commentIdOf, unknownComment } from '../http/ids.js';
import { ApiProblems } from '../http/problem.dto.js';
import {
  CorrectionList,
  CorrectionsQueryDto,
  CorrectionView,
  toCorrectionView,
  VerdictBody,
} from './corrections.dto.js';

/** What people say that comments are. */
@AdminRoutes('Comments')
@Controller()
export class CorrectionsController {
  constructor(
    @Inject(CorrectVerdict) private readonly correctVerdict: CorrectVerdict,
    @Inject(Corrections) private readonly corrections: Corrections,
  ) {}

  @Put('comments/:id/verdict')
  @ApiOperation({
    operationId: 'correctVerdict',
    summary: 'Say what a comment is',
    description:
      'Replaces the class that the model gave, for this comment only, and keeps the former one: corrections are what ' +
      'prompts, models and thresholds are measured by. Nothing is sent, hidden or shown because of it; ask for that by ' +
      'itself. Safe to repeat.',
  })
  @ApiParam({ name: 'id', example: '17865799348089039', description: 'Instagram\u2019s id of the comment.' })
  @ApiResponse({ status: 200, type: CorrectionView, description: 'The verdict is this person\u2019s now.' })
  @ApiProblems({
    400: {
      when: 'There is no such class, the reason is missing, a field is unknown, or the body is no JSON.',
      errors: ['reason should not be empty'],
    },
    404: { when: 'No comment with this id has arrived.', detail: unknownComment },
    409: {
      when: 'Nobody has tried to understand the comment yet.',
      detail: 'This comment is still to be understood: correct it when that is done or parked.',
    },
    413: { when: 'The body is larger than 5 MB.' },
    415: { when: 'The body is not sent as application/json.' },
    422: {
      when: 'The reason has only white space, or the comment is our own.',
      detail: 'A correction needs a reason.',
    },
  })
  async correct(@Param('id') id: string, @Body() body: VerdictBody): Promise<CorrectionView> {
    const correction = { commentId: commentIdOf(id), class: body.class, reason: body.reason, by: 'operator' };
    return toCorrectionView(await this.correctVerdict.execute(correction));
  }

  @Get('corrections')
  @ApiOperation({
    operationId: 'listCorrections',
    summary: 'List the corrected comments',
    description:
      'The latest correction of each comment with what the model had thought, oldest first: the part of the evaluation ' +
      'set that people made.',
  })
  @ApiResponse({ status: 200, type: CorrectionList, description: 'One page.' })
  @ApiProblems({
    400: {
      when: 'A parameter is unknown or out of its range, or the cursor is none of ours.',
      errors: ['limit must not be greater than 500'],
    },
  })
  async list(@Query() { account, cursor, limit }: CorrectionsQueryDto): Promise<CorrectionList> {
    const found = await this.corrections.list({ account: accountFilter(account), after: cursor, limit: limit + 1 });
    const page = found.slice(0, limit);
    const next = found.length > limit ? (page.at(-1)?.cursor ?? null) : null;
    return { corrections: page.map(toCorrectionView), next };
  }
}
