import type { JobHandlers } from '#domain/jobs/job-catalog.js';
import { ClassifyComment } from '#use-cases/comments/classify-comment.js';
import { ApplyModeration } from '#use-cases/moderation/apply-moderation.js';
import { TellOperators } from '#use-cases/notifications/tell-operators.js';
import { DraftReply } from '#use-cases/replies/draft-reply.js';
import { ReconcileReply } from '#use-cases/replies/reconcile-reply.js';
import { RemoveReply } from '#use-cases/replies/remove-reply.js';
import { SendReply } from '#use-cases/replies/send-reply.js';

/** The whole map: a job of the catalogue that is missing here does not compile. */
export function jobHandlers(
  classifyComment: ClassifyComment,
  draftReply: DraftReply,
  sendReply: SendReply,
  reconcileReply: ReconcileReply,
  removeReply: RemoveReply,
  applyModeration: ApplyModeration,
  tellOperators: TellOperators,
): JobHandlers {
  return {
    'comments.classify': async ({ commentId }, lease) => await classifyComment.execute(commentId, lease),
    'replies.draft': async ({ replyId }, lease) => await draftReply.execute(replyId, lease),
    'replies.send': async ({ replyId }, lease) => await sendReply.execute(replyId, lease),
    'replies.reconcile': async ({ replyId }, lease) => await reconcileReply.execute(replyId, lease),
    'replies.remove': async ({ replyId }, lease) => await removeReply.execute(replyId, lease),
    'moderation.apply': async ({ moderationId }, lease) => await applyModeration.execute(moderationId, lease),
    'notifications.tell': async ({ alertId }, lease) => await tellOperators.execute(alertId, lease),
  };
}
