import type { Account } from '#domain/accounts/account.js';
import { Accounts } from '#domain/accounts/accounts.js';
import { Incidents } from '#domain/notifications/incidents.js';
import { Platforms, type Subscription } from '#domain/platforms/platform.js';
import type { AccountId } from '#domain/shared/ids.js';

/** Whether the platform still tells us about comments; if not, it is asked to, and operators hear of it. */
export class CheckSubscriptions {
  constructor(
    private readonly platforms: Platforms,
    private readonly accounts: Accounts,
    private readonly incidents: Incidents,
  ) {}

  /** @returns how many were looked at, and which had to be subscribed again @throws AppError of a platform, after all were looked at */
  async execute(): Promise<{ readonly checked: number; readonly renewed: readonly AccountId[] }> {
    const renewed: AccountId[] = [];
    const failures: unknown[] = [];
    let checked = 0;
    for (const account of await this.accounts.all()) {
      const { subscription } = this.platforms.get(account.platform);
      if (!subscription) continue;
      checked += 1;
      try {
        if (await this.check(account, subscription)) renewed.push(account.id);
      } catch (error) {
        failures.push(error); // one account's dead access is no reason to forget the others
      }
    }
    if (failures.length > 0) throw failures[0];
    return { checked, renewed };
  }

  /** @returns whether it had to be subscribed again */
  private async check({ id: accountId, username }: Account, subscription: Subscription): Promise<boolean> {
    const active = await subscription.isActive({ accountId });
    if (!active) {
      const detail = { account: username };
      await this.incidents.open({ kind: 'subscription-lost', subject: accountId, detail });
      await subscription.renew({ accountId });
      if (!(await subscription.isActive({ accountId }))) return true;
    }
    await this.incidents.close('subscription-lost', accountId);
    return !active;
  }
}
