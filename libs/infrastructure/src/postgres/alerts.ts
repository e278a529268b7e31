import type { NewDecision } from '#domain/comments/reason-codes.js';
import { reasons, type ReasonCode } from '#domain/comments/reason-codes.js';
import type { Alert, AlertContent, AlertState } from '#domain/notifications/alert.js';
import { commentClassNames } from '#domain/comments/verdict.js';
import { pressing } from '#domain/notifications/alert-pace.js';
import type { Alerts, TakenAlert } from '#domain/notifications/alerts.js';
import { AccountId, AlertId, CommentId } from '#domain/shared/ids.js';
import type { Lease } from '#domain/work/lease.js';
import { toComment } from './comments.js';
import type { Database } from './database.js';
import { AlertRow } from './entities/alert.entity.js';
import { CommentRow } from './entities/comment.entity.js';
import { MediaRow } from './entities/media.entity.js';
import { toMedia } from './media-library.js';
import { listed, optional } from './reading.js';
import { Transitions } from './transition.js';

const states: readonly AlertState[] = ['waiting', 'sending', 'told', 'no-channel', 'closed', 'parked'];

export class PostgresAlerts implements Alerts {
  private readonly transitions: Transitions;

  constructor(private readonly database: Database) {
    this.transitions = new Transitions(database);
  }

  async find(id: AlertId): Promise<Alert | undefined> {
    const row = await this.database.one(AlertRow, { id });
    if (!row) return undefined;
    return {
      id: AlertId.parse(row.id),
      commentId: CommentId.parse(row.commentId),
      state: listed(states, row.state),
    };
  }

  async content(alert: Alert): Promise<AlertContent | undefined> {
    const row = await this.database.one(CommentRow, { id: alert.commentId });
    if (!row) return undefined;
    const media = row.mediaId === null ? null : await this.database.one(MediaRow, { id: row.mediaId });
    const [facts] = await this.database.query<{
      draft: string | null;
      why: string | null;
      parked: string | null;
      unsent: string | null;
      suggested: boolean;
    }>(
      `SELECT (SELECT text FROM replies WHERE comment_id = $1 AND state = 'waiting') AS draft,
              (SELECT CASE WHEN actor = 'system' THEN reason END FROM decisions
                WHERE comment_id = $1 AND step = 'draft' ORDER BY id DESC LIMIT 1) AS why,
              (SELECT parked_reason FROM (
                 SELECT parked_reason, parked_at FROM comments WHERE id = $1
                 UNION ALL SELECT parked_reason, parked_at FROM replies WHERE comment_id = $1
                 UNION ALL SELECT parked_reason, parked_at FROM moderations WHERE comment_id = $1) AS given_up
                WHERE parked_at IS NOT NULL ORDER BY parked_at DESC LIMIT 1) AS parked,
              (SELECT reason FROM decisions
                WHERE comment_id = $1 AND reason IN ('reply-target-gone', 'reply-target-hidden')
                  AND EXISTS (SELECT 1 FROM replies WHERE comment_id = $1 AND state = 'dropped' AND intent = 'person')
                ORDER BY id DESC LIMIT 1) AS unsent,
              EXISTS (SELECT 1 FROM moderations WHERE comment_id = $1 AND state = 'suggested') AS suggested`,
      [alert.commentId],
    );
    const givenUp = facts?.parked ?? facts?.unsent;
    return {
      comment: toComment(row),
      media: media ? toMedia(media) : undefined,
      draft: facts?.why ? { text: optional(facts.draft), why: explanationOf(facts.why) } : undefined,
      parked: givenUp ? explanationOf(givenUp) : undefined,
      suggestsHiding: facts?.suggested ?? false,
      maybeRepeated: alert.state === 'sending',
    };
  }

  async beginSending(lease: Lease): Promise<void> {
    await this.transitions.advance(lease, {
      set: `state = 'sending'`,
      from: ['waiting', 'sending'],
      decisions: [],
      lease: 'keep',
    });
  }

  async recordNotTold(lease: Lease): Promise<void> {
    await this.transitions.advance(lease, {
      set: `state = 'waiting'`,
      from: ['sending'],
      decisions: [],
      lease: 'keep',
    });
  }

