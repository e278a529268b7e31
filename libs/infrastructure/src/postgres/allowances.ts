import {
  gapAt,
  holdReasons,
  limitNames,
  pacing,
  windowOf,
  type Allowances,
  type Hold,
  type HoldReason,
  type Taken,
  type Use,
} from '#domain/work/allowances.js';
import type { Database } from './database.js';
import { gathered } from './gathering.js';
import type { GroupCommit } from './group-commit.js';
import { listed } from './reading.js';

const waitReasons = [...limitNames, ...holdReasons, 'slowed-down' as const];

interface Answer {
  readonly wait_ms: number | null;
  readonly reason: string;
}

export class PostgresAllowances implements Allowances {
  private readonly taking: GroupCommit<readonly Use[], Answer>;

  constructor(private readonly database: Database) {
    this.taking = gathered(
      async (all) =>
        await database.prepared<Answer>('SELECT wait_ms, reason FROM take_allowances($1::jsonb[])', [
          all.map((uses) => JSON.stringify(uses.map(asked))),
        ]),
    );
  }

  async take(uses: readonly Use[]): Promise<Taken> {
    const answer = await this.taking.add(uses);
    if (answer.wait_ms === null) return { kind: 'granted' };
    const limit = listed(waitReasons, answer.reason);
    const ms = Math.ceil(answer.wait_ms);
    return { kind: 'wait', ms: limit === 'slowed-down' ? Math.max(ms, pacing.comeBackMs) : ms, limit };
  }

  async giveBack(uses: readonly Use[], takenWithinMs: number): Promise<void> {
    for (const use of uses) {
      const { key, amount, most, slot_ms: slotMs } = asked(use);
      await this.database.query(
        `WITH oldest AS (
           SELECT key, slot FROM allowance_uses
            WHERE key = $1 AND amount >= $2::integer
              AND slot >= date_bin($3 * interval '1 millisecond', clock_timestamp() - $4 * interval '1 millisecond', 'epoch')
            ORDER BY slot LIMIT 1 FOR UPDATE
         ), given_back AS (
           UPDATE allowance_uses AS uses SET amount = uses.amount - $2::integer
             FROM oldest WHERE uses.key = oldest.key AND uses.slot = oldest.slot RETURNING 1)
         SELECT 1 FROM given_back`,
        [key, Math.min(amount, most), slotMs, Math.ceil(takenWithinMs)],
      );
    }
  }

  async hold(of: string, forMs: number, why: HoldReason): Promise<void> {
    await this.database.query(
      `INSERT INTO allowance_holds AS known (owner, held_until, held_why)
       VALUES ($1, clock_timestamp() + $2 * interval '1 millisecond', $3)
       ON CONFLICT (owner) DO UPDATE SET held_until = excluded.held_until, held_why = excluded.held_why
        WHERE known.held_until IS NULL OR known.held_until < excluded.held_until`,
      [of, Math.round(forMs), why],
    );
  }

  async held(of: string): Promise<Hold | undefined> {
    const [row] = await this.database.query<{ ms: number; why: string }>(
      `SELECT (extract(epoch FROM held_until - clock_timestamp()) * 1000)::float8 AS ms, held_why AS why
         FROM allowance_holds WHERE owner = $1 AND held_until > clock_timestamp()`,
      [of],
    );
    return row && { ms: Math.max(1, Math.ceil(row.ms)), why: listed(holdReasons, row.why) };
  }

  async slowDown(of: string, percent: number): Promise<void> {
    const gapMs = gapAt(percent);
    if (gapMs === undefined) {
      await this.database.query(
        `WITH freed AS (
           UPDATE allowance_holds SET gap_ms = NULL, slowed_until = NULL
            WHERE owner = $1 AND slowed_until IS NOT NULL RETURNING 1)
         SELECT 1 FROM freed`,
        [of],
      );
      return;
    }
    await this.database.query(
      `INSERT INTO allowance_holds (owner, gap_ms, slowed_until)
       VALUES ($1, $2, clock_timestamp() + $3 * interval '1 millisecond')
       ON CONFLICT (owner) DO UPDATE SET gap_ms = excluded.gap_ms, slowed_until = excluded.slowed_until`,
      [of, gapMs, pacing.lastsMs],
    );
  }
}

/** As `take_allowances` reads it. */
interface Asked {
  readonly limit: string;
  readonly key: string;
  readonly owner: string;
  readonly amount: number;
  readonly most: number;
  readonly slot_ms: number;
  readonly counts_ms: number;
}

function asked({ limit, of, amount, most }: Use): Asked {
  const { slotMs, countsMs } = windowOf(limit);
  return { limit, key: `${limit} ${of}`, owner: of, amount, most, slot_ms: slotMs, counts_ms: countsMs };
}
