import type { PromptChoices, StoredPromptChoice } from '#domain/prompts/prompt-choices.js';
import {
  choiceFor,
  noChoice,
  promptTasks,
  type PromptChoice,
  type PromptTask,
  type PromptTrial,
} from '#domain/prompts/prompt.js';
import { AccountId } from '#domain/shared/ids.js';
import type { Database } from './database.js';
import { PromptChoiceRow } from './entities/prompt-choice.entity.js';
import { listed, optional } from './reading.js';

/** Stands for all accounts: no account's id is empty. */
const all = '';

export class PostgresPromptChoices implements PromptChoices {
  constructor(private readonly database: Database) {}

  async list(): Promise<readonly StoredPromptChoice[]> {
    const rows = await this.database.many(PromptChoiceRow, { order: { task: 'ASC', accountId: 'ASC' } });
    return rows.map((row) => ({
      ...toChoice(row),
      task: listed(promptTasks, row.task),
      accountId: row.accountId === all ? undefined : AccountId.parse(row.accountId),
      changedAt: row.changedAt,
    }));
  }

  async inForce(task: PromptTask, accountId: AccountId): Promise<PromptChoice> {
    const rows = await this.database.many(PromptChoiceRow, {
      where: [
        { task, accountId: all },
        { task, accountId },
      ],
    });
    const of = (id: string): PromptChoice | undefined => {
      const row = rows.find((each) => each.accountId === id);
      return row && toChoice(row);
    };
    return choiceFor(of(all) ?? noChoice, of(accountId));
  }

  async activate(task: PromptTask, accountId: AccountId | undefined, version: number | undefined): Promise<void> {
    await this.database.query(
      `INSERT INTO prompt_choices (task, account_id, active) VALUES ($1, $2, $3)
       ON CONFLICT (task, account_id) DO UPDATE SET active = excluded.active, changed_at = now()`,
      [task, accountId ?? all, version ?? null],
    );
  }

  async try(task: PromptTask, accountId: AccountId | undefined, trial: PromptTrial | undefined): Promise<void> {
    await this.database.query(
      `INSERT INTO prompt_choices (task, account_id, trial, trial_share) VALUES ($1, $2, $3, $4)
       ON CONFLICT (task, account_id) DO UPDATE
          SET trial = excluded.trial, trial_share = excluded.trial_share, changed_at = now()`,
      [task, accountId ?? all, trial?.version ?? null, trial?.share ?? null],
    );
  }
}

function toChoice({ active, trial, trialShare }: PromptChoiceRow): PromptChoice {
  return {
    active: optional(active),
    trial: trial === null ? undefined : { version: trial, share: trialShare ?? 0 },
  };
}
