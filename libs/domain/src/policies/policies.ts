import type { AccountId } from '../shared/ids.js';
import type { PolicySettings } from './settings.js';

export interface PolicyVersion {
  readonly accountId: AccountId;
  /** Counted from 1; 0 as long as nobody has decided anything. */
  readonly version: number;
  readonly settings: PolicySettings;
  /** Undefined for version 0. */
  readonly changedAt: Date | undefined;
  readonly changedBy: string | undefined;
  readonly note: string | undefined;
}

export interface NewPolicyVersion {
  readonly accountId: AccountId;
  /** What it was made from: nobody overwrites what he has not seen. */
  readonly after: number;
  readonly settings: PolicySettings;
  readonly by: string;
  readonly note: string | undefined;
}

export abstract class Policies {
  /** What is in force for the account; may be some seconds old. */
  abstract current(accountId: AccountId): Promise<PolicyVersion>;
  /** @returns undefined when there is no such version */
  abstract version(accountId: AccountId, version: number): Promise<PolicyVersion | undefined>;
  /** Newest first, those before a version. */
  abstract history(accountId: AccountId, limit: number, before?: number): Promise<readonly PolicyVersion[]>;
  /** From now on this is in force. @throws AppError 'conflict' when another version came between */
  abstract add(version: NewPolicyVersion): Promise<PolicyVersion>;
}
