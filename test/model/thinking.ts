import { CommentContexts } from '#domain/comments/comment-contexts.js';
import type { Comments } from '#domain/comments/comments.js';
import type { JobQueue } from '#domain/jobs/job-queue.js';
import type { Platforms } from '#domain/platforms/platform.js';
import type { Policies } from '#domain/policies/policies.js';
import { Rulings } from '#domain/policies/rulings.js';
import { Answering } from '#domain/replies/answering.js';
import type { Replies } from '#domain/replies/replies.js';
import type { Clock } from '#domain/shared/clock.js';
import type { Allowances } from '#domain/work/allowances.js';
import type { Leases } from '#domain/work/leases.js';
import { ClassifyComment } from '#use-cases/comments/classify-comment.js';
import { DraftReply } from '#use-cases/replies/draft-reply.js';
import { InMemoryAnswerSettings } from '../fakes/in-memory-answer-settings.js';
import { PlainPatterns } from '../fakes/plain-patterns.js';
import { accounts, classifier, knowledge, noMedia, writer, noCatalogue } from './cast.js';

interface Parts {
  readonly comments: Comments;
  readonly replies: Replies;
  readonly leases: Leases;
  readonly platforms: Platforms;
  readonly policies: Policies;
  readonly allowances: Allowances;
  readonly clock: Clock;
  readonly queue: JobQueue;
}

/** The steps that ask a model: of one process each. */
export function thinking({ comments, replies, leases, platforms, policies, allowances, clock, queue }: Parts): {
  readonly classify: ClassifyComment;
  readonly draft: DraftReply;
} {
  const contexts = new CommentContexts(comments, noMedia, platforms, clock);
  const rulings = new Rulings(policies, new PlainPatterns(), clock);
  const answering = new Answering(knowledge, writer, new InMemoryAnswerSettings(), noCatalogue);
  return {
    classify: new ClassifyComment(comments, accounts, rulings, contexts, classifier, leases, queue),
    draft: new DraftReply(replies, comments, accounts, contexts, answering, allowances, queue),
  };
}
