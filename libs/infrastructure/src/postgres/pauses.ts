import { decide } from '#domain/comments/reason-codes.js';
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
import { decisionsParameter, insertDecisions, type Database } from './database.js';
import type { PauseRow } from './entities/pause.entity.js';
import { listed } from './reading.js';

/** A vendor's answer or a person's remark; more of it explains no more. */
const noteLength = 500;
// Any number; the same in every process, so that one of them writes into the ledger at a time.
const tellingLock = 4_837_113;
/** Comments that hear of a pause at once; the next round tells the next ones. */
const toldAtOnce = 5_000;

type Row = Pick<PauseRow, 'scope' | 'id' | 'why' | 'until' | 'pausedBy' | 'pausedAt' | 'note' | 'times'>;

const inForce = '(pauses.until IS NULL OR pauses.until > now())';
const columns = 'scope, id, why, until, paused_by AS "pausedBy", paused_at AS "pausedAt", note, times';

/**
 * A pause in force, of those that also satisfy `which`, that holds back a row of this table. Written so that what does not
 * depend on the row is looked up once: under a pause the whole backlog may be due.
 */
function isHeldBack(table: string, which: string): string {
  const paused = (scope: string): string =>
    `SELECT id FROM pauses WHERE scope = '${scope}' AND ${inForce} AND ${which}`;
  return `((SELECT EXISTS (${paused('everything')}))
    OR ${table}.account_id IN (${paused('account')})
    OR ((SELECT EXISTS (${paused('post')})) AND EXISTS (
      SELECT 1 FROM comments AS its WHERE its.id = ${table}.comment_id AND its.media_id IN (${paused('post')}))))`;
}

// What a pause does not stop in spite of its scope: answers that are still to be written, and looking for unclear ones.
const unclear = `replies.state IN ('sending', 'unknown')`;
const held: Readonly<Record<string, string>> = {
  moderations: isHeldBack('moderations', 'true'),
  replies: `((replies.state IN ('drafted', 'removing') AND ${isHeldBack('replies', 'true')})
    OR (${unclear} AND ${isHeldBack('replies', `why = 'disconnected'`)}))`,
};

/** A condition for statements on a table of work: no pause holds the row back as it stands. */
export function notPaused(table: string): string {
  const heldBack = held[table];
  return heldBack === undefined ? 'true' : `NOT ${heldBack}`;
}

/** A condition like the one above, for work that waits for every pause, whatever its row says. */
export function noPauseFor(table: string): string {
  return `NOT ${isHeldBack(table, 'true')}`;
}

/**
 * Tells what waits for one pause ($1 scope, $2 id, $3 why). Rows that came due long before the last round were told in it,
 * so that a long pause of a large backlog costs no more than what has come since.
 */
const tellOfOne = `
  WITH pause AS (
    SELECT paused_at, coalesce(told_through, '-infinity') - interval '1 minute' AS since
      FROM pauses WHERE scope = $1 AND id = $2 AND why = $3
  ), untold AS (
    SELECT work.comment_id, work.due_at
      FROM pause, LATERAL (
        SELECT comment_id, account_id, due_at FROM moderations WHERE due_at > pause.since AND due_at <= now()
        UNION ALL
        SELECT comment_id, account_id, due_at FROM replies WHERE due_at > pause.since AND due_at <= now()
           AND (state IN ('drafted', 'removing') OR ($3 = 'disconnected' AND ${unclear}))) AS work
     WHERE ($1 = 'everything' OR ($1 = 'account' AND work.account_id = $2) OR ($1 = 'post' AND EXISTS (
             SELECT 1 FROM comments WHERE comments.id = work.comment_id AND comments.media_id = $2)))
       AND NOT EXISTS (
             SELECT 1 FROM decisions WHERE decisions.comment_id = work.comment_id
                AND decisions.reason = $4::jsonb->0->>'reason' AND decisions.at >= pause.paused_at)
     ORDER BY work.due_at LIMIT ${toldAtOnce}
  ), told AS (
    ${insertDecisions('(SELECT DISTINCT comment_id FROM untold)', '$4')})
  UPDATE pauses
     SET told_through = CASE (SELECT count(*) FROM untold) WHEN ${toldAtOnce} THEN (SELECT max(due_at) FROM untold) ELSE now() END
   WHERE scope = $1 AND id = $2 AND why = $3`;

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
    // A commit for each, so that nobody who resumes has to wait for more than one.
    for (const { scope, id, why } of await this.list()) {
      const decision = decide('waits-for-resume', { paused: scope, why });
      await this.database.transaction(async (session) => {
        const [lock] = await session.query<{ taken: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS taken', [
          tellingLock,
        ]);
        if (lock?.taken === true) await session.query(tellOfOne, [scope, id, why, decisionsParameter([decision])]);
      });
    }
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
              told_through = CASE WHEN ${inForce} THEN pauses.told_through END,
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
