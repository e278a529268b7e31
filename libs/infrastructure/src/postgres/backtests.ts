import { z } from 'zod';
import { commentClassNames } from '#domain/comments/verdict.js';
import {
  backtestSources,
  backtestStates,
  noFigures,
  storedFigures,
  type BacktestRequest,
  type PolicyChange,
} from '#domain/evaluation/backtest.js';
import type {
  Backtest,
  Backtests,
  BacktestsQuery,
  Batch,
  Change,
  HeldBacktest,
  NewBacktest,
} from '#domain/evaluation/backtests.js';
import { policyChanges, policySettings } from '#domain/policies/settings.js';
import { AccountId } from '#domain/shared/ids.js';
import { cutText, storableText } from '#domain/shared/text.js';
import type { Database } from './database.js';
import type { BacktestRow } from './entities/backtest.entity.js';
import { listed, optional } from './reading.js';

/** Longer reasons say nothing more. */
const reasonLength = 500;
/** Reports that one statement forgets: it is over within a second, and the next round forgets more. */
const forgottenAtOnce = 5;

const understanding = z.object({ prompt: z.number(), model: z.string() }).optional();
const requestShape = z.object({
  accountId: AccountId,
  over: z.enum(backtestSources),
  from: z.coerce.date().optional(),
  to: z.coerce.date(),
  limit: z.number(),
  policy: policyChanges.extend({ rules: policySettings.shape.rules.optional() }),
  understanding,
  against: understanding,
  maxCost: z.number().optional(),
});
const outlined = z.object({
  class: z.enum(commentClassNames).optional(),
  confidence: z.number().optional(),
  reply: z.string(),
  hide: z.string(),
  alert: z.boolean(),
});
const changeShape = z.object({
  before: outlined,
  after: outlined,
  differences: z.array(z.string()),
  right: z.enum(commentClassNames).optional(),
});

type Row = Omit<BacktestRow, 'dueAt'>;
const columns = `id, account_id AS "accountId", request, state, reason, total, estimate, cursor, figures,
  created_at AS "createdAt", started_at AS "startedAt", finished_at AS "finishedAt", epoch, attempts`;
const ended = `('done', 'cancelled', 'failed')`;

export class PostgresBacktests implements Backtests {
  constructor(private readonly database: Database) {}

  async create({ request, total, estimate }: NewBacktest): Promise<Backtest> {
    const [row] = await this.database.query<Row>(
      `INSERT INTO backtests (account_id, request, state, total, estimate, figures, due_at)
       VALUES ($1, $2, 'queued', $3, $4, $5, now()) RETURNING ${columns}`,
      [request.accountId, JSON.stringify(request), total, estimate ?? null, JSON.stringify(noFigures)],
    );
    if (!row) throw new Error('a backtest was written and not returned');
    return toBacktest(row);
  }

  async find(id: string): Promise<Backtest | undefined> {
    const [row] = await this.database.query<Row>(`SELECT ${columns} FROM backtests WHERE id = $1`, [id]);
    return row && toBacktest(row);
  }

  async list({ account, before, limit }: BacktestsQuery): Promise<readonly Backtest[]> {
    const rows = await this.database.query<Row>(
      `SELECT ${columns} FROM backtests
        WHERE ($1::text IS NULL OR account_id = $1)
          AND ($2::uuid IS NULL OR (created_at, id) < (SELECT created_at, id FROM backtests WHERE id = $2))
        ORDER BY created_at DESC, id DESC LIMIT $3`,
      [account ?? null, before ?? null, limit],
    );
    return rows.map(toBacktest);
  }

