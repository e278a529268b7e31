import { BadRequestException, Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import { z } from 'zod';
import { ReplyRecords, type ReplyCursor, type ReplyOnDesk } from '#domain/replies/reply-records.js';
import { AppError } from '#domain/shared/errors.js';
import { MediaId, ReplyId } from '#domain/shared/ids.js';
import { DecideReply } from '#use-cases/replies/decide-reply.js';
import { AdminRoutes } from '../http/admin-routes.js';
import { accountFilter, commentIdOf, unknownComment } from '../http/ids.js';
import { ApiProblems } from '../http/problem.dto.js';
import {
  DecidedReplyView,
  DecisionBody,
  DeskReplyList,
  NewReplyBody,
  RegenerationBody,
  RejectionBody,
  RepliesListQuery,
  ReplyStoryView,
  toDecidedReplyView,
  toDeskReplyView,
  toReplyStoryView,
  WordsBody,
} from './replies.dto.js';

const unknownReply = 'There is no reply with this id.';
const idParameter = { name: 'id', schema: { type: 'string' }, description: 'As the list shows it.' } as const;
const bodyProblems = {
  400: {
    when: 'A field is missing, unknown or out of its range, or the body is no JSON.',
    errors: ['expectedRevision must be an integer number'],
  },
  413: { when: 'The body is larger than 5 MB.' },
  415: { when: 'The body is not sent as application/json.' },
};
const problems = {
  ...bodyProblems,
  404: { when: 'There is no such reply.', detail: unknownReply },
  409: {
    when: 'Somebody else has decided or changed something, or its state does not allow it. `current` says what stands there.',
    detail: 'The reply was changed meanwhile. Look at what stands there now and decide again.',
  },
};
const wordProblems = {
  422: {
    when:
      'The words are too long or have invisible characters; the comment is hidden, of a live broadcast or our own; or the ' +
      'check found what `errors` names and overrule is not true.',
    detail: 'The check found something in these words. If they are meant so, send them with "overrule": true.',
  },
};

/** What people decide about replies. Accepted and stored here, done by the workers. */
@AdminRoutes('Replies')
@Controller()
export class RepliesController {
  constructor(
    @Inject(ReplyRecords) private readonly records: ReplyRecords,
    @Inject(DecideReply) private readonly decide: DecideReply,
  ) {}

  @Get('replies')
  @ApiOperation({
    operationId: 'listReplies',
    summary: 'List the drafts that wait for a person',
    description: 'Each with its comment, what it rests on and why it waits. The one that has waited longest first.',
  })
  @ApiResponse({ status: 200, type: DeskReplyList, description: 'One page; empty when nothing waits.' })
  @ApiProblems({
    400: {
      when: 'A parameter is unknown or out of its range, or the cursor is none of ours.',
      errors: ['limit must not be greater than 100'],
    },
  })
  async list(@Query() query: RepliesListQuery): Promise<DeskReplyList> {
    const { state, account, post, olderThanMinutes, cursor, limit } = query;
    const found = await this.records.list({
      state,
      accountId: accountFilter(account),
      mediaId: post === undefined ? undefined : postFilter(post),
      olderThanMinutes,
      after: cursor === undefined ? undefined : readCursor(cursor),
      limit: limit + 1,
    });
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : undefined;
    return { replies: page.map(toDeskReplyView), next: last ? cursorAfter(last) : null };
  }

  @Get('replies/:id')
  @ApiOperation({
    operationId: 'getReply',
    summary: 'One reply, and what people did about it',
    description: 'As in the list, with its history: every decision with the words before and after.',
  })
  @ApiParam(idParameter)
  @ApiResponse({ status: 200, type: ReplyStoryView, description: 'As it stands now.' })
  @ApiProblems({ 404: { when: 'There is no such reply.', detail: unknownReply } })
  async one(@Param('id') id: string): Promise<ReplyStoryView> {
    const story = await this.records.find(idOf(id));
    if (!story) throw new AppError('not-found', unknownReply);
    return toReplyStoryView(story);
  }

  @Post('replies/:id/approve')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'approveReply',
    summary: 'Send a draft as it stands',
    description: 'Sent within seconds, once, however often and by however many people it is approved.',
  })
  @ApiParam(idParameter)
  @ApiResponse({ status: 202, type: DecidedReplyView, description: 'It is due to be sent.' })
  @ApiProblems({
    ...problems,
    422: {
      when: 'The comment is hidden or of a live broadcast, or the draft has what nobody may publish.',
      detail: 'The comment is hidden: show it again first, or write its author a private reply.',
    },
  })
  async approve(@Param('id') id: string, @Body() body: DecisionBody): Promise<DecidedReplyView> {
    return await this.carryOut({ action: 'approve', ...about(id, body) });
  }

  @Post('replies/:id/edit')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'editReply',
    summary: 'Send a draft in other words',
    description: 'As approving it, with your words. What was changed is kept.',
  })
  @ApiParam(idParameter)
  @ApiResponse({ status: 202, type: DecidedReplyView, description: 'Your words are due to be sent.' })
  @ApiProblems({ ...problems, ...wordProblems })
  async edit(@Param('id') id: string, @Body() body: WordsBody): Promise<DecidedReplyView> {
    return await this.carryOut({ action: 'edit', ...about(id, body), ...wordsOf(body) });
  }

  @Post('replies/:id/reject')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'rejectReply',
    summary: 'Send nothing',
    description: 'The draft no longer waits; also for a parked reply of which you know that it should not go out.',
  })
  @ApiParam(idParameter)
  @ApiResponse({ status: 200, type: DecidedReplyView, description: 'Nothing is sent.' })
  @ApiProblems(problems)
  async reject(@Param('id') id: string, @Body() body: RejectionBody): Promise<DecidedReplyView> {
    return await this.carryOut({ action: 'reject', ...about(id, body), reason: body.reason });
  }

  @Post('replies/:id/regenerate')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'regenerateReply',
    summary: 'Ask for another draft',
    description: 'Written anew within seconds, and waits for a person again. Up to five times for a reply.',
  })
  @ApiParam(idParameter)
  @ApiResponse({ status: 202, type: DecidedReplyView, description: 'It is being written.' })
  @ApiProblems(problems)
  async regenerate(@Param('id') id: string, @Body() body: RegenerationBody): Promise<DecidedReplyView> {
    return await this.carryOut({ action: 'regenerate', ...about(id, body), hint: body.hint ?? undefined });
  }

  @Post('replies/:id/replace')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'replaceReply',
    summary: 'Put another reply in the place of a published one',
    description:
      'The new one is published first, then the former is removed. If the new one cannot be published, the former stays.',
  })
  @ApiParam(idParameter)
  @ApiResponse({ status: 202, type: DecidedReplyView, description: 'The new reply, due to be sent.' })
  @ApiProblems({ ...problems, ...wordProblems })
  async replace(@Param('id') id: string, @Body() body: WordsBody): Promise<DecidedReplyView> {
    return await this.carryOut({ action: 'replace', ...about(id, body), ...wordsOf(body) });
  }

  @Post('replies/:id/delete')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'deleteReply',
    summary: 'Remove a published reply',
    description: 'At Instagram first, then here; one that is gone there already counts as removed.',
  })
  @ApiParam(idParameter)
  @ApiResponse({ status: 202, type: DecidedReplyView, description: 'It is being removed, or is gone.' })
  @ApiProblems({
    ...problems,
    422: { when: 'The platform offers no deletion.', detail: 'This platform does not let replies be deleted.' },
  })
  async delete(@Param('id') id: string, @Body() body: DecisionBody): Promise<DecidedReplyView> {
    return await this.carryOut({ action: 'delete', ...about(id, body) });
  }

  @Post('comments/:id/reply')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'writeReply',
    summary: 'Answer a comment in your own words',
    description:
      'Also where nothing was drafted, and before the comment is understood. A draft that waits, or is being written, gives way.',
  })
  @ApiParam({ name: 'id', example: '17865799348089039', description: 'Instagram\u2019s id of the comment.' })
  @ApiResponse({ status: 202, type: DecidedReplyView, description: 'Your words are due to be sent.' })
  @ApiProblems({
    ...bodyProblems,
    ...wordProblems,
    404: { when: 'No comment with this id has arrived.', detail: unknownComment },
    409: { when: 'A reply is on its way or published: `current`.', detail: 'There is a published reply: replace it.' },
  })
  async write(@Param('id') id: string, @Body() body: NewReplyBody): Promise<DecidedReplyView> {
    const commentId = commentIdOf(id);
    return await this.carryOut({
      action: 'write',
      commentId,
      requestId: body.requestId ?? undefined,
      ...wordsOf(body),
    });
  }

  private async carryOut(request: Parameters<DecideReply['execute']>[0]): Promise<DecidedReplyView> {
    return toDecidedReplyView(await this.decide.execute(request));
  }
}

function about(id: string, { expectedRevision, requestId }: DecisionBody) {
  return { replyId: idOf(id), revision: expectedRevision, requestId: requestId ?? undefined };
}

function wordsOf({ text, overrule }: Pick<WordsBody, 'text' | 'overrule'>) {
  return { text, overrule: overrule ?? false };
}

function idOf(text: string): ReplyId {
  const id = ReplyId.safeParse(text);
  if (!id.success) throw new AppError('not-found', unknownReply);
  return id.data;
}

function postFilter(text: string): MediaId {
  const id = MediaId.safeParse(text);
  if (!id.success) throw new BadRequestException(['post is no post\u2019s id']);
  return id.data;
}

function cursorAfter({ since, id }: ReplyOnDesk): string {
  return Buffer.from(`${since.getTime()} ${id}`).toString('base64url');
}

function readCursor(cursor: string): ReplyCursor {
  const [time = '', id] = Buffer.from(cursor, 'base64url').toString('utf8').split(' ');
  const parsed = z.uuid().safeParse(id);
  if (!/^\d{1,15}$/u.test(time) || !parsed.success) throw new BadRequestException(['cursor is none of ours']);
  return { since: new Date(Number(time)), id: parsed.data };
}
