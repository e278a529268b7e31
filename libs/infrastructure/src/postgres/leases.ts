import type { ReasonCode } from '#domain/comments/reason-codes.js';
import { decide } from '#domain/comments/reason-codes.js';
import { lanes as allLanes, type Lane } from '#domain/jobs/job-catalog.js';
import { AccountId, AlertId, CommentId, ModerationId, ReplyId } from '#domain/shared/ids.js';
import { cutText, storableText } from '#domain/shared/text.js';
import type { ClaimOutcome, Lease, WorkRef } from '#domain/work/lease.js';
import type { DueWork, LaterOptions, Leases } from '#domain/work/leases.js';
import { decisionsParameter, type Database } from './database.js';
import { gathered } from './gathering.js';
import type { GroupCommit } from './group-commit.js';
import { notPaused } from './pauses.js';
import { heldInOrder, tellOfComments, Transitions, workTables } from './transition.js';

/** A waiting row is looked at again no sooner than this: rounding must not make a busy loop. */
const shortestWaitMs = 50;
/** Longer errors say nothing more; a vendor's HTML page does not belong into a row. */
const errorLength = 500;

const openStates: Readonly<Record<WorkRef['kind'], readonly string[]>> = {
  comment: ['received'],
  reply: ['wanted', 'drafted', 'sending', 'unknown', 'removing'],
  moderation: ['due'],
  alert: ['waiting', 'sending'],
};

interface ClaimedRow {
  readonly id: string;
  readonly epoch: number;
  readonly attempts: number;
  readonly comment_id: string;
  readonly account_id: string;
  readonly trace_id: string;
}

interface Claim {
  readonly ref: WorkRef;
  readonly forMs: number;
}

export class PostgresLeases implements Leases {
  private readonly transitions: Transitions;
  private readonly claims: Readonly<Record<WorkRef['kind'], GroupCommit<Claim, ClaimOutcome>>>;

  /** @param owner names this process in the rows it holds; for people who look, not for safety (that is the epoch) */
  constructor(
    private readonly database: Database,
    private readonly owner: string,
  ) {
    this.transitions = new Transitions(database);
    const claims = (kind: WorkRef['kind']): GroupCommit<Claim, ClaimOutcome> =>
      gathered(async (asked) => await this.claimAll(kind, asked));
    this.claims = {
      comment: claims('comment'),
      reply: claims('reply'),
      moderation: claims('moderation'),
      alert: claims('alert'),
    };
  }

  async claim(ref: WorkRef, forMs: number): Promise<ClaimOutcome> {
    return await this.claims[ref.kind].add({ ref, forMs });
  }

  private async claimAll(kind: WorkRef['kind'], asked: readonly Claim[]): Promise<readonly ClaimOutcome[]> {
    // Whoever asks for a row that somebody else asks for in the same statement comes after that one.
    const firsts = new Map(asked.map((claim) => [claim.ref.id, claim] as const).toReversed());
    const rows = await this.database.prepared<ClaimedRow>(claimStatement(kind), [
      [...firsts.keys()],
      [...firsts.values()].map(({ forMs }) => forMs),
      this.owner,
    ]);
    const claimed = new Map(rows.map((row) => [row.id, row]));
    const left = asked.filter((claim) => !claimed.has(claim.ref.id) || firsts.get(claim.ref.id) !== claim);
    const waiting = left.length === 0 ? undefined : await this.waitingTimes(kind, left);
    return asked.map((claim) => {
      const row = firsts.get(claim.ref.id) === claim ? claimed.get(claim.ref.id) : undefined;
      if (row) return { kind: 'claimed', lease: leaseOn(claim.ref, row) };
      const inMs = waiting?.get(claim.ref.id);
      return inMs === undefined
        ? { kind: 'nothing-to-do' }
        : { kind: 'not-yet', inMs: Math.max(shortestWaitMs, Math.ceil(inMs)) };
    });
  }

  private async waitingTimes(kind: WorkRef['kind'], of: readonly Claim[]): Promise<ReadonlyMap<string, number>> {
    const { table, idType } = workTables[kind];
    const rows = await this.database.query<{ id: string; in_ms: number }>(
      `SELECT id, (extract(epoch FROM due_at - now()) * 1000)::float8 AS in_ms FROM ${table}
        WHERE id = ANY ($1::${idType}[]) AND due_at > now()`,
      [of.map(({ ref }) => ref.id)],
    );
    return new Map(rows.map(({ id, in_ms }) => [id, in_ms]));
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
    await this.transitions.advance(lease, {
      set: `${stage} = 'parked', parked_from = ${stage}, parked_reason = given.why, parked_at = date_trunc('milliseconds', now())${ended}`,
      values: { why: ['text', reason] },
      from: openStates[lease.ref.kind],
      decisions: [decide(reason, { error: shortened(error), tries: lease.attempts + 1, work: lease.ref.kind })],
      lease: 'end',
      // What machines give up, a person must hear of; of an alert that could not be told, nobody can.
      ...(lease.ref.kind !== 'alert' && { also: tellOfComments }),
    });
  }

