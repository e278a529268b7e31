import type { ReasonCode } from '#domain/comments/reason-codes.js';
import { decide } from '#domain/comments/reason-codes.js';
import { AccountId, AlertId, CommentId, ModerationId, ReplyId } from '#domain/shared/ids.js';
import { cutText, storableText } from '#domain/shared/text.js';
import type { ClaimOutcome, Lease, WorkRef } from '#domain/work/lease.js';
import type { DueWork, LaterOptions, Leases } from '#domain/work/leases.js';
import { decisionsParameter, type Database } from './database.js';
import { notPaused } from './pauses.js';
import { advance, tellAgain, workTables } from './transition.js';

/** A waiting row is looked at again no sooner than this: rounding must not make a busy loop. */
const shortestWaitMs = 50;
/** Longer errors say nothing more; a vendor's HTML page does not belong into a row. */
const errorLength = 500;

const openStates: Readonly<Record<WorkRef['kind'], readonly string[]>> = {
  comment: ['received'],
  reply: ['wanted', 'drafted', 'sending', 'unknown'],
  moderation: ['due'],
  alert: ['waiting', 'sending'],
};

interface ClaimedRow {
  readonly epoch: number;
  readonly attempts: number;
  readonly comment_id: string;
  readonly account_id: string;
  readonly trace_id: string;
}

const tellOfParked = `
  INSERT INTO alerts (comment_id, account_id, state, due_at)
  SELECT id, account_id, 'waiting', now() FROM comments WHERE id = $1
  ON CONFLICT (comment_id) DO ${tellAgain}`;

export class PostgresLeases implements Leases {
  /** @param owner names this process in the rows it holds; for people who look, not for safety (that is the epoch) */
  constructor(
    private readonly database: Database,
    private readonly owner: string,
  ) {}

  async claim(ref: WorkRef, forMs: number): Promise<ClaimOutcome> {
    const { table, commentId } = workTables[ref.kind];
    const [row] = await this.database.query<ClaimedRow>(
      `WITH claimed AS (
         UPDATE ${table} SET epoch = epoch + 1, owner = $2,
                lease_until = now() + $3 * interval '1 millisecond', due_at = now() + $3 * interval '1 millisecond'
          WHERE id = $1 AND due_at <= now() AND EXISTS (SELECT 1 FROM accounts WHERE accounts.id = account_id)
            AND ${notPaused(table)}
         RETURNING epoch, attempts, ${commentId} AS comment_id, account_id)
       SELECT claimed.*, comments.trace_id FROM claimed JOIN comments ON comments.id = claimed.comment_id`,
      [ref.id, this.owner, forMs],
    );
    if (row) {
      const about = { commentId: CommentId.parse(row.comment_id), accountId: AccountId.parse(row.account_id) };
      const lease = { ref, ...about, epoch: row.epoch, attempts: row.attempts, traceId: row.trace_id };
      return { kind: 'claimed', lease };
    }
    const [waiting] = await this.database.query<{ in_ms: number }>(
      `SELECT (extract(epoch FROM due_at - now()) * 1000)::float8 AS in_ms FROM ${table}
        WHERE id = $1 AND due_at > now()`,
      [ref.id],
    );
    return waiting
      ? { kind: 'not-yet', inMs: Math.max(shortestWaitMs, Math.ceil(waiting.in_ms)) }
      : { kind: 'nothing-to-do' };
  }

  async renew(lease: Lease, forMs: number): Promise<boolean> {
    const rows = await this.database.query(
      `WITH renewed AS (
         UPDATE ${workTables[lease.ref.kind].table}
            SET lease_until = now() + $3 * interval '1 millisecond', due_at = now() + $3 * interval '1 millisecond'
          WHERE id = $1 AND epoch = $2 AND lease_until IS NOT NULL
         RETURNING id)
       SELECT id FROM renewed`,
      [lease.ref.id, lease.epoch, forMs],
    );
    return rows.length > 0;
  }

