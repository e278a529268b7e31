import type { Account, AccountIdentity } from '#domain/accounts/account.js';
import type { Accounts } from '#domain/accounts/accounts.js';
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
    this.#known.set(identity.id, identity);
    await Promise.resolve();
  }
}