  async due(limit: number, lanes: readonly Lane[] = allLanes): Promise<readonly DueWork[]> {
    const wanted = shares.filter(({ lane }) => lanes.includes(lane));
    if (wanted.length === 0) return [];
    const parts = wanted.map((share) => `(${inTurns(share)} ORDER BY turn, due_at LIMIT $1)`);
    const rows = await this.database.prepared<{ kind: WorkRef['kind']; id: string; stage: string }>(
      `SELECT kind, id, stage FROM (${parts.join(' UNION ALL ')}) AS due ORDER BY turn, due_at`,
      [limit],
    );
    return rows.map(({ kind, id, stage }) => ({ ref: refOf(kind, id), stage }));
  }
}

// $1 ids, $2 for how many milliseconds, $3 who
function claimStatement(kind: WorkRef['kind']): string {
  const { table, commentId, idType } = workTables[kind];
  return `WITH given AS (SELECT * FROM unnest($1::${idType}[], $2::integer[]) AS given(id, for_ms)),
    held AS (${heldInOrder(
      table,
      `${table}.due_at <= now() AND EXISTS (SELECT 1 FROM accounts WHERE accounts.id = ${table}.account_id)
       AND ${notPaused(table)}`,
    )}),
    claimed AS (
      UPDATE ${table} SET epoch = epoch + 1, owner = $3, lease_until = now() + for_ms * interval '1 millisecond',
             due_at = now() + for_ms * interval '1 millisecond'
        FROM given JOIN held USING (id) WHERE ${table}.id = given.id
      RETURNING ${table}.id, epoch, attempts, ${table}.${commentId} AS comment_id, account_id)
    SELECT claimed.*, comments.trace_id FROM claimed JOIN comments ON comments.id = claimed.comment_id`;
}

function leaseOn(ref: WorkRef, row: ClaimedRow): Lease {
  const about = { commentId: CommentId.parse(row.comment_id), accountId: AccountId.parse(row.account_id) };
  return { ref, ...about, epoch: row.epoch, attempts: row.attempts, traceId: row.trace_id };
}

interface Share {
  readonly kind: WorkRef['kind'];
  readonly lane: Lane;
  /** Which rows of the table, where jobs of different lanes are made of them. */
  readonly which: string;
}

// A reply that became due just now is a next step: whoever did the one before has it in hand. Rung for, it would be asked
// for twice.
const notInHand = `due_at < now() - interval '1 second'`;

// As the jobs' catalogue has it. Replies that wait for the model must not hide those that are written.
const shares: readonly Share[] = [
  { kind: 'comment', lane: 'thinking', which: 'true' },
  { kind: 'reply', lane: 'thinking', which: `state = 'wanted' AND ${notInHand}` },
  { kind: 'reply', lane: 'outbound', which: `state <> 'wanted' AND ${notInHand}` },
  { kind: 'moderation', lane: 'outbound', which: 'true' },
  { kind: 'alert', lane: 'alerts', which: 'true' },
];

/**
 * Due rows with their place among those of their account: the first of every account, then the second of each … Only
 * accounts with something due are looked at, each found in the index behind the one before: thousands of brands that are
 * quiet cost nothing.
 */
function inTurns({ kind, which }: Share): string {
  const { table, stage } = workTables[kind];
  const next = (after: string): string =>
    `SELECT account_id FROM ${table} WHERE due_at IS NOT NULL ${after} ORDER BY account_id LIMIT 1`;
  return `WITH RECURSIVE due_accounts(id) AS (
              (${next('')})
            UNION ALL
              SELECT (${next('AND account_id > due_accounts.id')}) FROM due_accounts WHERE due_accounts.id IS NOT NULL)
          SELECT '${kind}' AS kind, of_account.id, of_account.stage, due_at,
                 row_number() OVER (PARTITION BY account_id ORDER BY due_at) AS turn
            FROM due_accounts JOIN accounts USING (id) CROSS JOIN LATERAL (
              SELECT id::text AS id, ${stage} AS stage, due_at, account_id FROM ${table}
               WHERE account_id = accounts.id AND due_at <= now() AND ${which} AND ${notPaused(table)}
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