  async recordTold(lease: Lease, messageId: string, decision: NewDecision): Promise<void> {
    await this.transitions.advance(lease, {
      set: `state = 'told', message_id = given.message, told_at = now()`,
      values: { message: ['text', messageId] },
      from: ['sending'],
      decisions: [decision],
      lease: 'end',
    });
  }

  async waitingBeside(lease: Lease, most: number): Promise<number> {
    const [row] = await this.database.prepared<{ others: number }>(
      `SELECT count(*)::integer AS others FROM (SELECT 1 FROM alerts WHERE ${freeBeside} LIMIT $2) AS free`,
      [lease.ref.id, most],
    );
    return row?.others ?? 0;
  }

  async takeBeside(lease: Lease, most: number, forMs: number): Promise<readonly TakenAlert[]> {
    const rows = await this.database.query<TakenRow>(
      `WITH free AS (
         SELECT alerts.id, class, trace_id, state, array_position($3::text[], coalesce(class, '')) AS place
           FROM alerts JOIN comments ON comments.id = comment_id
          WHERE ${freeBeside} ORDER BY place, alerts.created_at LIMIT $2
            FOR NO KEY UPDATE OF alerts SKIP LOCKED
       ), taken AS (
         UPDATE alerts SET state = 'sending', epoch = epoch + 1, owner = (SELECT owner FROM alerts WHERE id = $1),
                lease_until = now() + $4 * interval '1 millisecond', due_at = now() + $4 * interval '1 millisecond'
           FROM free WHERE alerts.id = free.id
         RETURNING alerts.id, comment_id, account_id, epoch, attempts, alerts.created_at, class, trace_id, place,
                   free.state AS found_in)
       SELECT * FROM taken ORDER BY place, created_at`,
      [lease.ref.id, most, pressing.map((name) => name ?? ''), forMs],
    );
    return rows.map(toTaken);
  }

  async letGo(leases: readonly Lease[], delayMs: number, maybeSeen: boolean): Promise<void> {
    await this.database.query(
      `UPDATE alerts SET state = CASE WHEN $4 THEN state ELSE 'waiting' END, owner = NULL, lease_until = NULL,
              due_at = now() + $3 * interval '1 millisecond', last_error = 'not told with others'
         FROM unnest($1::uuid[], $2::integer[]) AS given(id, epoch)
        WHERE alerts.id = given.id AND alerts.epoch = given.epoch AND lease_until IS NOT NULL AND state = 'sending'`,
      [leases.map(({ ref }) => ref.id), leases.map(({ epoch }) => epoch), Math.round(delayMs), maybeSeen],
    );
  }

  async recordNoChannel(lease: Lease, decision: NewDecision): Promise<void> {
    await this.transitions.advance(lease, {
      set: `state = 'no-channel'`,
      from: ['sending'],
      decisions: [decision],
      lease: 'end',
    });
  }
}

function explanationOf(reason: string): string {
  const codes = Object.keys(reasons) as ReasonCode[]; // the keys of a closed record
  return reasons[listed(codes, reason)].explanation;
}

/**
 * $1 is the alert that they would go with. One that is due later because it was not told yet may go with it, one that
 * waits for its comment's draft may not.
 */
const freeBeside = `alerts.id <> $1 AND state IN ('waiting', 'sending') AND alerts.due_at IS NOT NULL
  AND (alerts.due_at <= now() OR (alerts.lease_until IS NULL AND alerts.last_error IS NOT NULL))
  AND EXISTS (SELECT 1 FROM accounts WHERE accounts.id = alerts.account_id)`;

interface TakenRow {
  readonly id: string;
  readonly comment_id: string;
  readonly account_id: string;
  readonly epoch: number;
  readonly attempts: number;
  readonly trace_id: string;
  readonly class: string | null;
  readonly found_in: string;
}

function toTaken(row: TakenRow): TakenAlert {
  const [id, commentId] = [AlertId.parse(row.id), CommentId.parse(row.comment_id)];
  return {
    lease: {
      ref: { kind: 'alert', id },
      commentId,
      accountId: AccountId.parse(row.account_id),
      epoch: row.epoch,
      attempts: row.attempts,
      traceId: row.trace_id,
    },
    alert: { id, commentId, state: listed(states, row.found_in) },
    class: row.class === null ? undefined : listed(commentClassNames, row.class),
  };
}
