import type { Account, AccountIdentity } from '#domain/accounts/account.js';
import type { Accounts } from '#domain/accounts/accounts.js';
import type { AccountId } from '#domain/shared/ids.js';
import { Remembered } from './remembered.js';

/**
 * How long a name that was changed elsewhere may still be used, in milliseconds.
 */
export const accountIsFreshForMs = 5_000;
/** More than one installation serves. */
const mostAccounts = 10_000;

/** The accounts are asked for at every step of every comment: one question per account and five seconds answers them. */
export class CachedAccounts implements Accounts {
  readonly #known: Remembered<AccountId, Account>;

  /** @param elapsedMs a clock that only goes forward */
  constructor(
    private readonly accounts: Accounts,
    elapsedMs?: () => number,
  ) {
    this.#known = new Remembered({
      ask: async (id: AccountId) => await accounts.get(id),
      forMs: accountIsFreshForMs,
      most: mostAccounts,
      elapsedMs,
    });
  }

  async get(id: AccountId): Promise<Account> {
    return (await this.#known.get(id)) ?? (await this.accounts.get(id));
  }

  async all(): Promise<readonly Account[]> {
    return await this.accounts.all();
  }

  async connect(identity: AccountIdentity): Promise<void> {
    await this.accounts.connect(identity);
    this.#known.forget(identity.id);
  }
}