  async release(lease: Lease, { delayMs, error, spentTry, decision }: LaterOptions): Promise<void> {
    const { table } = workTables[lease.ref.kind];
    await this.database.query(
      `WITH released AS (
         UPDATE ${table}
            SET owner = NULL, lease_until = NULL, due_at = now() + $3 * interval '1 millisecond',
                attempts = attempts + $4, last_error = nullif($5, '')
          WHERE id = $1 AND epoch = $2 AND lease_until IS NOT NULL
         RETURNING 1)
       INSERT INTO decisions (comment_id, step, reason, detail)
       SELECT $6, d->>'step', d->>'reason', d->'detail'
         FROM released, jsonb_array_elements($7::jsonb) AS d
        WHERE d->>'reason' IS DISTINCT FROM
              (SELECT reason FROM decisions WHERE comment_id = $6 ORDER BY id DESC LIMIT 1)`,
      [
        lease.ref.id,
        lease.epoch,
        Math.round(delayMs),
        spentTry ? 1 : 0,
        shortened(error),
        lease.commentId,
        decisionsParameter(decision ? [decision] : []),
      ],
    );
  }

  async park(lease: Lease, reason: ReasonCode, error: string): Promise<void> {
    const { stage } = workTables[lease.ref.kind];
    const ended = lease.ref.kind === 'comment' ? ", outcome = 'parked', finished_at = now()" : '';
    await advance(this.database, lease, {
      set: `${stage} = 'parked', parked_from = ${stage}, parked_reason = $4, parked_at = date_trunc('milliseconds', now())${ended}`,
      parameters: [reason],
      from: openStates[lease.ref.kind],
      decisions: [decide(reason, { error: shortened(error), tries: lease.attempts + 1, work: lease.ref.kind })],
      lease: 'end',
      // What machines give up, a person must hear of; of an alert that could not be told, nobody can.
      ...(lease.ref.kind !== 'alert' && { also: { sql: tellOfParked, parameters: [lease.commentId] } }),
    });
  }

  async due(limit: number): Promise<readonly DueWork[]> {
    const rows = await this.database.query<{ kind: WorkRef['kind']; id: string; stage: string }>(
      `SELECT kind, id, stage FROM (${Object.entries(workTables)
        .flatMap(([kind, { table, stage }]) =>
          (shares[table] ?? ['true']).map(
            (share) => `(${inTurns(kind, table, stage, share)} ORDER BY turn, due_at LIMIT $1)`,
          ),
        )
        .join(' UNION ALL ')}) AS due ORDER BY turn, due_at`,
      [limit],
    );
    return rows.map(({ kind, id, stage }) => ({ ref: refOf(kind, id), stage }));
  }
}

// Rows of one table whose jobs go into different lanes: those that wait for the model must not hide those that are written.
const shares: Readonly<Record<string, readonly string[]>> = { replies: [`state = 'wanted'`, `state <> 'wanted'`] };

/** Due rows with their place among those of their account: the first of every account, then the second of each … */
function inTurns(kind: string, table: string, stage: string, share: string): string {
  return `SELECT '${kind}' AS kind, of_account.id, of_account.stage, due_at,
                 row_number() OVER (PARTITION BY account_id ORDER BY due_at) AS turn
            FROM accounts CROSS JOIN LATERAL (
              SELECT id::text AS id, ${stage} AS stage, due_at, account_id FROM ${table}
               WHERE account_id = accounts.id AND due_at <= now() AND ${share} AND ${notPaused(table)}
               ORDER BY due_at LIMIT $1) AS of_account`;
}

export function refOf(kind: WorkRef['kind'], id: string): WorkRef {
  switch (kind) {
    case 'comment':
      return { kind, id: CommentId.parse(id) };
    case 'reply':
      return { kind, id: ReplyId.parse(id) };
    case 'moderation':
      return { kind, id: ModerationId.parse(id) };
    case 'alert':
      return { kind, id: AlertId.parse(id) };
  }
}

function shortened(error: string): string {
  return cutText(storableText(error), errorLength);
}
