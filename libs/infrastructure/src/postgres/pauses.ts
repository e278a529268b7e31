import type { AccountId } from '#domain/shared/ids.js';
import { cutText, storableText } from '#domain/shared/text.js';
import { toMs } from '#domain/work/backoff.js';
import {
  coolOffs,
  pauseReasons,
  pauseScopes,
  type NewPause,
  type Pause,
  type PauseReason,
  type Pauses,
  type PauseScope,
} from '#domain/work/pauses.js';
import { decisionsParameter, type Database } from './database.js';
import type { PauseRow } from './entities/pause.entity.js';
import { listed } from './reading.js';

/** A vendor's answer or a person's remark; more of it explains no more. */
const noteLength = 500;
// Any number; the same in every process, so that one of them writes into the ledger at a time.
const tellingLock = 4_837_113;
/** Comments that hear of a pause at once; the next round tells the next ones. */
const toldAtOnce = 1_000;

type Row = Pick<PauseRow, 'scope' | 'id' | 'why' | 'until' | 'pausedBy' | 'pausedAt' | 'note' | 'times'>;

const inForce = '(pauses.until IS NULL OR pauses.until > now())';
const columns = 'scope, id, why, until, paused_by AS "pausedBy", paused_at AS "pausedAt", note, times';

/** A pause in force that holds back a row of this table. */
function holdsBack(table: string): string {
  return `${inForce} AND (
    pauses.scope = 'everything'
    OR (pauses.scope = 'account' AND pauses.id = ${table}.account_id)
    OR (pauses.scope = 'post' AND EXISTS (
      SELECT 1 FROM comments AS its WHERE its.id = ${table}.comment_id AND its.media_id = pauses.id)))`;
}

/** What a pause does not stop in spite of its scope: answers that are still to be written, and looking for unclear ones. */
const stops: Readonly<Record<string, string>> = {
  moderations: 'true',
  replies: `(replies.state = 'drafted' OR (replies.state IN ('sending', 'unknown') AND pauses.why = 'disconnected'))`,
};

/** A condition for statements on a table of work: no pause holds the row back as it stands. */
export function notPaused(table: string): string {
  const stopped = stops[table];
  return stopped === undefined ? 'true' : `NOT EXISTS (SELECT 1 FROM pauses WHERE ${stopped} AND ${holdsBack(table)})`;
}

export class PostgresPauses implements Pauses {
  constructor(private readonly database: Database) {}

  async pause(pause: NewPause): Promise<Pause> {
    return await this.begin(pause, []);
  }

  async coolOff(account: AccountId, note: string): Promise<void> {
    await this.begin({ scope: 'account', id: account, why: 'blocked', by: 'system', note }, coolOffs.map(toMs));
  }

  async resume(scope: PauseScope, id: string, why?: PauseReason): Promise<boolean> {
    const rows = await this.database.query(
      `WITH ended AS (
         UPDATE pauses SET until = now()
          WHERE scope = $1 AND id = $2 AND ($3::text IS NULL OR why = $3) AND ${inForce}
         RETURNING why)
       SELECT why FROM ended`,
      [scope, id, why ?? null],
    );
    return rows.length > 0;
  }

  async list(): Promise<readonly Pause[]> {
    const rows = await this.database.query<Row>(
      `SELECT ${columns} FROM pauses WHERE ${inForce} ORDER BY paused_at, scope, id, why`,
    );
    return rows.map(toPause);
  }

  async tellWaiting(): Promise<void> {
    await this.database.transaction(async (session) => {
      const [mine] = await session.query<{ taken: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS taken', [
        tellingLock,
      ]);
      if (mine?.taken !== true) return;
      await session.query(
        `INSERT INTO decisions (comment_id, step, reason, detail)
         SELECT DISTINCT ON (waiting.comment_id) waiting.comment_id, told->>'step', told->>'reason',
                jsonb_build_object('paused', waiting.scope, 'why', waiting.why)
           FROM (${Object.keys(stops).map(waitingRows).join(' UNION ALL ')}) AS waiting,
                jsonb_array_elements($1::jsonb) AS told
          WHERE NOT EXISTS (
            SELECT 1 FROM decisions WHERE decisions.comment_id = waiting.comment_id
               AND decisions.reason = told->>'reason' AND decisions.at >= waiting.paused_at)
          LIMIT ${toldAtOnce}`,
        [decisionsParameter([{ reason: 'waits-for-resume' }])],
      );
    });
  }

  /** @param lasting how long the first, second … pause within a week each lasts, in milliseconds; empty: as it says itself */
  private async begin({ scope, id, why, by, note, until }: NewPause, lasting: readonly number[]): Promise<Pause> {
    // Ended ones count for a week; after that nobody asks for them.
    await this.database.query(
      `WITH old AS (DELETE FROM pauses WHERE until < now() - interval '8 days' RETURNING 1) SELECT 1 FROM old`,
    );
    const again = `CASE WHEN ${inForce} THEN pauses.times
                        WHEN pauses.paused_at > now() - interval '7 days' THEN pauses.times + 1 ELSE 1 END`;
    const end = (times: string): string =>
      `now() + ($7::float8[])[least(${times}, cardinality($7::float8[]))] * interval '1 millisecond'`;
    const [row] = await this.database.query<Row>(
      `INSERT INTO pauses (scope, id, why, until, paused_by, note)
       VALUES ($1, $2, $3, coalesce($4::timestamptz, ${end('1')}), $5, $6)
       ON CONFLICT (scope, id, why) DO UPDATE
          SET times = ${again},
              paused_at = CASE WHEN ${inForce} THEN pauses.paused_at ELSE now() END,
              until = CASE WHEN cardinality($7::float8[]) = 0 THEN excluded.until
                           WHEN ${inForce} THEN pauses.until ELSE ${end(again)} END,
              paused_by = excluded.paused_by, note = excluded.note
       RETURNING ${columns}`,
      [scope, id, why, until ?? null, by, note === undefined ? null : cutText(storableText(note), noteLength), lasting],
    );
    if (!row) throw new Error('a pause was written and not returned');
    return toPause(row);
  }
}

function waitingRows(table: string): string {
  return `SELECT ${table}.comment_id, pauses.scope, pauses.why, pauses.paused_at
            FROM ${table} JOIN pauses ON ${stops[table] ?? 'false'} AND ${holdsBack(table)}
           WHERE ${table}.due_at <= now()`;
}

function toPause({ scope, id, why, until, pausedBy, pausedAt, note, times }: Row): Pause {
  return {
    scope: listed(pauseScopes, scope),
    id,
    why: listed(pauseReasons, why),
    by: listed(['system', 'operator'], pausedBy),
    at: pausedAt,
    times,
    ...(until && { until }),
    ...(note !== null && { note }),
  };
}
