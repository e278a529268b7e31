import type { AccountId } from '../shared/ids.js';

/** Which stored files documents, and imports of products that wait, own. */
export abstract class FileOwners {
  /** Of these keys those that somebody needs. */
  abstract owned(keys: readonly string[]): Promise<ReadonlySet<string>>;
  /** What an account keeps. */
  abstract usage(accountId: AccountId): Promise<{ readonly files: number; readonly bytes: number }>;
}
