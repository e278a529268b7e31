import type { AccountId } from '../shared/ids.js';
import type { Account, AccountIdentity } from './account.js';

export abstract class Accounts {
  /** @throws AppError 'not-found' */
  abstract get(id: AccountId): Promise<Account>;
  abstract all(): Promise<readonly Account[]>;
  /** Connects the account, or refreshes its name. Safe to call twice. */
  abstract connect(identity: AccountIdentity): Promise<void>;
}
