import type { LocalRuleChoices } from '#domain/comments/local-rule-choices.js';
import { localRules, type LocalRule } from '#domain/comments/local-rules.js';
import { AppError } from '#domain/shared/errors.js';
import type { AccountId } from '#domain/shared/ids.js';
import { Remembered } from '../cache/remembered.js';
import type { Database } from './database.js';
import { AccountRow } from './entities/account.entity.js';

/** How long a rule that was switched elsewhere may still be followed, in milliseconds. */
const freshForMs = 5_000;
const mostAccounts = 10_000;

export class PostgresLocalRuleChoices implements LocalRuleChoices {
  readonly #known: Remembered<AccountId, ReadonlySet<LocalRule>>;

  /** @param elapsedMs a clock that only goes forward */
  constructor(
    private readonly database: Database,
    elapsedMs?: () => number,
  ) {
    this.#known = new Remembered({
      ask: async (id: AccountId) => await this.#read(id),
      forMs: freshForMs,
      most: mostAccounts,
      elapsedMs,
    });
  }

  async off(id: AccountId): Promise<ReadonlySet<LocalRule>> {
    return (await this.#known.get(id)) ?? (await this.#read(id));
  }

  async switchOff(id: AccountId, rules: readonly LocalRule[]): Promise<void> {
    const rows = await this.database.query<{ id: string }>(
      'WITH switched AS (UPDATE accounts SET local_rules_off = $2 WHERE id = $1 RETURNING id) SELECT id FROM switched',
      [id, rules],
    );
    this.#known.forget(id);
    if (rows.length === 0) throw notConnected(id);
  }

  async #read(id: AccountId): Promise<ReadonlySet<LocalRule>> {
    const row = await this.database.one(AccountRow, { id });
    if (!row) throw notConnected(id);
    // A rule of a newer version of the program is nothing that this one follows.
    return new Set(localRules.filter((rule) => row.localRulesOff.includes(rule)));
  }
}

function notConnected(id: AccountId): AppError {
  return new AppError('not-found', `no account ${id} is connected`);
}
