import type { NewDecision } from '#domain/comments/reason-codes.js';
import { StaleLease, type Lease, type WorkRef } from '#domain/work/lease.js';
import { decisionsParameter, insertDecisions, type Database, type Session } from './database.js';

/** Where the rows of each kind of work stand. A closed map: names in statements never come from outside. */
export const workTables: Readonly<
  Record<WorkRef['kind'], { readonly table: string; readonly stage: string; readonly commentId: string }>
> = {
  comment: { table: 'comments', stage: 'stage', commentId: 'id' },
  reply: { table: 'replies', stage: 'state', commentId: 'comment_id' },
  moderation: { table: 'moderations', stage: 'state', commentId: 'comment_id' },
  alert: { table: 'alerts', stage: 'state', commentId: 'comment_id' },
};

/** Something is due again about a finished comment; $1 is its id. Its end is found anew. */
export const reopenComment = `UPDATE comments SET stage = 'acting', outcome = NULL, finished_at = NULL
  WHERE id = $1 AND stage IN ('done', 'parked')`;

/** For an alert that is there already: one that was told is told again, because there is more to tell; others still say it. */
export const tellAgain = `UPDATE SET state = 'waiting', due_at = excluded.due_at, attempts = 0, last_error = NULL
  WHERE alerts.state IN ('told', 'no-channel')`;

export interface Transition {
  /** SET expressions; parameters start at $4. */
  readonly set: string;
  readonly parameters?: readonly unknown[];
  /** States that the row may be in; anything else means that somebody else moved it. */
  readonly from: readonly string[];
  readonly decisions: readonly NewDecision[];
  /** `keep`: we go on working on the row · `end`: nothing is due · a number: due again in so many milliseconds. */
  readonly lease: 'keep' | 'end' | number;
  /** A condition that must hold besides; where it does not, nothing changes and no other statement runs. */
  readonly onlyIf?: string;
  /** A statement after it in the same commit. */
  readonly also?: { readonly sql: string; readonly parameters: readonly unknown[] };
}

/**
 * One step of a row's way, in one commit: the new state, its decisions, and the comment's end when nothing else is due.
 * @returns 'held-back' when `onlyIf` does not hold
 * @throws StaleLease when the row is no longer ours
 */
export async function advance(database: Database, lease: Lease, step: Transition): Promise<'moved' | 'held-back'> {
  const { table, stage, commentId } = workTables[lease.ref.kind];
  const moved = `WITH moved AS (
      UPDATE ${table} SET ${[step.set, ...leaseColumns(step.lease)].filter((part) => part !== '').join(', ')}
       WHERE id = $1 AND epoch = $2 AND ${stage} IN (${statesIn(step)})
         AND ${step.onlyIf ?? 'true'}
      RETURNING ${commentId} AS comment_id
    ), told AS (${insertDecisions('moved', '$3')})
    SELECT comment_id FROM moved`;
  const parameters = [lease.ref.id, lease.epoch, decisionsParameter(step.decisions), ...(step.parameters ?? [])];

  if (step.lease === 'keep' && !step.also) {
    const rows = await database.query(moved, parameters);
    return rows.length === 0 ? await heldBack(database, lease, step) : 'moved';
  }
  return await database.transaction(async (session) => {
    const rows = await session.query(moved, parameters);
    if (rows.length === 0) return await heldBack(session, lease, step);
    if (step.also) await session.query(step.also.sql, step.also.parameters);
    if (step.lease === 'end') await session.query('SELECT settle_comment($1)', [lease.commentId]);
    return 'moved';
  });
}

/** The row did not move: because of the condition, or because it is not ours any more. @throws StaleLease */
async function heldBack(session: Session, lease: Lease, step: Transition): Promise<'held-back'> {
  const { table, stage } = workTables[lease.ref.kind];
  const ours =
    step.onlyIf === undefined
      ? []
      : await session.query(`SELECT 1 FROM ${table} WHERE id = $1 AND epoch = $2 AND ${stage} IN (${statesIn(step)})`, [
          lease.ref.id,
          lease.epoch,
        ]);
  if (ours.length === 0) throw new StaleLease(lease);
  return 'held-back';
}

function statesIn({ from }: Transition): string {
  return from.map((state) => `'${state}'`).join(', ');
}

function leaseColumns(lease: Transition['lease']): string[] {
  if (lease === 'keep') return [];
  const free = ['owner = NULL', 'lease_until = NULL', 'attempts = 0', 'last_error = NULL'];
  // Whole milliseconds from our own rules, never from outside.
  const due = lease === 'end' ? 'NULL' : `now() + interval '${Math.round(lease)} milliseconds'`;
  return [...free, `due_at = ${due}`];
}
