import { Comments } from '#domain/comments/comments.js';
import { decidedByOperator } from '#domain/comments/reason-codes.js';
import { jobFor } from '#domain/jobs/job-catalog.js';
import { JobQueue } from '#domain/jobs/job-queue.js';
import type { Moderation, ModerationAction } from '#domain/moderation/moderation.js';
import { Moderations } from '#domain/moderation/moderations.js';
import { Takeovers } from '#domain/policies/takeovers.js';
import { AppError } from '#domain/shared/errors.js';
import type { CommentId } from '#domain/shared/ids.js';

export interface ModerationRequest {
  readonly commentId: CommentId;
  readonly action: ModerationAction;
  /** The caller's own name for this request, so that repeating it is the same request. */
  readonly requestId: string | undefined;
}

/** A person wants a comment hidden, visible again, or deleted. Safe to repeat. */
export class RequestModeration {
  constructor(
    private readonly comments: Comments,
    private readonly moderations: Moderations,
    private readonly takeovers: Takeovers,
    private readonly jobs: JobQueue,
  ) {}

  /** @throws AppError 'not-found' | 'conflict' */
  async execute({ commentId, action, requestId }: ModerationRequest): Promise<Moderation> {
    if (!(await this.comments.find(commentId))) throw new AppError('not-found', 'There is no comment with this id.');
    // A person acts here: from now on the bot does not.
    await this.takeovers.takeThread(commentId);
    const decision = decidedByOperator('moderation-requested', { action });
    const moderation = await this.moderations.wish(commentId, action, requestId, decision);
    const job = moderation.state === 'due' && jobFor({ kind: 'moderation', id: moderation.id }, moderation.state);
    if (job) await this.jobs.ring([job]);
    return moderation;
  }
}
