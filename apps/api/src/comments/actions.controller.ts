import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import { RequestModeration } from '#use-cases/moderation/request-moderation.js';
import { WritePrivateReply } from '#use-cases/replies/write-private-reply.js';
import { AdminRoutes } from '../http/admin-routes.js';
import { commentIdOf, unknownComment } from '../http/ids.js';
import { ApiProblems } from '../http/problem.dto.js';
import {
  ModerationView,
  NewModerationBody,
  NewPrivateReplyBody,
  PrivateReplyView,
  toModerationView,
  toPrivateReplyView,
} from './actions.dto.js';

const idParameter = { name: 'id', example: '17865799348089039', description: 'Instagram\u2019s id of the comment.' };

/** What operators do about a comment. Accepted and stored here, done by the workers. */
@AdminRoutes('Comments')
@Controller('comments/:id')
export class ActionsController {
  constructor(
    @Inject(RequestModeration) private readonly requestModeration: RequestModeration,
    @Inject(WritePrivateReply) private readonly writePrivateReply: WritePrivateReply,
  ) {}

  @Post('moderations')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'moderateComment',
    summary: 'Hide a comment, show it again, or delete it',
    description:
      'Stored, and done within seconds; the decisions of the comment tell how it went. The newest wish wins: what was ' +
      'due or suggested before is dropped. Hiding waits for a public reply that is on its way.',
  })
  @ApiParam(idParameter)
  @ApiResponse({ status: 202, type: ModerationView, description: 'It is due, or was asked for before.' })
  @ApiProblems({
    400: {
      when: 'The action is none of the three, a field is unknown, or the body is no JSON.',
      errors: ['action must be one of the following values: hide, unhide, delete'],
    },
    404: { when: 'No comment with this id has arrived.', detail: unknownComment },
    409: {
      when: 'The requestId was used for another action on this comment.',
      detail: 'This requestId was used for another action.',
    },
    413: { when: 'The body is larger than 5 MB.' },
    415: { when: 'The body is not sent as application/json.' },
  })
  async moderate(@Param('id') id: string, @Body() body: NewModerationBody): Promise<ModerationView> {
    const { action, requestId } = body;
    const request = { commentId: commentIdOf(id), action, requestId: requestId ?? undefined };
    return toModerationView(await this.requestModeration.execute(request));
  }

  @Post('private-reply')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'writePrivateReply',
    summary: 'Answer a comment in a message to its author',
    description:
      'One per comment, within seven days after it was written, also to a hidden comment. Sent within seconds and never ' +
      'twice; the same text again is the same request.',
  })
  @ApiParam(idParameter)
  @ApiResponse({ status: 202, type: PrivateReplyView, description: 'It is due, or was written before.' })
  @ApiProblems({
    400: { when: 'The text is missing or too long, or the body is no JSON.', errors: ['text should not be empty'] },
    404: { when: 'No comment with this id has arrived.', detail: unknownComment },
    409: {
      when: 'Another text was written for this comment before.',
      detail: 'Another private reply was written for this comment; there can be only one.',
    },
    413: { when: 'The body is larger than 5 MB.' },
    415: { when: 'The body is not sent as application/json.' },
    422: {
      when: 'The text has more than 1000 bytes or only white space, or the comment is our own or older than seven days.',
      detail: 'The comment is older than seven days: no private reply is possible any more.',
    },
  })
  async answerPrivately(@Param('id') id: string, @Body() body: NewPrivateReplyBody): Promise<PrivateReplyView> {
    return toPrivateReplyView(id, await this.writePrivateReply.execute(commentIdOf(id), body.text));
  }
}
