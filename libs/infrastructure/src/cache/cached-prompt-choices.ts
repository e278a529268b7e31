import type { PromptChoices, StoredPromptChoice } from '#domain/prompts/prompt-choices.js';
import { promptTasks, type PromptChoice, type PromptTask, type PromptTrial } from '#domain/prompts/prompt.js';
import { AccountId } from '#domain/shared/ids.js';
import { Remembered } from './remembered.js';

/** How long a choice that was made elsewhere may still not be followed, in milliseconds. */
export const choiceIsFreshForMs = 5_000;
/** More accounts than one installation serves, times the tasks. */
const mostChoices = 20_000;

/** Every comment and every draft asks which version to use: one question per account, task and five seconds answers. */
export class CachedPromptChoices implements PromptChoices {
  readonly #known: Remembered<string, PromptChoice>;

  /** @param elapsedMs a clock that only goes forward */
  constructor(
    private readonly choices: PromptChoices,
    elapsedMs?: () => number,
  ) {
    this.#known = new Remembered({
      ask: async (key: string) => await this.#ask(key),
      forMs: choiceIsFreshForMs,
      most: mostChoices,
      elapsedMs,
    });
  }

  async inForce(task: PromptTask, accountId: AccountId): Promise<PromptChoice> {
    return (await this.#known.get(keyOf(task, accountId))) ?? (await this.choices.inForce(task, accountId));
  }

  async list(): Promise<readonly StoredPromptChoice[]> {
    return await this.choices.list();
  }

  async activate(task: PromptTask, accountId: AccountId | undefined, version: number | undefined): Promise<void> {
    await this.choices.activate(task, accountId, version);
    this.#known.clear();
  }

  async try(task: PromptTask, accountId: AccountId | undefined, trial: PromptTrial | undefined): Promise<void> {
    await this.choices.try(task, accountId, trial);
    this.#known.clear();
  }

  async #ask(key: string): Promise<PromptChoice | undefined> {
    const [name, id] = key.split(' ');
    const task = promptTasks.find((known) => known === name);
    return task && (await this.choices.inForce(task, AccountId.parse(id)));
  }
}

function keyOf(task: PromptTask, accountId: AccountId): string {
  return `${task} ${accountId}`;
}
