import type { NewDecision } from '#domain/comments/reason-codes.js';
import { reasons, type ReasonCode } from '#domain/comments/reason-codes.js';
import type { Alert, AlertContent, AlertState } from '#domain/notifications/alert.js';
import type { Alerts } from '#domain/notifications/alerts.js';
import { AlertId, CommentId } from '#domain/shared/ids.js';
import type { Lease } from '#domain/work/lease.js';
import { toComment } from './comments.js';
import type { Database } from './database.js';
import { AlertRow } from './entities/alert.entity.js';
import { CommentRow } from './entities/comment.entity.js';
import { MediaRow } from './entities/media.entity.js';
import { toMedia } from './media-library.js';
import { listed, optional } from './reading.js';
import { Transitions } from './transition.js';

const states: readonly AlertState[] = ['waiting', 'sending', 'told', 'no-channel', 'parked'];

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
      suggested: boolean;
    }>(
      `SELECT (SELECT text FROM replies WHERE comment_id = $1 AND state = 'waiting') AS draft,
              (SELECT reason FROM decisions WHERE comment_id = $1 AND step = 'draft' ORDER BY id DESC LIMIT 1) AS why,
              (SELECT parked_reason FROM (
                 SELECT parked_reason, parked_at FROM comments WHERE id = $1
                 UNION ALL SELECT parked_reason, parked_at FROM replies WHERE comment_id = $1
                 UNION ALL SELECT parked_reason, parked_at FROM moderations WHERE comment_id = $1) AS given_up
                WHERE parked_at IS NOT NULL ORDER BY parked_at DESC LIMIT 1) AS parked,
              EXISTS (SELECT 1 FROM moderations WHERE comment_id = $1 AND state = 'suggested') AS suggested`,
      [alert.commentId],
    );
    return {
      comment: toComment(row),
      media: media ? toMedia(media) : undefined,
      draft: facts?.why ? { text: optional(facts.draft), why: explanationOf(facts.why) } : undefined,
      parked: facts?.parked ? explanationOf(facts.parked) : undefined,
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
