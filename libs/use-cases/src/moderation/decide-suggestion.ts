import { jobFor } from '#domain/jobs/job-catalog.js';
import { JobQueue } from '#domain/jobs/job-queue.js';
import { Suggestions } from '#domain/policies/suggestions.js';
import { AppError } from '#domain/shared/errors.js';
import type { CommentId } from '#domain/shared/ids.js';

/** A person says whether what was suggested is done. */
export class DecideSuggestion {
  constructor(
    private readonly suggestions: Suggestions,
    private readonly jobs: JobQueue,
  ) {}

  /** @throws AppError 'not-found' | 'conflict' when it was decided before */
  async execute(id: string, hide: boolean): Promise<CommentId> {
    const decided = await this.suggestions.decideHide(id, hide);
    if (decided.kind === 'unknown') throw new AppError('not-found', 'There is no such suggestion.');
    if (decided.kind === 'not-suggested') throw new AppError('conflict', 'This is not suggested (any more).');
    await this.jobs.ring(decided.due.flatMap(({ ref, stage }) => jobFor(ref, stage) ?? []));
    return decided.commentId;
  }
}
