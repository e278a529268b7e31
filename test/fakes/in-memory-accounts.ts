import type { Account, AccountIdentity } from '#domain/accounts/account.js';
import type { Accounts } from '#domain/accounts/accounts.js';
import { presets } from '#domain/comments/policy.js';
import { AppError } from '#domain/shared/errors.js';
import type { AccountId } from '#domain/shared/ids.js';

/** Accounts in memory. */
export class InMemoryAccounts implements Accounts {
  readonly #known = new Map<AccountId, Account>();

  async get(id: AccountId): Promise<Account> {
    const account = this.#known.get(id);
    if (!account) throw new AppError('not-found', `no account ${id} is connected`);
    return await Promise.resolve(account);
  }

  async all(): Promise<readonly Account[]> {
    return await Promise.resolve([...this.#known.values()]);
  }

  async connect(identity: AccountIdentity): Promise<void> {
    const known = this.#known.get(identity.id);
    const chosen = known ?? ({ preset: 'balanced', policy: presets.balanced } as const);
    this.#known.set(identity.id, { preset: chosen.preset, policy: chosen.policy, ...identity });
    await Promise.resolve();
  }
}
