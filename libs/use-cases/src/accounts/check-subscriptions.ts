import { Accounts } from '#domain/accounts/accounts.js';
import { Incidents } from '#domain/notifications/incidents.js';
import { Platforms } from '#domain/platforms/platform.js';
import type { AccountId } from '#domain/shared/ids.js';

/** Whether the platform still tells us about comments; if not, it is asked to, and operators hear of it. */
export class CheckSubscriptions {
  constructor(
    private readonly platforms: Platforms,
    private readonly accounts: Accounts,
    private readonly incidents: Incidents,
  ) {}

  /** @returns how many were looked at, and which had to be subscribed again @throws AppError of the platform */
  async execute(): Promise<{ readonly checked: number; readonly renewed: readonly AccountId[] }> {
    const renewed: AccountId[] = [];
    let checked = 0;
    for (const { id: accountId, platform, username } of await this.accounts.all()) {
      const { subscription } = this.platforms.get(platform);
      if (!subscription) continue;
      checked += 1;
      if (!(await subscription.isActive({ accountId }))) {
        const detail = { account: username };
        await this.incidents.open({ kind: 'subscription-lost', subject: accountId, detail });
        await subscription.renew({ accountId });
        renewed.push(accountId);
        if (!(await subscription.isActive({ accountId }))) continue;
      }
      await this.incidents.close('subscription-lost', accountId);
    }
    return { checked, renewed };
  }
}
