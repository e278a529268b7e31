import { Accounts } from '#domain/accounts/accounts.js';
import { decide, type ReasonCode } from '#domain/comments/reason-codes.js';
import type { Progress } from '#domain/jobs/job-catalog.js';
import type { Moderation, ModerationAction } from '#domain/moderation/moderation.js';
import { Moderations } from '#domain/moderation/moderations.js';
import { Platforms, type Platform } from '#domain/platforms/platform.js';
import { Publishing } from '#domain/replies/publishing.js';
import { sendingRules } from '#domain/replies/reply-rules.js';
import { Clock } from '#domain/shared/clock.js';
import { AppError, kindOf, messageOf } from '#domain/shared/errors.js';
import type { ModerationId } from '#domain/shared/ids.js';
import type { Lease } from '#domain/work/lease.js';
import { Leases } from '#domain/work/leases.js';

/** A reply on its way takes seconds; looking again that soon costs one statement. */
const replyFirstMs = 5_000;

const reasonsOf: Readonly<Record<ModerationAction, Record<'done' | 'dryRun' | 'gone', ReasonCode>>> = {
  hide: { done: 'hidden', dryRun: 'hide-dry-run', gone: 'hide-target-gone' },
  unhide: { done: 'unhidden', dryRun: 'moderation-dry-run', gone: 'moderation-target-gone' },
  delete: { done: 'deleted', dryRun: 'moderation-dry-run', gone: 'deleted' },
};

/**
 * Hides one comment, brings it back, or deletes it. Each may be asked of the platform twice; after an unclear answer the
 * comment is looked at first, because it may be as it should be already.
 */
export class ApplyModeration {
  constructor(
    private readonly moderations: Moderations,
    private readonly accounts: Accounts,
    private readonly platforms: Platforms,
    private readonly publishing: Publishing,
    private readonly leases: Leases,
    private readonly clock: Clock,
  ) {}

  async execute(id: ModerationId, lease: Lease): Promise<Progress> {
    const moderation = await this.moderations.find(id);
    if (moderation?.state !== 'due') return 'nothing-to-do';
    const reasons = reasonsOf[moderation.action];
    if (this.publishing.dryRun) {
      await this.moderations.drop(lease, decide(reasons.dryRun));
      return 'advanced';
    }
    if (moderation.action === 'hide' && (await this.moderations.replyStillDue(moderation))) {
      await this.leases.release(lease, { delayMs: replyFirstMs, error: 'the reply comes first', spentTry: false });
      return 'advanced';
    }
    if (moderation.action === 'hide' && (await this.moderations.leaveIfTakenOver(lease, decide('hide-taken-over')))) {
      return 'advanced';
    }
    const account = await this.accounts.get(moderation.accountId);
    const platform = this.platforms.get(account.platform);
    try {
      const there = lease.attempts > 0 && (await isDone(moderation, platform));
      if (!there && (await this.beginCall(lease)) === 'paused') return 'paused';
      if (!there && !(await change(moderation, platform))) {
        await this.moderations.drop(lease, decide('moderation-impossible'));
        return 'advanced';
      }
    } catch (error) {
      if (kindOf(error) !== 'gone') throw error;
      const told = decide(reasons.gone, { error: messageOf(error) });
      if (moderation.action === 'delete') await this.moderations.recordDone(lease, moderation.action, told);
      else await this.moderations.drop(lease, told);
      return 'advanced';
    }
    await this.moderations.recordDone(lease, moderation.action, decide(reasons.done));
    return 'advanced';
  }

  /**
   * A process that was held up must not hide what a person has brought back meanwhile, nor one that took the row in time
   * what has been paused since: the row is ours for a whole lease when the call begins, and a newer wish waits for its end.
   */
  private async beginCall(lease: Lease): Promise<'begun' | 'paused'> {
    const began = this.clock.elapsedMs();
    if ((await this.moderations.begin(lease)) === 'paused') return 'paused';
    if (this.clock.elapsedMs() - began > sendingRules.callWithinMs) {
      throw new AppError('unavailable', 'this process was held up before it could call the platform', {
        retryAfterMs: 0,
      });
    }
    return 'begun';
  }
}

/** Whether an earlier try has worked after all. */
async function isDone({ accountId, commentId, action }: Moderation, platform: Platform): Promise<boolean> {
  if (!platform.comments) return false;
  const { hidden } = await platform.comments.read({ accountId, commentId });
  return action !== 'delete' && hidden === (action === 'hide');
}

/** @returns false when the platform does not offer that */
async function change({ accountId, commentId, action }: Moderation, { moderation }: Platform): Promise<boolean> {
  const offered = moderation[action] !== undefined;
  await moderation[action]?.({ accountId, commentId });
  return offered;
}
