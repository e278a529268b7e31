import { Accounts } from '#domain/accounts/accounts.js';
import { decide } from '#domain/comments/reason-codes.js';
import type { Progress } from '#domain/jobs/job-catalog.js';
import { Platforms } from '#domain/platforms/platform.js';
import { Publishing } from '#domain/replies/publishing.js';
import { ReplyRemovals } from '#domain/replies/reply-removals.js';
import { Replies } from '#domain/replies/replies.js';
import { kindOf } from '#domain/shared/errors.js';
import type { ReplyId } from '#domain/shared/ids.js';
import type { Lease } from '#domain/work/lease.js';
import { Leases } from '#domain/work/leases.js';

/** How often it is looked whether REPLIES_DRY_RUN is off again. */
const dryRunMs = 600_000;

/**
 * Takes one published reply away: at the platform first, then here. Deleting may be asked for twice, so that whoever dies
 * in between is followed by somebody who asks again; that it is gone already is what was wanted.
 */
export class RemoveReply {
  constructor(
    private readonly replies: Replies,
    private readonly removals: ReplyRemovals,
    private readonly accounts: Accounts,
    private readonly platforms: Platforms,
    private readonly publishing: Publishing,
    private readonly leases: Leases,
  ) {}

  async execute(id: ReplyId, lease: Lease): Promise<Progress> {
    const reply = await this.replies.find(id);
    if (reply?.state !== 'removing') return 'nothing-to-do';
    if (this.publishing.dryRun) {
      const decision = decide('reply-removal-dry-run');
      const error = 'REPLIES_DRY_RUN is on';
      await this.leases.release(lease, { delayMs: dryRunMs, error, spentTry: false, decision });
      return 'advanced';
    }
    const { accountId, platformReplyId } = reply;
    const { moderation } = this.platforms.get((await this.accounts.get(accountId)).platform);
    if (!moderation.delete) {
      await this.leases.park(lease, 'parked-rejected', 'this platform does not let replies be deleted');
      return 'advanced';
    }
    if ((await this.removals.begin(lease)) === 'paused') return 'paused';
    try {
      await moderation.delete({ accountId, commentId: platformReplyId });
    } catch (error) {
      if (kindOf(error) !== 'gone') throw error;
    }
    await this.removals.recordRemoved(lease, decide('reply-removed', { platformReplyId }));
    return 'advanced';
  }
}
