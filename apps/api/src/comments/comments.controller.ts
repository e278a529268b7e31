import { Controller, Get, Inject, Param, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Decisions } from '#domain/comments/decisions.js';
import { AppError } from '#domain/shared/errors.js';
import { CommentId } from '#domain/shared/ids.js';
import { AdminGuard } from '../http/admin.guard.js';
import { CommentDecisions, toCommentDecisions } from './comments.dto.js';

@ApiTags('Comments')
@ApiBearerAuth()
@UseGuards(AdminGuard)
@Controller('comments')
export class CommentsController {
  constructor(@Inject(Decisions) private readonly decisions: Decisions) {}

  @Get(':id/decisions')
  @ApiOperation({
    summary: 'Why did this happen, or not?',
    description: 'Everything that was decided about one comment, oldest first, each with its reason.',
  })
  @ApiParam({ name: 'id', example: '17865799348089039', description: 'The platform\u2019s id of the comment.' })
  @ApiResponse({ status: 200, type: CommentDecisions })
  @ApiResponse({ status: 401, description: 'ADMIN_TOKEN is set and was not sent.' })
  @ApiResponse({ status: 404, description: 'No such comment.' })
  async ofComment(@Param('id') id: string): Promise<CommentDecisions> {
    const commentId = CommentId.safeParse(id);
    const record = commentId.success ? await this.decisions.about(commentId.data) : undefined;
    if (!record) throw new AppError('not-found', 'There is no comment with this id.');
    return toCommentDecisions(record);
  }
}
