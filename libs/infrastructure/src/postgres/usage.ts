import type { Usage, UsageFigures, UsageGroup, UsageQuestion, UsageReport } from '#domain/spending/usage.js';
import type { Database } from './database.js';

type FigureRecord = Readonly<
  Record<'calls' | 'failed' | 'input' | 'cached' | 'output' | 'micros' | 'unpriced', string>
>;

interface UsageRecord extends FigureRecord {
  readonly day: string | null;
  readonly account_id: string | null;
  readonly task: string | null;
  readonly model: string | null;
}

const figures = `coalesce(sum(calls), 0) AS calls, coalesce(sum(failed), 0) AS failed,
  coalesce(sum(input_tokens), 0) AS input, coalesce(sum(cached_tokens), 0) AS cached,
  coalesce(sum(output_tokens), 0) AS output, coalesce(sum(micros), 0) AS micros, coalesce(sum(unpriced), 0) AS unpriced`;

const columns: Readonly<Record<UsageGroup, string>> = {
  day: `to_char(day, 'YYYY-MM-DD')`,
  account: 'account_id',
  task: 'task',
  model: 'model',
};
const names: Readonly<Record<UsageGroup, string>> = { day: 'day', account: 'account_id', task: 'task', model: 'model' };

/** Reads the sums of days: as many rows as there are days, tasks and models, however many calls were made. */
export class PostgresUsage implements Usage {
  constructor(private readonly database: Database) {}

  async report({ from, to, accountId, by, limit, offset }: UsageQuestion): Promise<UsageReport> {
    const asked = 'FROM usage_days WHERE day BETWEEN $1 AND $2 AND ($3::text IS NULL OR account_id = $3)';
    const parameters = [from, to, accountId ?? null];
    const listOf = (group: UsageGroup): string => `${by.includes(group) ? columns[group] : 'NULL'} AS ${names[group]}`;
    const grouped = `SELECT ${listOf('day')}, ${listOf('account')}, ${listOf('task')}, ${listOf('model')}, ${figures}
                       ${asked} GROUP BY 1, 2, 3, 4 HAVING count(*) > 0`;
    const rows = await this.database.query<UsageRecord>(
      `${grouped} ORDER BY 1 DESC NULLS LAST, sum(micros) DESC, 2, 3, 4 LIMIT $4 OFFSET $5`,
      [...parameters, limit, offset],
    );
    const [total] = await this.database.query<FigureRecord & { readonly rows: string }>(
      `SELECT ${figures}, (SELECT count(*) FROM (${grouped}) AS rows) AS rows ${asked}`,
      parameters,
    );
    if (!total) throw new Error('sums were not returned');
    return {
      rows: rows.map((row) => ({
        day: row.day ?? undefined,
        accountId: row.account_id ?? undefined,
        task: row.task ?? undefined,
        model: row.model ?? undefined,
        figures: toFigures(row),
      })),
      total: toFigures(total),
      count: Number(total.rows),
    };
  }
}

function toFigures(row: FigureRecord): UsageFigures {
  return {
    calls: Number(row.calls),
    failed: Number(row.failed),
    inputTokens: Number(row.input),
    cachedTokens: Number(row.cached),
    outputTokens: Number(row.output),
    micros: Number(row.micros),
    unpriced: Number(row.unpriced),
  };
}
