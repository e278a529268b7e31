import {
  BadRequestException,
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Put,
  Query,
} from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import { Accounts } from '#domain/accounts/accounts.js';
import { Takeovers, takeoverScopes, type Takeover, type TakeoverCursor } from '#domain/policies/takeovers.js';
import { AppError } from '#domain/shared/errors.js';
import { CommentId, MediaId } from '#domain/shared/ids.js';
import { AdminRoutes } from '../http/admin-routes.js';
import { accountIdOf, commentIdOf, postIdOf, unknownComment } from '../http/ids.js';
import { ApiProblems } from '../http/problem.dto.js';
import { MuteBody, PageQuery, TakeoverList, TakeoverView, toTakeoverView } from './people.dto.js';

const commentParameter = { name: 'commentId', example: '17865799348089039', description: 'Any comment of the thread.' };
const postParameter = {
  name: 'mediaId',
  example: '18000000000000001',
  description: 'Instagram\u2019s id of the post.',
};

/** Where people act, and the bot does nothing public. */
@AdminRoutes('Policies')
@Controller()
export class TakeoversController {
  constructor(
    @Inject(Takeovers) private readonly takeovers: Takeovers,
    @Inject(Accounts) private readonly accounts: Accounts,
  ) {}

  @Get('takeovers')
  @ApiOperation({
    operationId: 'listTakeovers',
    summary: 'What people have taken over',
    description: 'Threads and posts; also threads in which somebody answered in Instagram\u2019s own app.',
  })
  @ApiResponse({ status: 200, type: TakeoverList, description: 'One page.' })
  @ApiProblems({
    400: {
      when: 'A parameter is unknown or out of its range, or the cursor is none of ours.',
      errors: ['limit must not be greater than 100'],
    },
  })
  async list(@Query() { limit, cursor }: PageQuery): Promise<TakeoverList> {
    const found = await this.takeovers.list(limit + 1, cursor === undefined ? undefined : readCursor(cursor));
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : undefined;
    return { takeovers: page.map(toTakeoverView), next: last ? cursorAfter(last) : null };
  }

  @Put('threads/:commentId/takeover')
  @ApiOperation({
    operationId: 'takeOverThread',
    summary: 'Take a thread over',
    description:
      'From the answer on no reply that the bot planned begins to be sent there; those wait for a person. What comes in the ' +
      'thread is understood and told as usual, and waits, too. Safe to repeat.',
  })
  @ApiParam(commentParameter)
  @ApiResponse({ status: 200, type: TakeoverView, description: 'It is a person\u2019s.' })
  @ApiProblems({ 404: { when: 'No comment with this id has arrived.', detail: unknownComment } })
  async take(@Param('commentId') id: string): Promise<TakeoverView> {
    const taken = await this.takeovers.takeThread(commentIdOf(id));
    if (!taken) throw new AppError('not-found', unknownComment);
    return toTakeoverView(taken);
  }

  @Delete('threads/:commentId/takeover')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'handBackThread',
    summary: 'Hand a thread back',
    description: 'Comments from now on are treated as the policy says. What waits for a person goes on waiting.',
  })
  @ApiParam(commentParameter)
  @ApiResponse({ status: 204, description: 'It is the bot\u2019s again.' })
  @ApiProblems({ 404: { when: 'Nobody has taken this thread over.', detail: 'Nobody has taken this thread over.' } })
  async handBack(@Param('commentId') id: string): Promise<void> {
    const commentId = CommentId.safeParse(id);
    const ended = commentId.success && (await this.takeovers.handBackThread(commentId.data));
    if (!ended) throw new AppError('not-found', 'Nobody has taken this thread over.');
  }

  @Put('posts/:mediaId/mute')
  @ApiOperation({
    operationId: 'mutePost',
    summary: 'Take all threads under a post over',
    description: 'As for a thread. Safe to repeat.',
  })
  @ApiParam(postParameter)
  @ApiResponse({ status: 200, type: TakeoverView, description: 'It is muted.' })
  @ApiProblems({
    400: { when: 'The account is missing, or a field is unknown.', errors: ['account should not be empty'] },
    404: {
      when: 'This account is not connected, or no post can have this id.',
      detail: 'no account 17841400000000000 is connected',
    },
    413: { when: 'The body is larger than 5 MB.' },
    415: { when: 'The body is not sent as application/json.' },
  })
  async mute(@Param('mediaId') id: string, @Body() { account }: MuteBody): Promise<TakeoverView> {
    const mediaId = postIdOf(id);
    const known = await this.accounts.get(accountIdOf(account));
    return toTakeoverView(await this.takeovers.mutePost(known.id, mediaId));
  }

  @Delete('posts/:mediaId/mute')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'unmutePost',
    summary: 'Hand a post back',
    description: 'Threads that were taken over by themselves stay so.',
  })
  @ApiParam(postParameter)
  @ApiResponse({ status: 204, description: 'It is the bot\u2019s again.' })
  @ApiProblems({ 404: { when: 'This post is not muted.', detail: 'This post is not muted.' } })
  async unmute(@Param('mediaId') id: string): Promise<void> {
    const mediaId = MediaId.safeParse(id);
    const ended = mediaId.success && (await this.takeovers.unmutePost(mediaId.data));
    if (!ended) throw new AppError('not-found', 'This post is not muted.');
  }
}

function cursorAfter({ at, scope, id }: Takeover): string {
  return Buffer.from(`${at.getTime()} ${scope} ${id}`).toString('base64url');
}

function readCursor(cursor: string): TakeoverCursor {
  const [time = '', name, id] = Buffer.from(cursor, 'base64url').toString('utf8').split(' ');
  const scope = takeoverScopes.find((known) => known === name);
  if (!/^\d{1,15}$/u.test(time) || scope === undefined || !MediaId.safeParse(id).success || id === undefined) {
    throw new BadRequestException(['cursor is none of ours']);
  }
  return { at: new Date(Number(time)), scope, id };
}
