import { decidedByOperator } from '#domain/comments/reason-codes.js';
import { jobFor } from '#domain/jobs/job-catalog.js';
import { JobQueue } from '#domain/jobs/job-queue.js';
import { Moderations } from '#domain/moderation/moderations.js';
import { Reviews, type Review, type ReviewVerdict } from '#domain/moderation/reviews.js';
import { AppError } from '#domain/shared/errors.js';
import type { CommentId, ReviewId } from '#domain/shared/ids.js';

export interface ReviewOfHide {
  readonly id: ReviewId;
  readonly verdict: ReviewVerdict;
  readonly note: string | undefined;
  readonly by: string;
}

/** A person says whether a hide of the machine was right. One that was wrong is taken back. Safe to repeat. */
export class ReviewHide {
  constructor(
    private readonly reviews: Reviews,
    private readonly moderations: Moderations,
    private readonly jobs: JobQueue,
  ) {}

  /** @throws AppError 'not-found' */
  async execute({ id, verdict, note, by }: ReviewOfHide): Promise<Review> {
    const review = await this.reviews.find(id);
    if (!review) throw new AppError('not-found', 'There is no review with this id.');
    // First the wish: who dies between the two leaves a review that is still open, and its repetition wishes nothing new.
    if (verdict === 'wrong' && review.hidden && !review.deleted) await this.bringBack(review.commentId);
    await this.reviews.answer(id, verdict, note, by);
    return (await this.reviews.find(id)) ?? review;
  }

  private async bringBack(commentId: CommentId): Promise<void> {
    const decision = decidedByOperator('moderation-requested', { action: 'unhide', why: 'review' });
    const { id, state } = await this.moderations.wish(commentId, 'unhide', undefined, decision);
    const job = jobFor({ kind: 'moderation', id }, state);
    if (job) await this.jobs.ring([job]);
  }
}
