import type { AccountId } from '../shared/ids.js';
import type { PromptChoice, PromptTask, PromptTrial } from './prompt.js';

/** One choice as it is stored; without an account it holds for all that have none of their own. */
export interface StoredPromptChoice extends PromptChoice {
  readonly task: PromptTask;
  readonly accountId: AccountId | undefined;
  readonly changedAt: Date;
}

/** What people chose. Every write is one commit and safe to repeat; workers follow within five seconds. */
export abstract class PromptChoices {
  abstract list(): Promise<readonly StoredPromptChoice[]>;
  /** In force for the account; may be five seconds old. @throws AppError 'unavailable' */
  abstract inForce(task: PromptTask, accountId: AccountId): Promise<PromptChoice>;
  /** @param version undefined: none of its own */
  abstract activate(task: PromptTask, accountId: AccountId | undefined, version: number | undefined): Promise<void>;
  /** @param trial undefined: it ends */
  abstract try(task: PromptTask, accountId: AccountId | undefined, trial: PromptTrial | undefined): Promise<void>;
}