  async unfinished(account: AccountId): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM backtests WHERE account_id = $1 AND due_at IS NOT NULL',
      [account],
    );
    return row?.count ?? 0;
  }

  async changes(id: string, after: number, limit: number): Promise<readonly Change[]> {
    const rows = await this.database.query<{ number: number; comment_id: string; detail: unknown }>(
      `SELECT number, comment_id, detail FROM backtest_changes
        WHERE backtest_id = $1 AND number > $2 ORDER BY number LIMIT $3`,
      [id, after, limit],
    );
    return rows.map(({ number, comment_id, detail }) => {
      const { before, after: then, differences, right } = changeShape.parse(detail);
      return { number, commentId: comment_id, before: outline(before), after: outline(then), differences, right };
    });
  }

  async cancel(id: string): Promise<boolean> {
    // With a new epoch nothing that is under way can be kept any more.
    const rows = await this.database.query(
      `WITH cancelled AS (
         UPDATE backtests SET state = 'cancelled', finished_at = now(), due_at = NULL, epoch = epoch + 1, reason = NULL
          WHERE id = $1 AND due_at IS NOT NULL RETURNING id)
       SELECT id FROM cancelled`,
      [id],
    );
    return rows.length > 0;
  }

  async remove(id: string): Promise<boolean> {
    const rows = await this.database.query(
      `WITH gone AS (DELETE FROM backtests WHERE id = $1 AND state IN ${ended} RETURNING id),
            changes AS (DELETE FROM backtest_changes USING gone WHERE backtest_id = gone.id)
       SELECT id FROM gone`,
      [id],
    );
    return rows.length > 0;
  }

  async claim(forMs: number): Promise<HeldBacktest | undefined> {
    const [row] = await this.database.query<Row>(
      `WITH claimed AS (
         UPDATE backtests SET state = 'running', started_at = coalesce(started_at, now()), epoch = epoch + 1, reason = NULL,
                due_at = now() + $1 * interval '1 millisecond'
          WHERE id = (SELECT id FROM backtests WHERE due_at <= now() ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
         RETURNING *)
       SELECT ${columns} FROM claimed`,
      [forMs],
    );
    if (!row) return undefined;
    const { id, epoch, cursor, attempts } = row;
    return { id, epoch, attempts, cursor: optional(cursor), request: toRequest(row), figures: toFigures(row) };
  }

  async keep({ id, epoch, figures: before }: HeldBacktest, batch: Batch, forMs: number): Promise<boolean> {
    const { figures, cursor, comparisons } = batch;
    const changes = comparisons.flatMap(({ commentId, ...detail }, index) =>
      detail.differences.length === 0 ? [] : [{ number: before.compared + index + 1, comment_id: commentId, detail }],
    );
    const rows = await this.database.query(
      `WITH ours AS (
         UPDATE backtests SET figures = $3, cursor = $4, due_at = now() + $5 * interval '1 millisecond',
                attempts = CASE WHEN $6 THEN 0 ELSE attempts END
          WHERE id = $1 AND epoch = $2 RETURNING id
       ), written AS (
         INSERT INTO backtest_changes (backtest_id, number, comment_id, detail)
         SELECT ours.id, number, comment_id, detail
           FROM ours, jsonb_to_recordset($7::jsonb) AS given (number integer, comment_id text, detail jsonb)
       )
       SELECT id FROM ours`,
      [
        id,
        epoch,
        JSON.stringify({ ...figures, cost: figures.cost ?? null }),
        cursor ?? null,
        forMs,
        comparisons.length > 0,
        JSON.stringify(changes),
      ],
    );
    return rows.length > 0;
  }

  async release({ id, epoch }: HeldBacktest): Promise<void> {
    await this.change(`due_at = now()`, [id, epoch]);
  }

  async postpone({ id, epoch }: HeldBacktest, byMs: number, why: string): Promise<void> {
    await this.change(`due_at = now() + $3 * interval '1 millisecond', attempts = attempts + 1, reason = $4`, [
      id,
      epoch,
      byMs,
      reasonText(why),
    ]);
  }

  async finish({ id, epoch }: HeldBacktest, state: 'done' | 'failed', why: string | undefined): Promise<void> {
    await this.change(`state = $3, reason = $4, finished_at = now(), due_at = NULL`, [
      id,
      epoch,
      state,
      why === undefined ? null : reasonText(why),
    ]);
  }

  async forget(keptDays: number): Promise<number> {
    const rows = await this.database.query(
      `WITH gone AS (
         DELETE FROM backtests WHERE id IN (
           SELECT id FROM backtests WHERE created_at < now() - $1 * interval '1 day' AND state IN ${ended}
            ORDER BY created_at LIMIT ${forgottenAtOnce}) RETURNING id),
            changes AS (DELETE FROM backtest_changes USING gone WHERE backtest_id = gone.id)
       SELECT id FROM gone`,
      [keptDays],
    );
    return rows.length;
  }

  /** @param parameters the id and the epoch first */
  private async change(columnsSet: string, parameters: readonly unknown[]): Promise<void> {
    await this.database.query(
      `WITH ours AS (UPDATE backtests SET ${columnsSet} WHERE id = $1 AND epoch = $2 RETURNING id) SELECT id FROM ours`,
      parameters,
    );
  }
}

function reasonText(why: string): string {
  return cutText(storableText(why), reasonLength);
}

function toBacktest(row: Row): Backtest {
  return {
    id: row.id,
    request: toRequest(row),
    state: listed(backtestStates, row.state),
    reason: optional(row.reason),
    total: row.total,
    figures: toFigures(row),
    estimate: row.estimate === null ? undefined : Number(row.estimate),
    createdAt: row.createdAt,
    startedAt: optional(row.startedAt),
    finishedAt: optional(row.finishedAt),
  };
}

function toRequest({ request }: Row): BacktestRequest {
  const { from, understanding: how, against, maxCost, policy, ...rest } = requestShape.parse(request);
  return { ...rest, from, understanding: how, against, maxCost, policy: policy as PolicyChange }; // parsed just now: JSON has no undefined
}

function toFigures({ figures }: Row) {
  const { cost, ...rest } = storedFigures.parse(figures);
  return { ...rest, cost };
}

function outline(given: z.output<typeof outlined>): Change['before'] {
  return { ...given, class: given.class, confidence: given.confidence };
}
