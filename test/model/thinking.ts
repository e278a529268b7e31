import { CommentContexts } from '#domain/comments/comment-contexts.js';
import type { Comments } from '#domain/comments/comments.js';
import type { JobQueue } from '#domain/jobs/job-queue.js';
import type { Platforms } from '#domain/platforms/platform.js';
import type { Policies } from '#domain/policies/policies.js';
import { Rulings } from '#domain/policies/rulings.js';
import { Answering } from '#domain/replies/answering.js';
import type { Replies } from '#domain/replies/replies.js';
import type { Clock } from '#domain/shared/clock.js';
import type { Leases } from '#domain/work/leases.js';
import { ClassifyComment } from '#use-cases/comments/classify-comment.js';
import { DraftReply } from '#use-cases/replies/draft-reply.js';
import { PlainPatterns } from '../fakes/plain-patterns.js';
import { accounts, classifier, knowledge, noMedia, writer, noCatalogue } from './cast.js';

interface Parts {
  readonly comments: Comments;
  readonly replies: Replies;
  readonly leases: Leases;
  readonly platforms: Platforms;
  readonly policies: Policies;
  readonly clock: Clock;
  readonly queue: JobQueue;
}

/** The steps that ask a model: of one process each. */
export function thinking({ comments, replies, leases, platforms, policies, clock, queue }: Parts): {
  readonly classify: ClassifyComment;
  readonly draft: DraftReply;
} {
  const contexts = new CommentContexts(comments, noMedia, platforms, clock);
  const rulings = new Rulings(policies, new PlainPatterns(), clock);
  return {
    classify: new ClassifyComment(comments, accounts, rulings, contexts, classifier, leases, queue),
    draft: new DraftReply(replies, comments, accounts, contexts, new Answering(knowledge, writer, noCatalogue), queue),
  };
}
