import { Accounts } from '#domain/accounts/accounts.js';
import { decide, type ReasonCode } from '#domain/comments/reason-codes.js';
import type { Progress } from '#domain/jobs/job-catalog.js';
import { JobQueue } from '#domain/jobs/job-queue.js';
import { Platforms, type Platform, type ReplyPublisher } from '#domain/platforms/platform.js';
import { privateReplyRules } from '#domain/replies/private-replies.js';
import { Publishing } from '#domain/replies/publishing.js';
import { botCap, ReplyAllowance } from '#domain/replies/reply-allowance.js';
import { sendingRules } from '#domain/replies/reply-rules.js';
import { Replies } from '#domain/replies/replies.js';
import { isPersons, type Reply } from '#domain/replies/reply.js';
import { Clock } from '#domain/shared/clock.js';
import { AppError, kindOf, messageOf } from '#domain/shared/errors.js';
import type { CommentId, ReplyId } from '#domain/shared/ids.js';
import { limitRules } from '#domain/work/allowances.js';
import { StaleLease, type Lease } from '#domain/work/lease.js';

type DraftedReply = Extract<Reply, { state: 'drafted' }>;

// After these the reply may stand there; what we did not expect tells nothing about what the platform did.
const mayBeOut: ReadonlySet<string> = new Set(['ambiguous', 'duplicate', 'bug']);

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
    const platform = this.platforms.get(account.platform);
    const publisher = reply.channel === 'private' ? platform.privateReplies : platform.replies;
    const refused = reply.channel === 'private' ? await this.refusePrivate(reply, platform) : undefined;
    if (refused || !publisher) {
      await this.replies.drop(lease, decide(refused ?? 'private-reply-impossible'));
      return 'advanced';
    }
    return await this.publish(reply, lease, platform, publisher);
  }

  private async publish(
    reply: DraftedReply,
    lease: Lease,
    platform: Platform,
    publisher: ReplyPublisher,
  ): Promise<Progress> {
    const { accountId, commentId, text } = reply;
    const began = this.clock.elapsedMs(); // before the limits are asked: what they grant is for now
    const toWait = await this.allowance.take(reply);
    if (toWait) return await this.waitForLimit(toWait, reply, lease);
    const outcome = await this.replies.beginSending(lease, decide('reply-sending'));
    if (outcome !== 'begun') await this.giveBack(reply, began);
    if (outcome === 'paused') return 'paused';
    if (outcome === 'taken-over') {
      await this.replies.leaveToPerson(lease, decide('reply-taken-over'));
      return 'advanced';
    }
    if (outcome === 'look-first') {
      await this.replies.recordUnclear(lease, 0, decide('reply-look-first'));
      return 'advanced';
    }
    if (this.clock.elapsedMs() - began > sendingRules.callWithinMs) {
      await this.replies.recordNotPublished(lease);
      await this.giveBack(reply, began);
      throw new AppError('unavailable', 'this process was held up before it could call the platform', {
        retryAfterMs: 0,
      });
    }
    let published: CommentId;
    try {
      published = await publisher.publish({ accountId, commentId, text });
    } catch (error) {
      if (!mayBeOut.has(kindOf(error))) await this.giveBack(reply, began);
      return await this.afterFailure(error, reply, lease, platform);
    }
    await this.recordPublished(published, reply, lease);
    return 'advanced';
  }

  private async giveBack(reply: DraftedReply, began: number): Promise<void> {
    await this.allowance.giveBack(reply, this.clock.elapsedMs() - began);
  }

  private async waitForLimit(limit: AppError, reply: DraftedReply, lease: Lease): Promise<Progress> {
    if (limit.detail['limit'] === botCap) {
      await this.replies.leaveToPerson(lease, decide('thread-cap-reached', { most: limitRules[botCap].usually }));
      return 'advanced';
    }
    if (!reply.again) throw limit;
    // The looks that allowed a second try are out of date by then: the thread is looked into again first.
    const decision = decide('waits-for-limit', { error: limit.message });
    await this.replies.recordUnclear(lease, limit.retryAfterMs ?? 0, decision);
    return 'advanced';
  }

  /** When the comment was written is not in what the platform delivers, and decides: so it is asked. */
  private async refusePrivate(reply: Reply, { comments }: Platform): Promise<ReasonCode | undefined> {
    if (!comments) return undefined;
    try {
      const { writtenAt } = await comments.read({ accountId: reply.accountId, commentId: reply.commentId });
      const late = writtenAt && this.clock.now().getTime() - writtenAt.getTime() > privateReplyRules.withinMs;
      return late ? 'private-reply-too-late' : undefined;
    } catch (error) {
      if (kindOf(error) === 'gone') return 'reply-target-gone';
      throw error;
    }
  }

  private async recordPublished(published: CommentId, reply: Reply, lease: Lease): Promise<void> {
    try {
      await this.replies.recordSent(lease, published, decide('reply-sent', { platformReplyId: published }));
    } catch (error) {
      if (error instanceof StaleLease) throw error;
      // It is out and could not be noted. As an ordinary failure it would be looked for at once, before the platform
      // shows it; when this fails, too, the lease runs out first.
      await this.leaveUnclear(reply, lease, error);
      return;
    }
    if (reply.replaces) await this.jobs.ring([{ name: 'replies.remove', data: { replyId: reply.replaces } }]);
  }

  private async leaveUnclear(reply: Reply, lease: Lease, error: unknown): Promise<void> {
    const decision = decide('reply-unclear', { error: messageOf(error) });
    await this.replies.recordUnclear(lease, sendingRules.firstLookAfterMs, decision);
    await this.jobs.ring([{ name: 'replies.reconcile', data: { replyId: reply.id } }]);
  }

  private async afterFailure(error: unknown, reply: Reply, lease: Lease, platform: Platform): Promise<Progress> {
    switch (kindOf(error)) {
      case 'gone':
        await this.replies.drop(lease, decide('reply-target-gone', { error: messageOf(error) }), isPersons(reply));
        return 'advanced';
      case 'ambiguous':
      case 'duplicate':
      case 'bug': // what we did not expect tells nothing about what the platform did
        await this.leaveUnclear(reply, lease, error);
        return 'advanced';
      default:
        // The platform said clearly that nothing was published: what happens next is decided as for any other job.
        await this.replies.recordNotPublished(lease);
        if (kindOf(error) === 'rejected' && (await this.dropHidden(reply, lease, platform))) return 'advanced';
        throw error;
    }
  }

  /** A person may have hidden the comment meanwhile; nothing tells us about that but a look. @returns whether it was so */
  private async dropHidden({ id, accountId, commentId }: Reply, lease: Lease, platform: Platform): Promise<boolean> {
    const reply = await this.replies.find(id);
    // A second try that was refused leaves the first in doubt: that is looked for before anything else.
    if (reply?.state !== 'drafted' || reply.channel === 'private' || !platform.comments) return false;
    const { hidden } = await platform.comments.read({ accountId, commentId });
    if (hidden === true) await this.replies.drop(lease, decide('reply-target-hidden'), isPersons(reply));
    return hidden === true;
  }
}
