import { Accounts } from '#domain/accounts/accounts.js';
import { decide } from '#domain/comments/reason-codes.js';
import type { Progress } from '#domain/jobs/job-catalog.js';
import { JobQueue } from '#domain/jobs/job-queue.js';
import { Platforms } from '#domain/platforms/platform.js';
import { Publishing } from '#domain/replies/publishing.js';
import { ReplyAllowance } from '#domain/replies/reply-allowance.js';
import { sendingRules } from '#domain/replies/reply-rules.js';
import { Replies } from '#domain/replies/replies.js';
import type { Reply } from '#domain/replies/reply.js';
import { Clock } from '#domain/shared/clock.js';
import { AppError, kindOf, messageOf } from '#domain/shared/errors.js';
import type { CommentId, ReplyId } from '#domain/shared/ids.js';
import { StaleLease, type Lease } from '#domain/work/lease.js';

type Drafted = Extract<Reply, { state: 'drafted' }>;

/**
 * Publishes one reply, once. `sending` is committed before the platform is called; whatever is not a clear answer
 * leaves the reply `unknown` for ReconcileReply and is never sent blindly again.
 */
export class SendReply {
  constructor(
    private readonly replies: Replies,
    private readonly accounts: Accounts,
    private readonly platforms: Platforms,
    private readonly publishing: Publishing,
    private readonly allowance: ReplyAllowance,
    private readonly clock: Clock,
    private readonly jobs: JobQueue,
  ) {}

  async execute(id: ReplyId, lease: Lease): Promise<Progress> {
    const reply = await this.replies.find(id);
    if (reply?.state !== 'drafted') return 'nothing-to-do';
    if (this.publishing.dryRun) {
      await this.replies.drop(lease, decide('reply-dry-run'));
      return 'advanced';
    }
    const account = await this.accounts.get(reply.accountId);
    const began = this.clock.elapsedMs(); // before the limits are asked: what they grant is for now
    const toWait = await this.allowance.take(reply);
    if (toWait) return await this.waitForLimit(toWait, reply, lease);
    if ((await this.replies.beginSending(lease, decide('reply-sending'))) === 'paused') return 'paused';
    if (this.clock.elapsedMs() - began > sendingRules.callWithinMs) {
      await this.replies.recordNotPublished(lease);
      throw new AppError('unavailable', 'this process was held up before it could call the platform', {
        retryAfterMs: 0,
      });
    }
    let published: CommentId;
    try {
      published = await this.platforms
        .get(account.platform)
        .replies.publish({ accountId: account.id, commentId: reply.commentId, text: reply.text });
    } catch (error) {
      return await this.afterFailure(error, reply, lease);
    }
    await this.recordPublished(published, reply, lease);
    return 'advanced';
  }

  private async waitForLimit(limit: AppError, reply: Drafted, lease: Lease): Promise<Progress> {
    if (!reply.again) throw limit;
    // The looks that allowed a second try are out of date by then: the thread is looked into again first.
    const decision = decide('waits-for-limit', { error: limit.message });
    await this.replies.recordUnclear(lease, limit.retryAfterMs ?? 0, decision);
    return 'advanced';
  }

  private async recordPublished(published: CommentId, reply: Reply, lease: Lease): Promise<void> {
    try {
      await this.replies.recordSent(lease, published, decide('reply-sent', { platformReplyId: published }));
    } catch (error) {
      if (error instanceof StaleLease) throw error;
      // It is out and could not be noted. As an ordinary failure it would be looked for at once, before the platform
      // shows it; when this fails, too, the lease runs out first.
      await this.leaveUnclear(reply, lease, error);
    }
  }

  private async leaveUnclear(reply: Reply, lease: Lease, error: unknown): Promise<void> {
    const decision = decide('reply-unclear', { error: messageOf(error) });
    await this.replies.recordUnclear(lease, sendingRules.firstLookAfterMs, decision);
    await this.jobs.ring([{ name: 'replies.reconcile', data: { replyId: reply.id } }]);
  }

  private async afterFailure(error: unknown, reply: Reply, lease: Lease): Promise<Progress> {
    switch (kindOf(error)) {
      case 'gone':
        await this.replies.drop(lease, decide('reply-target-gone', { error: messageOf(error) }));
        return 'advanced';
      case 'ambiguous':
      case 'duplicate':
      case 'bug': // what we did not expect tells nothing about what the platform did
        await this.leaveUnclear(reply, lease, error);
        return 'advanced';
      default:
        // The platform said clearly that nothing was published: what happens next is decided as for any other job.
        await this.replies.recordNotPublished(lease);
        throw error;
    }
  }
}
