import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import { Decisions } from '#domain/comments/decisions.js';
import { AppError } from '#domain/shared/errors.js';
import { AdminRoutes } from '../http/admin-routes.js';
import { commentIdOf, unknownComment } from '../http/ids.js';
import { ApiProblems } from '../http/problem.dto.js';
import { CommentDecisions, toCommentDecisions } from './comments.dto.js';

@AdminRoutes('Comments')
@Controller('comments')
export class CommentsController {
  constructor(@Inject(Decisions) private readonly decisions: Decisions) {}

  @Get(':id/decisions')
  @ApiOperation({
    operationId: 'getDecisions',
    summary: 'What was done about a comment, and why',
    description:
      'Why the comment stands as it does and what to do, in one sentence each; what the model thought, what was answered ' +
      'from which passages, and every decision with its reason, oldest first.',
  })
  @ApiParam({ name: 'id', example: '17865799348089039', description: 'Instagram\u2019s id of the comment.' })
  @ApiResponse({ status: 200, type: CommentDecisions, description: 'The comment as it stands now.' })
  @ApiProblems({ 404: { when: 'No comment with this id has arrived.', detail: unknownComment } })
  async ofComment(@Param('id') id: string): Promise<CommentDecisions> {
    const record = await this.decisions.about(commentIdOf(id));
    if (!record) throw new AppError('not-found', unknownComment);
    return toCommentDecisions(record);
  }
}
