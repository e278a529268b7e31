import { Accounts } from '#domain/accounts/accounts.js';
import { conflictsInAnswers } from '#domain/answers/conflicts.js';
import type { AnswerSettings } from '#domain/answers/settings.js';
import { AnswerSettingsHistory, type AnswerSettingsVersion } from '#domain/answers/settings-history.js';
import { AppError } from '#domain/shared/errors.js';
import type { AccountId } from '#domain/shared/ids.js';

/** More sentences than this nobody reads at once. */
const conflictsTold = 5;

export interface AnswerSettingsChange {
  readonly accountId: AccountId;
  /** The version that was looked at; undefined: whatever is in force. */
  readonly after: number | undefined;
  readonly settings: AnswerSettings;
  readonly by: string;
  readonly note: string | undefined;
}

/** Each change is a new version of the whole, checked as a whole. */
export class ChangeAnswerSettings {
  constructor(
    private readonly accounts: Accounts,
    private readonly answers: AnswerSettingsHistory,
  ) {}

  /** @throws AppError 'not-found' | 'conflict' when it was changed meanwhile | 'invalid' naming what cannot be meant */
  async execute({ accountId, after, settings, by, note }: AnswerSettingsChange): Promise<AnswerSettingsVersion> {
    await this.accounts.get(accountId);
    // Not what is remembered: it may be some seconds old.
    const [latest] = await this.answers.history(accountId, 1);
    const version = latest?.version ?? 0;
    if (after !== undefined && after !== version) {
      throw new AppError('conflict', `Version ${version} is in force, not ${after}: read it again, then change it.`);
    }
    const conflicts = conflictsInAnswers(settings);
    if (conflicts.length > 0) {
      const told = conflicts.slice(0, conflictsTold).map(({ kind, text }) => `${text} (${kind})`);
      const more = conflicts.length > told.length ? [`There are ${conflicts.length - told.length} more.`] : [];
      throw new AppError('invalid', [...told, ...more].join(' '));
    }
    return await this.answers.add({ accountId, after: version, settings, by, note });
  }
}
