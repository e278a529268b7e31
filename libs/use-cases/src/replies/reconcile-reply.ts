import { Accounts } from '#domain/accounts/accounts.js';
import { topLevelOf } from '#domain/comments/comment.js';
import { Comments } from '#domain/comments/comments.js';
import { decide } from '#domain/comments/reason-codes.js';
import type { Progress } from '#domain/jobs/job-catalog.js';
import { JobQueue } from '#domain/jobs/job-queue.js';
import { Platforms, type PublishedReply, type ReplyPublisher } from '#domain/platforms/platform.js';
import { sendingRules } from '#domain/replies/reply-rules.js';
import { Replies } from '#domain/replies/replies.js';
import { isPersons, type Reply } from '#domain/replies/reply.js';
import { kindOf, messageOf } from '#domain/shared/errors.js';
import type { ReplyId } from '#domain/shared/ids.js';
import type { Lease } from '#domain/work/lease.js';
import { Leases } from '#domain/work/leases.js';

type TriedReply = Extract<Reply, { state: 'sending' | 'unknown' }>;

/**
 * Finds out whether an unclear reply is visible: by looking into the thread, three times over two minutes. Only then
 * may it be sent once more; after that a person looks.
 */
export class ReconcileReply {
  constructor(
    private readonly replies: Replies,
    private readonly comments: Comments,
    private readonly accounts: Accounts,
    private readonly platforms: Platforms,
    private readonly leases: Leases,
    private readonly jobs: JobQueue,
  ) {}

  async execute(id: ReplyId, lease: Lease): Promise<Progress> {
    const reply = await this.replies.find(id);
    // `sending` with a lease that ran out: its worker died, and what it did is as unclear as a timeout.
    if (reply?.state !== 'sending' && reply?.state !== 'unknown') return 'nothing-to-do';
    const comment = await this.comments.find(reply.commentId);
    if (!comment) return 'nothing-to-do';
    const account = await this.accounts.get(reply.accountId);
    const platform = this.platforms.get(account.platform);
    const publisher = reply.channel === 'private' ? platform.privateReplies : platform.replies;
    if (!publisher) return 'nothing-to-do';

    let listed: readonly PublishedReply[];
    try {
      const { authorId } = comment;
      listed = await publisher.listOurs({ accountId: account.id, topLevelId: topLevelOf(comment), authorId });
    } catch (error) {
      if (kindOf(error) !== 'gone') throw error;
      await this.replies.drop(lease, decide('reply-target-gone', { error: messageOf(error) }), isPersons(reply));
      return 'advanced';
    }
    const found = await this.pick(reply, listed, publisher);
    if (found) {
      await this.replies.recordSent(lease, found.id, decide('reply-found-by-listing', { platformReplyId: found.id }));
      if (reply.replaces) await this.jobs.ring([{ name: 'replies.remove', data: { replyId: reply.replaces } }]);
      return 'advanced';
    }
    return await this.afterEmptyListing(reply, lease);
  }

  private async pick(
    reply: TriedReply,
    listed: readonly PublishedReply[],
    publisher: ReplyPublisher,
  ): Promise<PublishedReply | undefined> {
    const earliest = reply.startedAt.getTime() - sendingRules.clockToleranceMs;
    const wanted = publisher.asShown(reply.text);
    const candidates = listed.filter(({ text, at }) => publisher.asShown(text) === wanted && at.getTime() >= earliest);
    const others = await this.replies.belongingToOthers(
      reply.id,
      candidates.map((candidate) => candidate.id),
    );
    return candidates.find((candidate) => !others.has(candidate.id));
  }

  private async afterEmptyListing(reply: TriedReply, lease: Lease): Promise<Progress> {
    const looks = reply.emptyListings + 1;
    if (looks < sendingRules.emptyListingsBeforeResend) {
      const decision = decide('reply-not-found-yet', { looks });
      await this.replies.recordEmptyListing(lease, sendingRules.nextLookAfterMs, decision);
      await this.jobs.ring([{ name: 'replies.reconcile', data: { replyId: reply.id } }]);
    } else if (reply.attempt < sendingRules.maxAttempts) {
      await this.replies.allowResend(lease, decide('reply-send-again', { looks }));
      await this.jobs.ring([{ name: 'replies.send', data: { replyId: reply.id } }]);
    } else {
      await this.leases.park(lease, 'parked-unclear', `not found in ${looks} listings after ${reply.attempt} tries`);
    }
    return 'advanced';
  }
}
