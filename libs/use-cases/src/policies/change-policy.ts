import { Accounts } from '#domain/accounts/accounts.js';
import { conflictsIn } from '#domain/policies/conflicts.js';
import { Patterns } from '#domain/policies/patterns.js';
import { Policies, type PolicyVersion } from '#domain/policies/policies.js';
import type { PolicySettings } from '#domain/policies/settings.js';
import { AppError } from '#domain/shared/errors.js';
import type { AccountId } from '#domain/shared/ids.js';

/** More sentences than this nobody reads at once. */
const conflictsTold = 5;

export interface PolicyChange {
  readonly accountId: AccountId;
  /** The version that was looked at; undefined: whatever is in force. */
  readonly after: number | undefined;
  /** What becomes of the settings in force. */
  readonly change: (settings: PolicySettings) => PolicySettings;
  readonly by: string;
  readonly note: string | undefined;
}

/** Each change is a new version of the whole: it is checked as a whole, and can be brought back. */
export class ChangePolicy {
  constructor(
    private readonly accounts: Accounts,
    private readonly policies: Policies,
    private readonly patterns: Patterns,
  ) {}

  /** @throws AppError 'not-found' | 'conflict' when it was changed meanwhile | 'invalid' naming what contradicts itself */
  async execute({ accountId, after, change, by, note }: PolicyChange): Promise<PolicyVersion> {
    await this.accounts.get(accountId);
    // Not what is remembered: it may be some seconds old.
    const [latest] = await this.policies.history(accountId, 1);
    const current = latest ?? (await this.policies.version(accountId, 0));
    if (!current) throw new AppError('not-found', `no account ${accountId} is connected`);
    if (after !== undefined && after !== current.version) {
      throw new AppError(
        'conflict',
        `Version ${current.version} is in force, not ${after}: read the policy again, then change it.`,
      );
    }
    const settings = change(current.settings);
    const conflicts = conflictsIn(settings, this.patterns);
    if (conflicts.length > 0) {
      const told = conflicts.slice(0, conflictsTold).map(({ kind, text }) => `${text} (${kind})`);
      const more = conflicts.length > told.length ? [`There are ${conflicts.length - told.length} more.`] : [];
      throw new AppError('invalid', [...told, ...more].join(' '));
    }
    return await this.policies.add({ accountId, after: current.version, settings, by, note });
  }
}
