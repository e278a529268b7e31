import { decidedByOperator, reasons, type ReasonCode } from '#domain/comments/reason-codes.js';
import { CommentId } from '#domain/shared/ids.js';
import type { WorkRef } from '#domain/work/lease.js';
import { keyOf, type Parked, type ParkedQuery, type ParkedWork, type RetryOutcome } from '#domain/work/parked.js';
import { decisionsParameter, insertDecisions, type Database } from './database.js';
import { refOf } from './leases.js';
import { listed, optional } from './reading.js';
import { reopenComment, workTables } from './transition.js';

const reasonCodes = Object.keys(reasons) as ReasonCode[]; // the keys of a closed record

interface ParkedRow {
  readonly kind: WorkRef['kind'];
  readonly id: string;
  readonly comment_id: string;
  readonly reason: string;
  readonly error: string | null;
  readonly since: Date;
}

// The state to go on from, where it is not the former one. A reply that was tried may be out: it comes back in doubt, its
// looks are counted anew, and only after them it may be sent once more, because a person asked for it.
const returning: Readonly<Record<WorkRef['kind'], string>> = {
  comment: `stage = parked_from, outcome = NULL, finished_at = NULL`,
  reply: `state = CASE WHEN parked_from IN ('wanted', 'removing') THEN parked_from WHEN attempt > 0 THEN 'unknown' ELSE 'drafted' END,
          attempt = least(attempt, 1), empty_listings = 0`,
  moderation: `state = parked_from`,
  alert: `state = parked_from`,
};

export class PostgresParked implements Parked {
  constructor(private readonly database: Database) {}

  async list({ limit, after, reason }: ParkedQuery): Promise<readonly ParkedWork[]> {
    const rows = await this.database.query<ParkedRow>(listStatement, [
      limit,
      after?.since ?? null,
      after?.key ?? null,
      reason ?? null,
    ]);
    return rows.map((row) => ({
      ref: refOf(row.kind, row.id),
      commentId: CommentId.parse(row.comment_id),
      reason: listed(reasonCodes, row.reason),
      error: optional(row.error),
      since: row.since,
    }));
  }

  async retry(ref: WorkRef): Promise<RetryOutcome> {
    const { table, stage, commentId } = workTables[ref.kind];
    const decision = decidedByOperator('retried-by-operator', { work: ref.kind, id: keyOf(ref) });
    return await this.database.transaction(async (session): Promise<RetryOutcome> => {
      const [row] = await session.query<{ comment_id: string; stage: string }>(
        `WITH retried AS (
           UPDATE ${table} SET ${returning[ref.kind]}, parked_from = NULL, parked_at = NULL, parked_reason = NULL,
                  attempts = 0, last_error = NULL, due_at = now()
            WHERE id = $1 AND parked_at IS NOT NULL
           RETURNING ${commentId} AS comment_id, ${stage} AS stage
         ), told AS (${insertDecisions('retried', '$2')})
         SELECT comment_id, stage FROM retried`,
        [ref.id, decisionsParameter([decision])],
      );
      if (!row) {
        const known = await session.query(`SELECT 1 FROM ${table} WHERE id = $1`, [ref.id]);
        return { kind: known.length > 0 ? 'not-parked' : 'unknown' };
      }
      if (ref.kind !== 'comment') await session.query(reopenComment, [row.comment_id]);
      return { kind: 'retried', commentId: CommentId.parse(row.comment_id), due: { ref, stage: row.stage } };
    });
  }
}

const listStatement = `
SELECT kind, id, comment_id, reason, since,
       (SELECT detail->>'error' FROM decisions
         WHERE decisions.comment_id = parked.comment_id AND decisions.reason = parked.reason
           AND detail->>'work' = kind ORDER BY decisions.id DESC LIMIT 1) AS error
  FROM (${Object.entries(workTables)
    .map(
      ([kind, { table, commentId }]) =>
        `(SELECT '${kind}' AS kind, id::text AS id, ${commentId} AS comment_id, parked_reason AS reason,
                 parked_at AS since, ('${kind}-' || id) COLLATE "C" AS key
            FROM ${table}
           WHERE parked_at IS NOT NULL AND ($4::text IS NULL OR parked_reason = $4)
             AND ($2::timestamptz IS NULL OR (parked_at, ('${kind}-' || id) COLLATE "C") < ($2, $3::text COLLATE "C"))
           ORDER BY parked_at DESC, key DESC LIMIT $1)`,
    )
    .join(' UNION ALL ')}) AS parked
 ORDER BY since DESC, key DESC LIMIT $1`;
