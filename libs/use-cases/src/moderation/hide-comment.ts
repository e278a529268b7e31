import { Accounts } from '#domain/accounts/accounts.js';
import { decide } from '#domain/comments/reason-codes.js';
import type { Progress } from '#domain/jobs/job-catalog.js';
import { Moderations } from '#domain/moderation/moderations.js';
import { Platforms } from '#domain/platforms/platform.js';
import { Publishing } from '#domain/replies/publishing.js';
import { kindOf, messageOf } from '#domain/shared/errors.js';
import type { ModerationId } from '#domain/shared/ids.js';
import type { Lease } from '#domain/work/lease.js';
import { Leases } from '#domain/work/leases.js';

/** A reply on its way takes seconds; looking again that soon costs one statement. */
const replyFirstMs = 5_000;

/** Hides one comment. Running it twice is harmless: hiding a hidden comment changes nothing. */
export class HideComment {
  constructor(
    private readonly moderations: Moderations,
    private readonly accounts: Accounts,
    private readonly platforms: Platforms,
    private readonly publishing: Publishing,
    private readonly leases: Leases,
  ) {}

  async execute(id: ModerationId, lease: Lease): Promise<Progress> {
    const moderation = await this.moderations.find(id);
    if (moderation?.state !== 'due') return 'nothing-to-do';
    if (this.publishing.dryRun) {
      await this.moderations.drop(lease, decide('hide-dry-run'));
      return 'advanced';
    }
    if (await this.moderations.replyStillDue(moderation)) {
      await this.leases.release(lease, { delayMs: replyFirstMs, error: 'the reply comes first', spentTry: false });
      return 'advanced';
    }
    const account = await this.accounts.get(moderation.accountId);
    const { accountId, commentId } = moderation;
    try {
      await this.platforms.get(account.platform).moderation.hide({ accountId, commentId });
    } catch (error) {
      if (kindOf(error) !== 'gone') throw error;
      await this.moderations.drop(lease, decide('hide-target-gone', { error: messageOf(error) }));
      return 'advanced';
    }
    await this.moderations.recordDone(lease, decide('hidden'));
    return 'advanced';
  }
}
