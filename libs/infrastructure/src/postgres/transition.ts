import type { NewDecision } from '#domain/comments/reason-codes.js';
import { StaleLease, type Lease, type WorkRef } from '#domain/work/lease.js';
import { decisionsParameter, insertDecisions, type Database } from './database.js';
import { columnsOf, gathered, type Value } from './gathering.js';
import type { GroupCommit } from './group-commit.js';

/** Where the rows of each kind of work stand. A closed map: names in statements never come from outside. */
export const workTables: Readonly<
  Record<
    WorkRef['kind'],
    {
      readonly table: string;
      readonly stage: string;
      readonly commentId: string;
      readonly idType: 'text' | 'uuid';
    }
  >
> = {
  comment: { table: 'comments', stage: 'stage', commentId: 'id', idType: 'text' },
  reply: { table: 'replies', stage: 'state', commentId: 'comment_id', idType: 'uuid' },
  moderation: { table: 'moderations', stage: 'state', commentId: 'comment_id', idType: 'uuid' },
  alert: { table: 'alerts', stage: 'state', commentId: 'comment_id', idType: 'uuid' },
};

/** Something is due again about a finished comment; $1 is its id. Its end is found anew. */
export const reopenComment = `UPDATE comments SET stage = 'acting', outcome = NULL, finished_at = NULL
  WHERE id = $1 AND stage IN ('done', 'parked')`;

/** The same for several. */
export const reopenComments = `UPDATE comments SET stage = 'acting', outcome = NULL, finished_at = NULL
  WHERE id = ANY ($1::text[]) AND stage IN ('done', 'parked')`;

/** For an alert that is there already: one that was told is told again, because there is more to tell; others still say it. */
export const tellAgain = `UPDATE SET state = 'waiting', due_at = excluded.due_at, attempts = 0, last_error = NULL
  WHERE alerts.state IN ('told', 'no-channel', 'closed')`;

/** Operators are to hear of these comments; $1 their ids. */
export const tellOfComments = `
  INSERT INTO alerts (comment_id, account_id, state, due_at)
  SELECT id, account_id, 'waiting', now() FROM comments WHERE id = ANY ($1) ORDER BY id
  ON CONFLICT (comment_id) DO ${tellAgain}`;

/** The ends of comments about which nothing is due any more; $1 their ids, in order: whoever locks several locks them so. */
export const settleComments = 'SELECT settle_comment(id) FROM unnest($1::text[]) AS id';

export interface Transition {
  /** SET expressions; `given.NAME` is one of the values. */
  readonly set: string;
  /** Names that no table of work has as a column. */
  readonly values?: Readonly<Record<string, Value>>;
  /** States that the row may be in; anything else means that somebody else moved it. */
  readonly from: readonly string[];
  readonly decisions: readonly NewDecision[];
  /** `keep`: we go on working on the row · `end`: nothing is due · a number: due again in so many milliseconds. */
  readonly lease: 'keep' | 'end' | number;
  /** A condition that must hold besides; where it does not, nothing changes and no other statement runs. */
  readonly onlyIf?: string;
  /** A statement after it in the same commit; $1 is an array of the comments' ids. */
  readonly also?: string;
}

interface Step {
  readonly lease: Lease;
  readonly step: Transition;
  readonly columns: Readonly<Record<string, Value>>;
}

interface Moved {
  readonly id: string;
  readonly comment_id: string;
}

/** Steps of rows on their way, each with its decisions and, when nothing else is due, the comment's end: in one commit. */
export class Transitions {
  /** By the text of the statement. Our own texts: there are only so many. */
  private readonly groups = new Map<string, GroupCommit<Step, boolean>>();

  constructor(private readonly database: Database) {}

  /**
   * Steps of one kind that are taken at the same time share a statement and a commit.
   * @returns 'held-back' when `onlyIf` does not hold
   * @throws StaleLease when the row is no longer ours
   */
  async advance(lease: Lease, step: Transition): Promise<'moved' | 'held-back'> {
    const row = { lease, step, columns: columnsFor(lease, step) };
    const moved = await this.groupOf(row).add(row);
    return moved ? 'moved' : await this.heldBack(lease, step);
  }

  private groupOf(first: Step): GroupCommit<Step, boolean> {
    const { step } = first;
    const statement = statementOf(first);
    const key = [statement, step.also].join('\n');
    const known = this.groups.get(key);
    if (known) return known;
    const group = gathered(async (steps: readonly Step[]) => await this.moveAll(statement, first, steps));
    this.groups.set(key, group);
    return group;
  }

