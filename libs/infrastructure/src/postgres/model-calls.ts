import { budgetOwners, budgetRules } from '#domain/spending/budget.js';
import type { Begun, CallBook, EndedCall, PlannedCall } from '../openai/call-book.js';
import { safetyIdentifier } from '../openai/prompt-data.js';
import type { Database } from './database.js';
import { gathered } from './gathering.js';
import type { GroupCommit } from './group-commit.js';
import { listed } from './reading.js';

/** What ended calls add to the sums of their day and to what was spent; `ended` is a query of theirs. */
const addUp = `
  used AS (
    INSERT INTO usage_days AS days (day, account_id, task, model, calls, failed, input_tokens, cached_tokens,
                                    output_tokens, micros, unpriced)
    SELECT day, account_id, task, model, count(*), count(*) FILTER (WHERE outcome IN ('failed', 'lost')),
           sum(input_tokens), sum(cached_tokens), sum(output_tokens), coalesce(sum(micros), 0),
           count(*) FILTER (WHERE micros IS NULL)
      FROM ended GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
    ON CONFLICT (day, account_id, task, model) DO UPDATE
       SET calls = days.calls + excluded.calls, failed = days.failed + excluded.failed,
           input_tokens = days.input_tokens + excluded.input_tokens,
           cached_tokens = days.cached_tokens + excluded.cached_tokens,
           output_tokens = days.output_tokens + excluded.output_tokens,
           micros = days.micros + excluded.micros, unpriced = days.unpriced + excluded.unpriced),
  spent AS (
    INSERT INTO spending_days AS days (day, author, account_id, micros)
    SELECT day, whose, account_id, coalesce(sum(micros), 0)
      FROM ended, LATERAL (SELECT '' AS whose UNION ALL SELECT author WHERE author IS NOT NULL) AS each_one
     GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (day, author, account_id) DO UPDATE SET micros = days.micros + excluded.micros)`;

const begin = `SELECT call_id, whose FROM begin_model_calls($1::jsonb, ${budgetRules.account}, ${budgetRules.author})`;

const end = `
  WITH given AS (
    SELECT * FROM jsonb_to_recordset($1::jsonb)
      AS one(id bigint, outcome text, failure text, input integer, cached integer, output integer, micros bigint,
             latency integer)),
  dropped AS (
    DELETE FROM model_calls AS calls USING given
     WHERE calls.id = given.id AND calls.outcome IS NULL AND given.outcome = 'not-made'),
  ended AS (
    UPDATE model_calls AS calls
       SET outcome = given.outcome, failure = given.failure, input_tokens = given.input, cached_tokens = given.cached,
           output_tokens = given.output, micros = given.micros, latency_ms = given.latency
      FROM given WHERE calls.id = given.id AND calls.outcome IS NULL AND given.outcome <> 'not-made'
    RETURNING calls.*),
  ${addUp}
  SELECT id FROM given`;

const settleLost = `
  WITH ended AS (
    UPDATE model_calls SET outcome = 'lost', micros = estimate_micros
     WHERE id IN (SELECT id FROM model_calls
                   WHERE outcome IS NULL AND at < clock_timestamp() - $1 * interval '1 millisecond'
                   ORDER BY id FOR UPDATE SKIP LOCKED)
    RETURNING *),
  ${addUp}
  SELECT id FROM ended`;

interface Answer {
  readonly call_id: string | null;
  readonly whose: string | null;
}

/** The book of calls, and what of it is kept. */
export class PostgresModelCalls implements CallBook {
  private readonly beginning: GroupCommit<PlannedCall, Answer>;
  private readonly ending: GroupCommit<EndedCall & { readonly id: string }, true>;

  constructor(private readonly database: Database) {
    this.beginning = gathered(
      async (calls) => await database.prepared<Answer>(begin, [JSON.stringify(calls.map(asked))]),
    );
    this.ending = gathered(async (calls) => {
      await database.prepared(end, [JSON.stringify(calls.map(said))]);
      return calls.map(() => true);
    });
  }

  async begin(call: PlannedCall): Promise<Begun> {
    const { call_id: id, whose } = await this.beginning.add(call);
    if (id !== null) return { kind: 'may-be-made', id };
    return whose === null ? { kind: 'wait' } : { kind: 'over-budget', whose: listed(budgetOwners, whose) };
  }

  async end(id: string, call: EndedCall): Promise<void> {
    await this.ending.add({ id, ...call });
  }

  /**
   * Calls whose process died count as spent, at their estimate: the vendor may have charged for them.
   * @returns how many there were
   */
  async settleLost(): Promise<number> {
    return (await this.database.query(settleLost, [budgetRules.lostAfterMs])).length;
  }

  /** Old calls, and what authors spent on days that are over. @returns how many calls went, `atOnce` at most */
  async forget(atOnce: number): Promise<number> {
    await this.database.query(
      `WITH gone AS (DELETE FROM spending_days WHERE author <> '' AND day < (now() AT TIME ZONE 'utc')::date - 1 RETURNING 1)
       SELECT 1 FROM gone LIMIT 1`,
    );
    const gone = await this.database.query(
      `WITH oldest AS (SELECT id, at FROM model_calls ORDER BY id LIMIT $1), gone AS (
         DELETE FROM model_calls USING oldest
          WHERE model_calls.id = oldest.id AND oldest.at < now() - $2 * interval '1 day' RETURNING 1)
       SELECT 1 FROM gone`,
      [atOnce, budgetRules.callsKeptDays],
    );
    return gone.length;
  }
}

function asked({ task, model, promptVersion, spender, estimate }: PlannedCall): Readonly<Record<string, unknown>> {
  const { accountId, authorId, commentId } = spender;
  const author = safetyIdentifier(authorId);
  return { account: accountId, author, task, model, prompt: promptVersion, comment: commentId, micros: estimate };
}

function said({
  id,
  outcome,
  failure,
  usage,
  cost,
  latencyMs,
}: EndedCall & { readonly id: string }): Readonly<Record<string, unknown>> {
  const { inputTokens: input, cachedTokens: cached, outputTokens: output } = usage;
  return { id, outcome, failure, input, cached, output, micros: cost, latency: Math.round(latencyMs) };
}
