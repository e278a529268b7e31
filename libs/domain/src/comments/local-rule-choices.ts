import type { AccountId } from '../shared/ids.js';
import type { LocalRule } from './local-rules.js';

/** Which of the local rules each account does without. */
export abstract class LocalRuleChoices {
  /** Asked for every comment: may be some seconds old. @throws AppError 'not-found' when there is no such account */
  abstract off(id: AccountId): Promise<ReadonlySet<LocalRule>>;
  /** These are off from now on and all others on. @throws AppError 'not-found' */
  abstract switchOff(id: AccountId, rules: readonly LocalRule[]): Promise<void>;
}
