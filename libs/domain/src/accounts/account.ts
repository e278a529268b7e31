import type { PlatformId } from '../shared/ids.js';
import type { AccountId } from '../shared/ids.js';

/** A connected professional account: a brand's voice on one platform. */
export interface Account {
  readonly id: AccountId;
  readonly platform: PlatformId;
  readonly username: string;
}

export interface AccountIdentity {
  readonly id: AccountId;
  readonly platform: PlatformId;
  readonly username: string;
}
