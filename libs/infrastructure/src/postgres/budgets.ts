import { AccountId } from '#domain/shared/ids.js';
import { type AccountBudget, type Budget, budgetRules, type Budgets } from '#domain/spending/budget.js';
import type { Database } from './database.js';

interface BudgetRecord {
  readonly account_id: string;
  readonly day: string;
  readonly account_micros: string | null;
  readonly author_micros: string | null;
  readonly spent: string;
  readonly refused: number;
  readonly stopped: number;
}

const today = `(now() AT TIME ZONE 'utc')::date`;

/** How one account stands today; `whose` is a query of account ids. */
function standing(whose: string): string {
  return `SELECT whose.account_id, to_char(${today}, 'YYYY-MM-DD') AS day, budgets.account_micros, budgets.author_micros,
                 coalesce(days.micros, 0) AS spent, coalesce(days.refused, 0) AS refused,
                 (SELECT count(*)::integer FROM spending_days AS authors
                   WHERE authors.day = ${today} AND authors.author <> '' AND authors.account_id = whose.account_id
                     AND authors.refused > 0) AS stopped
            FROM (${whose}) AS whose
            LEFT JOIN budgets ON budgets.account_id = whose.account_id
            LEFT JOIN spending_days AS days
                   ON days.day = ${today} AND days.author = '' AND days.account_id = whose.account_id`;
}

export class PostgresBudgets implements Budgets {
  constructor(private readonly database: Database) {}

  async get(accountId: AccountId): Promise<AccountBudget> {
    const [row] = await this.database.query<BudgetRecord>(standing('SELECT $1::text AS account_id'), [accountId]);
    if (!row) throw new Error('a row of one account was not returned');
    return toBudget(row);
  }

  async set(accountId: AccountId, { account, author }: Partial<Budget>): Promise<AccountBudget> {
    await this.database.query(
      `WITH chosen AS (
         INSERT INTO budgets (account_id, account_micros, author_micros) VALUES ($1, $2, $3)
         ON CONFLICT (account_id) DO UPDATE SET account_micros = excluded.account_micros,
                author_micros = excluded.author_micros, changed_at = now()
         RETURNING 1),
       -- Refusals under the budget before say nothing about this one.
       fresh AS (UPDATE spending_days SET refused = 0 WHERE day = ${today} AND account_id = $1 AND refused > 0 RETURNING 1)
       SELECT 1 FROM chosen`,
      [accountId, account ?? null, author ?? null],
    );
    return await this.get(accountId);
  }

  async noteworthy(fromPercent: number): Promise<readonly AccountBudget[]> {
    const rows = await this.database.query<BudgetRecord>(
      `SELECT * FROM (${standing(`SELECT DISTINCT account_id FROM spending_days WHERE day = ${today}`)}) AS standing
        WHERE refused > 0 OR stopped > 0
           OR (spent > 0 AND spent * 100 >= coalesce(account_micros, ${budgetRules.account}) * $1::integer)
        ORDER BY account_id`,
      [fromPercent],
    );
    return rows.map(toBudget);
  }
}

function toBudget(row: BudgetRecord): AccountBudget {
  const chosen = {
    ...(row.account_micros !== null && { account: Number(row.account_micros) }),
    ...(row.author_micros !== null && { author: Number(row.author_micros) }),
  };
  const { account, author } = budgetRules;
  return {
    accountId: AccountId.parse(row.account_id),
    account,
    author,
    ...chosen,
    chosen,
    today: { day: row.day, spent: Number(row.spent), refused: row.refused, authorsStopped: row.stopped },
  };
}
