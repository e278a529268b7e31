import { AppError } from '../shared/errors.js';
import type { AccountId } from '../shared/ids.js';
import type { Accounts } from './accounts.js';

/**
 * The account that somebody means who may leave out which one while only one is connected.
 * @throws AppError 'conflict' when it is not clear, 'not-found' when it is not connected
 */
export async function meantAccount(accounts: Accounts, id: AccountId | undefined): Promise<AccountId> {
  if (id !== undefined) return (await accounts.get(id)).id;
  const [account, another] = await accounts.all();
  if (!account)
    throw new AppError('conflict', 'No account is connected yet. The worker connects it at start; try again.');
  if (another) throw new AppError('conflict', 'Several accounts are connected: say which one with accountId.');
  return account.id;
}
