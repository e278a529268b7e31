import { Accounts } from '#domain/accounts/accounts.js';
import { PromptChoices } from '#domain/prompts/prompt-choices.js';
import { PromptLibrary } from '#domain/prompts/prompt-library.js';
import { choiceFor, noChoice, type PromptChoice, type PromptTask, type PromptTrial } from '#domain/prompts/prompt.js';
import { AppError } from '#domain/shared/errors.js';
import type { AccountId } from '#domain/shared/ids.js';

/** Chooses versions for an account, or (without one) for all that have none of their own. Workers follow within five seconds. */
export class ChoosePrompt {
  constructor(
    private readonly library: PromptLibrary,
    private readonly choices: PromptChoices,
    private readonly accounts: Accounts,
  ) {}

  /**
   * A trial of the same version ends with it: there is nothing left to compare.
   * @param version undefined: none of its own
   * @throws AppError 'invalid' for a version that this program does not hold | 'not-found' for an account
   */
  async activate(task: PromptTask, accountId: AccountId | undefined, version: number | undefined): Promise<void> {
    if (version !== undefined) this.library.get(task, version);
    const { own } = await this.known(task, accountId);
    await this.choices.activate(task, accountId, version);
    if (version !== undefined && own?.trial?.version === version) await this.choices.try(task, accountId, undefined);
  }

  /** @throws AppError 'invalid' for a version that this program does not hold or that is in use already | 'not-found' for an account */
  async try(task: PromptTask, accountId: AccountId | undefined, trial: PromptTrial | undefined): Promise<void> {
    if (trial) this.library.get(task, trial.version);
    const { inForce } = await this.known(task, accountId);
    const active = inForce.active ?? this.library.usualOf(task).version;
    if (trial?.version === active) {
      throw new AppError('invalid', `Version ${active} is the active one: a trial needs another to compare it with.`);
    }
    await this.choices.try(task, accountId, trial);
  }

  private async known(
    task: PromptTask,
    accountId: AccountId | undefined,
  ): Promise<{ readonly own: PromptChoice | undefined; readonly inForce: PromptChoice }> {
    if (accountId !== undefined) await this.accounts.get(accountId);
    const stored = (await this.choices.list()).filter((choice) => choice.task === task);
    const own = stored.find((choice) => choice.accountId === accountId);
    const forAll = stored.find((choice) => choice.accountId === undefined) ?? noChoice;
    return { own, inForce: choiceFor(forAll, own) };
  }
}
