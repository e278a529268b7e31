import type { AccountId } from '../shared/ids.js';

/** Where a platform's adapter gets its access token from, for every call anew: it may be replaced at any time. */
export interface AccessSource {
  current(): Promise<string>;
  /**
   * The platform no longer accepts a token: looks whether there is a newer one.
   * @returns undefined when there is none
   */
  insteadOf(refused: string): Promise<string | undefined>;
}

/** What is known about the access to an account. */
export interface AccessState {
  /** Since when we have had the token in use; it is at least that old. */
  readonly since: Date;
  /** Undefined until the platform told, which it does when access is renewed. */
  readonly expiresAt: Date | undefined;
}

/** The accounts' access, kept encrypted. A token that is put into the settings replaces all that came from the one before. */
export abstract class AccountAccess {
  /** Whether a renewed token can be kept: without a key to encrypt it, it is not renewed. */
  abstract readonly keepsTokens: boolean;
  /** Notes the account's token when it is seen for the first time. */
  abstract state(accountId: AccountId): Promise<AccessState>;
  /** From now on every process uses it, this one at once. */
  abstract keep(accountId: AccountId, token: string, expiresAt: Date): Promise<void>;
}
