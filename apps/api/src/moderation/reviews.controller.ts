import { BadRequestException, Body, Controller, Get, Inject, Param, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import { Reviews } from '#domain/moderation/reviews.js';
import { AppError } from '#domain/shared/errors.js';
import { ReviewId } from '#domain/shared/ids.js';
import { mondayNamed } from '#domain/shared/iso-week.js';
import { ReviewHide } from '#use-cases/moderation/review-hide.js';
import { AdminRoutes } from '../http/admin-routes.js';
import { accountFilter } from '../http/ids.js';
import { ApiProblems } from '../http/problem.dto.js';
import {
  FairnessQuery,
  FairnessReport,
  ReviewBody,
  ReviewList,
  ReviewsListQuery,
  ReviewView,
  toReviewView,
  toWeekView,
} from './reviews.dto.js';

const unknownReview = 'There is no review with this id.';

/** Whether what the machine hid was hidden rightly, as people see it. */
@AdminRoutes('Moderation')
@Controller()
export class ReviewsController {
  constructor(
    @Inject(Reviews) private readonly reviews: Reviews,
    @Inject(ReviewHide) private readonly reviewHide: ReviewHide,
  ) {}

  @Get('reviews')
  @ApiOperation({
    operationId: 'listReviews',
    summary: 'List the sample of hidden comments of a week',
    description:
      'Up to 30 of the comments that the machine hid in a week, per account, drawn by chance when the week is over, each ' +
      'with what it is and why it was hidden. What people hid themselves is not among them.',
  })
  @ApiResponse({ status: 200, type: ReviewList, description: 'One page; empty when nothing was hidden in that week.' })
  @ApiProblems({
    400: {
      when: 'A parameter is unknown or out of its range, no week is called so, or the cursor is none of ours.',
      errors: ['week is not a week like 2026-W47'],
    },
  })
  async list(@Query() { week, account, open, cursor, limit }: ReviewsListQuery): Promise<ReviewList> {
    const monday = week === undefined ? undefined : mondayNamed(week);
    if (week !== undefined && monday === undefined) throw new BadRequestException(['week is not a week like 2026-W47']);
    const found = await this.reviews.list({
      week: monday,
      account: accountFilter(account),
      open: open === 'true',
      after: cursor === undefined ? undefined : ReviewId.parse(cursor),
      limit: limit + 1,
    });
    const page = found.slice(0, limit);
    const next = found.length > limit ? (page.at(-1)?.id ?? null) : null;
    return { reviews: page.map(toReviewView), next };
  }

  @Put('reviews/:id')
  @ApiOperation({
    operationId: 'answerReview',
    summary: 'Say whether a hide was right',
    description:
      'A comment that was hidden wrongly is shown again within seconds. The answer may be changed; a comment that was ' +
      'brought back is not hidden again by that. Safe to repeat.',
  })
  @ApiParam({ name: 'id', schema: { type: 'string' }, description: 'As the list shows it.' })
  @ApiResponse({ status: 200, type: ReviewView, description: 'The answer is kept.' })
  @ApiProblems({
    400: {
      when: 'The verdict is neither right nor wrong, a field is unknown, or the body is no JSON.',
      errors: ['verdict must be one of the following values: right, wrong'],
    },
    404: { when: 'There is no such review.', detail: unknownReview },
    413: { when: 'The body is larger than 5 MB.' },
    415: { when: 'The body is not sent as application/json.' },
  })
  async answer(@Param('id') idText: string, @Body() { verdict, note }: ReviewBody): Promise<ReviewView> {
    const id = ReviewId.safeParse(idText);
    if (!id.success) throw new AppError('not-found', unknownReview);
    const answer = { id: id.data, verdict, note: note ?? undefined, by: 'operator' };
    return toReviewView(await this.reviewHide.execute(answer));
  }

  @Get('moderation/fairness')
  @ApiOperation({
    operationId: 'getFairness',
    summary: 'How often the machine hid wrongly',
    description:
      'Per account and week: how many comments the machine hid, how many of the sample people have looked at, how many ' +
      'of these were wrong, and between which bounds the rate of wrong hides lies with a confidence of 95 %.',
  })
  @ApiResponse({ status: 200, type: FairnessReport, description: 'The newest weeks first.' })
  @ApiProblems({
    400: { when: 'A parameter is unknown or out of its range.', errors: ['weeks must not be greater than 53'] },
  })
  async fairness(@Query() { account, weeks }: FairnessQuery): Promise<FairnessReport> {
    return { weeks: (await this.reviews.weeks(accountFilter(account), weeks)).map(toWeekView) };
  }
}
