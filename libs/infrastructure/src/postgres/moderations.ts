import type { NewDecision } from '#domain/comments/reason-codes.js';
import type { Moderation, ModerationState } from '#domain/moderation/moderation.js';
import type { Moderations } from '#domain/moderation/moderations.js';
import { AccountId, CommentId, ModerationId } from '#domain/shared/ids.js';
import type { Lease } from '#domain/work/lease.js';
import type { Database } from './database.js';
import { ModerationRow } from './entities/moderation.entity.js';
import { listed } from './reading.js';
import { advance } from './transition.js';

const states: readonly ModerationState[] = ['due', 'suggested', 'done', 'parked', 'dropped'];

export class PostgresModerations implements Moderations {
  constructor(private readonly database: Database) {}

  async find(id: ModerationId): Promise<Moderation | undefined> {
    const row = await this.database.one(ModerationRow, { id });
    if (!row) return undefined;
    return {
      id: ModerationId.parse(row.id),
      commentId: CommentId.parse(row.commentId),
      accountId: AccountId.parse(row.accountId),
      action: 'hide',
      state: listed(states, row.state),
    };
  }

  async replyStillDue(moderation: Moderation): Promise<boolean> {
    const rows = await this.database.query('SELECT 1 FROM replies WHERE comment_id = $1 AND due_at IS NOT NULL', [
      moderation.commentId,
    ]);
    return rows.length > 0;
  }

  async recordDone(lease: Lease, decision: NewDecision): Promise<void> {
    await advance(this.database, lease, {
      set: `state = 'done', done_at = now()`,
      from: ['due'],
      decisions: [decision],
      lease: 'end',
      also: { sql: 'UPDATE comments SET hidden = true WHERE id = $1', parameters: [lease.commentId] },
    });
  }

  async drop(lease: Lease, decision: NewDecision): Promise<void> {
    await advance(this.database, lease, {
      set: `state = 'dropped'`,
      from: ['due'],
      decisions: [decision],
      lease: 'end',
    });
  }
}
