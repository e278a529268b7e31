import { BadRequestException, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import { z } from 'zod';
import { AppError } from '#domain/shared/errors.js';
import { AlertId, CommentId, ModerationId, ReplyId } from '#domain/shared/ids.js';
import type { WorkRef } from '#domain/work/lease.js';
import { keyOf, Parked, partsOfKey, type ParkedCursor, type ParkedWork } from '#domain/work/parked.js';
import { RetryParked } from '#use-cases/work/retry-parked.js';
import { AdminRoutes } from '../http/admin-routes.js';
import { ApiProblems } from '../http/problem.dto.js';
import { ParkedList, ParkedListQuery, RetriedView, toParkedView } from './parked.dto.js';

const nothingSuch = 'There is no such work.';

/** What machines have given up, for people. */
@AdminRoutes('Operations')
@Controller('parked')
export class ParkedController {
  constructor(
    @Inject(Parked) private readonly parked: Parked,
    @Inject(RetryParked) private readonly retryParked: RetryParked,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'listParked',
    summary: 'List what waits for a person',
    description: 'Work that failed for good, newest first, with the reason and the last error.',
  })
  @ApiResponse({ status: 200, type: ParkedList, description: 'One page.' })
  @ApiProblems({
    400: {
      when: 'A parameter is unknown or out of its range, or the cursor is none of ours.',
      errors: ['limit must not be greater than 100'],
    },
  })
  async list(@Query() { limit, cursor, reason }: ParkedListQuery): Promise<ParkedList> {
    const after = cursor === undefined ? undefined : readCursor(cursor);
    const found = await this.parked.list({ limit: limit + 1, after, reason });
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : undefined;
    return { parked: page.map(toParkedView), next: last ? cursorAfter(last) : null };
  }

  @Post(':id/retry')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'retryParked',
    summary: 'Try parked work again',
    description:
      'It goes on from where it stood, with fresh tries. A reply of which it is unclear whether it went out is looked for ' +
      'in the thread first; only when three looks do not find it, it is sent once more.',
  })
  @ApiParam({ name: 'id', schema: { type: 'string' }, description: 'As the list shows it.' })
  @ApiResponse({ status: 202, type: RetriedView, description: 'It is due again.' })
  @ApiProblems({
    404: { when: 'There is no such work.', detail: nothingSuch },
    409: { when: 'It is not parked, or no longer.', detail: 'This is not parked (any more).' },
  })
  async retry(@Param('id') id: string): Promise<RetriedView> {
    const ref = refFrom(id);
    if (!ref) throw new AppError('not-found', nothingSuch);
    return { id: keyOf(ref), commentId: await this.retryParked.execute(ref) };
  }
}

const reference = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('comment'), id: CommentId }),
  z.object({ kind: z.literal('reply'), id: ReplyId }),
  z.object({ kind: z.literal('moderation'), id: ModerationId }),
  z.object({ kind: z.literal('alert'), id: AlertId }),
]);

function refFrom(key: string): WorkRef | undefined {
  return reference.safeParse(partsOfKey(key)).data;
}

function cursorAfter({ since, ref }: ParkedWork): string {
  return Buffer.from(`${since.getTime()} ${keyOf(ref)}`).toString('base64url');
}

function readCursor(cursor: string): ParkedCursor {
  const [time = '', key = ''] = Buffer.from(cursor, 'base64url').toString('utf8').split(' ');
  if (!/^\d{1,15}$/u.test(time) || !refFrom(key)) throw new BadRequestException(['cursor is none of ours']);
  return { since: new Date(Number(time)), key };
}
