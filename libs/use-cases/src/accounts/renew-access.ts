import { AccountAccess, type AccessState } from '#domain/accounts/access.js';
import { expiryStage, expiryStages, isRenewable } from '#domain/accounts/access-rules.js';
import type { Account } from '#domain/accounts/account.js';
import { Accounts } from '#domain/accounts/accounts.js';
import { Incidents } from '#domain/notifications/incidents.js';
import { Platforms, type AccessRenewal } from '#domain/platforms/platform.js';
import { Clock } from '#domain/shared/clock.js';
import { kindOf } from '#domain/shared/errors.js';

export interface AccessRun {
  checked: number;
  renewed: number;
  /** What went wrong, for the log; the next run tries again. */
  readonly failures: unknown[];
}

/** Renews the accounts' access long before it ends, and tells operators in stages when that does not work. */
export class RenewAccess {
  constructor(
    private readonly platforms: Platforms,
    private readonly accounts: Accounts,
    private readonly access: AccountAccess,
    private readonly incidents: Incidents,
    private readonly clock: Clock,
  ) {}

  async execute(): Promise<AccessRun> {
    const run: AccessRun = { checked: 0, renewed: 0, failures: [] };
    for (const account of await this.accounts.all()) {
      const { access: renewal } = this.platforms.get(account.platform);
      if (!renewal) continue;
      run.checked += 1;
      const state = await this.renewed(account, renewal, await this.access.state(account.id), run);
      await this.tellOfEnd(account, state);
    }
    return run;
  }

  /** @returns how it stands afterwards */
  private async renewed(
    { id: accountId, username }: Account,
    renewal: AccessRenewal,
    state: AccessState,
    run: AccessRun,
  ): Promise<AccessState> {
    if (!this.access.keepsTokens || !isRenewable(state, this.clock.now())) {
      // Somebody has put a new token into the settings: what failed was the one before.
      if (expiryStage(state, this.clock.now()) === undefined) {
        await this.incidents.close('token-not-refreshed', accountId);
      }
      return state;
    }
    try {
      const { token, expiresInMs } = await renewal.renew({ accountId });
      const since = this.clock.now();
      const expiresAt = new Date(since.getTime() + expiresInMs);
      await this.access.keep(accountId, token, expiresAt);
      await this.incidents.close('token-not-refreshed', accountId);
      run.renewed += 1;
      return { since, expiresAt };
    } catch (error) {
      run.failures.push(error);
      const detail = { account: username, why: kindOf(error) };
      await this.incidents.open({ kind: 'token-not-refreshed', subject: accountId, detail });
      return state;
    }
  }

  /** Each stage is an incident of its own, so that each is told once; a renewed token ends them all. */
  private async tellOfEnd({ id, username }: Account, state: AccessState): Promise<void> {
    const reached = expiryStage(state, this.clock.now());
    if (reached !== undefined) {
      const detail = { account: username, days: reached };
      await this.incidents.open({ kind: 'token-expiring', subject: `${id}:${reached}`, detail });
    }
    for (const stage of expiryStages) {
      if (reached === undefined || stage < reached) await this.incidents.close('token-expiring', `${id}:${stage}`);
    }
  }
}
