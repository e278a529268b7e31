import type { AccountId } from '../shared/ids.js';
import type { AnswerSettings } from './settings.js';

export interface AnswerSettingsVersion {
  readonly accountId: AccountId;
  /** Counted from 1; 0 as long as nobody has decided anything. */
  readonly version: number;
  readonly settings: AnswerSettings;
  /** Undefined for version 0. */
  readonly changedAt: Date | undefined;
  readonly changedBy: string | undefined;
  readonly note: string | undefined;
}

export interface NewAnswerSettings {
  readonly accountId: AccountId;
  /** What it was made from: nobody overwrites what he has not seen. */
  readonly after: number;
  readonly settings: AnswerSettings;
  readonly by: string;
  readonly note: string | undefined;
}

/** How accounts want to answer, in versions; kept like policies. */
export abstract class AnswerSettingsHistory {
  /** What is in force for the account; may be five seconds old. */
  abstract current(accountId: AccountId): Promise<AnswerSettingsVersion>;
  /** Newest first, those before a version. */
  abstract history(accountId: AccountId, limit: number, before?: number): Promise<readonly AnswerSettingsVersion[]>;
  /** From now on this is in force. @throws AppError 'conflict' when another version came between */
  abstract add(version: NewAnswerSettings): Promise<AnswerSettingsVersion>;
}
