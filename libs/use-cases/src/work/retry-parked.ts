import { jobFor } from '#domain/jobs/job-catalog.js';
import { JobQueue } from '#domain/jobs/job-queue.js';
import { AppError } from '#domain/shared/errors.js';
import type { CommentId } from '#domain/shared/ids.js';
import type { WorkRef } from '#domain/work/lease.js';
import { Parked } from '#domain/work/parked.js';

/** A person sends a row that machines had given up on its way again. */
export class RetryParked {
  constructor(
    private readonly parked: Parked,
    private readonly jobs: JobQueue,
  ) {}

  /** @returns the comment it is about @throws AppError 'not-found' | 'conflict' when it is not parked (any more) */
  async execute(ref: WorkRef): Promise<CommentId> {
    const outcome = await this.parked.retry(ref);
    switch (outcome.kind) {
      case 'unknown':
        throw new AppError('not-found', 'There is no such work.');
      case 'not-parked':
        throw new AppError('conflict', 'This is not parked (any more).');
      case 'retried': {
        const job = jobFor(outcome.due.ref, outcome.due.stage);
        if (job) await this.jobs.ring([job]);
        return outcome.commentId;
      }
    }
  }
}