  private async moveAll(
    statement: string,
    { lease: { ref }, step: { lease, also } }: Step,
    steps: readonly Step[],
  ): Promise<readonly boolean[]> {
    const { parameters } = columnsOf(
      steps.map(({ columns }) => columns),
      workTables[ref.kind].idType,
    );
    const write = async (): Promise<readonly Moved[]> => {
      if (also === undefined) return await this.database.prepared<Moved>(statement, parameters);
      return await this.database.transaction(async (session) => {
        const rows = await session.query<Moved>(statement, parameters);
        const comments = rows.map(({ comment_id }) => comment_id).toSorted();
        if (comments.length > 0) await session.query(also, [comments]);
        if (comments.length > 0 && lease === 'end') await session.query(settleComments, [comments]);
        return rows;
      });
    };
    const moved = new Set((await write()).map(({ id }) => id));
    return steps.map((step) => moved.has(step.lease.ref.id));
  }

  /** The row did not move: because of the condition, or because it is not ours any more. @throws StaleLease */
  private async heldBack(lease: Lease, step: Transition): Promise<'held-back'> {
    const { table, stage } = workTables[lease.ref.kind];
    const ours =
      step.onlyIf === undefined
        ? []
        : await this.database.query(
            `SELECT 1 FROM ${table} WHERE id = $1 AND epoch = $2 AND ${stage} IN (${statesIn(step)})`,
            [lease.ref.id, lease.epoch],
          );
    if (ours.length === 0) throw new StaleLease(lease);
    return 'held-back';
  }
}

function columnsFor(lease: Lease, step: Transition): Step['columns'] {
  return {
    id: ['text', lease.ref.id],
    epoch: ['integer', lease.epoch],
    decisions: ['jsonb', decisionsParameter(step.decisions)],
    due_in_ms: ['float8', typeof step.lease === 'number' ? Math.round(step.lease) : 0],
    ...step.values,
  };
}

function statementOf({ lease: { ref }, step, columns }: Step): string {
  const { table, stage, commentId, idType } = workTables[ref.kind];
  return `WITH given AS (SELECT * FROM ${columnsOf([columns], idType).given}),
    held AS (${heldInOrder(table, `${table}.epoch = given.epoch`)}),
    moved AS (
      UPDATE ${table} SET ${[step.set, ...leaseColumns(step.lease)].filter((part) => part !== '').join(', ')}
        FROM given JOIN held USING (id)
       WHERE ${table}.id = given.id AND ${table}.epoch = given.epoch AND ${table}.${stage} IN (${statesIn(step)})
         AND ${step.onlyIf ?? 'true'}
      RETURNING ${table}.id, ${table}.${commentId} AS comment_id, given.decisions
    ), told AS (${insertDecisions('moved', 'source.decisions')})
    ${step.lease === 'end' && step.also === undefined ? settled('moved', 'id') : 'SELECT id, comment_id FROM moved'}`;
}

/**
 * Comments about which nothing is due any more get their end in the statement that moved the rows: `settle_comment` looks
 * anew, and sees what the rows have become. All of them are moved before the first comment is locked, and those are
 * locked in their order.
 * @param moved a part of the statement, with these columns and `comment_id`
 */
export function settled(moved: string, ...columns: readonly string[]): string {
  return `SELECT ${['comment_id', ...columns].join(', ')}, settle_comment(comment_id)
    FROM (SELECT * FROM ${moved} ORDER BY comment_id) AS each_one`;
}

/** Rows of `given`, locked in the order of their ids: of two who lock several none waits for the other in a circle. */
export function heldInOrder(table: string, condition: string): string {
  return `SELECT ${table}.id FROM ${table} JOIN given ON given.id = ${table}.id
     WHERE ${condition} ORDER BY ${table}.id FOR NO KEY UPDATE OF ${table}`;
}

function statesIn({ from }: Transition): string {
  return from.map((state) => `'${state}'`).join(', ');
}

function leaseColumns(lease: Transition['lease']): string[] {
  if (lease === 'keep') return [];
  const free = ['owner = NULL', 'lease_until = NULL', 'attempts = 0', 'last_error = NULL'];
  const due = lease === 'end' ? 'NULL' : `now() + given.due_in_ms * interval '1 millisecond'`;
  return [...free, `due_at = ${due}`];
}
