import type { NewDecision } from '#domain/comments/reason-codes.js';
import { jobCatalog } from '#domain/jobs/job-catalog.js';
import {
  moderationActions,
  moderationStates,
  type Moderation,
  type ModerationAction,
} from '#domain/moderation/moderation.js';
import type { Moderations } from '#domain/moderation/moderations.js';
import { AppError } from '#domain/shared/errors.js';
import { AccountId, CommentId, ModerationId } from '#domain/shared/ids.js';
import { toMs } from '#domain/work/backoff.js';
import type { Lease } from '#domain/work/lease.js';
import { decisionsParameter, insertDecisions, type Database, type Session } from './database.js';
import { ModerationRow } from './entities/moderation.entity.js';
import { notPaused } from './pauses.js';
import { listed } from './reading.js';
import { hideTakenOver } from './takeovers.js';
import { reopenComment, Transitions } from './transition.js';

interface StoredModeration {
  readonly id: string;
  readonly comment_id: string;
  readonly account_id: string;
  readonly action: string;
  readonly state: string;
}

// What each action leaves behind at the comment, said here because it is a statement's text.
const afterwards: Readonly<Record<ModerationAction, string>> = {
  hide: 'UPDATE comments SET hidden = true WHERE id = ANY ($1)',
  unhide: 'UPDATE comments SET hidden = false WHERE id = ANY ($1)',
  delete: 'UPDATE comments SET hidden = hidden WHERE id = ANY ($1)',
};

const leaseMs = toMs(jobCatalog['moderation.apply'].lease);

export class PostgresModerations implements Moderations {
  private readonly transitions: Transitions;

  constructor(private readonly database: Database) {
    this.transitions = new Transitions(database);
  }

  async find(id: ModerationId): Promise<Moderation | undefined> {
    const row = await this.database.one(ModerationRow, { id });
    if (!row) return undefined;
    const { commentId, accountId, action, state } = row;
    return toModeration({ id: row.id, comment_id: commentId, account_id: accountId, action, state });
  }

  async wish(
    commentId: CommentId,
    action: ModerationAction,
    requestId: string | undefined,
    decision: NewDecision,
  ): Promise<Moderation> {
    return await this.database.transaction(async (session) => {
      // Wishes for one comment one after another. Not by its row: steps lock their own row first and the comment's after.
      await session.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`moderation ${commentId}`]);
      const standing = await standingFor(session, commentId, action, requestId);
      if (standing) return standing;
      const [made] = await session.query<StoredModeration>(wishStatement, [
        commentId,
        action,
        requestId ?? null,
        decisionsParameter([decision]),
      ]);
      if (!made) throw new Error(`no comment ${commentId}`);
      await session.query(reopenComment, [commentId]);
      return toModeration(made);
    });
  }

  async replyStillDue(moderation: Moderation): Promise<boolean> {
    const rows = await this.database.query(
      `SELECT 1 FROM replies WHERE comment_id = $1 AND channel = 'public' AND due_at IS NOT NULL`,
      [moderation.commentId],
    );
    return rows.length > 0;
  }

  async begin(lease: Lease): Promise<'begun' | 'paused'> {
    const outcome = await this.transitions.advance(lease, {
      set: `lease_until = now() + given.lease_ms * interval '1 millisecond',
            due_at = now() + given.lease_ms * interval '1 millisecond'`,
      values: { lease_ms: ['integer', leaseMs] },
      from: ['due'],
      // In this very statement: the row may have been taken before the pause.
      onlyIf: notPaused('moderations'),
      decisions: [],
      lease: 'keep',
    });
    return outcome === 'moved' ? 'begun' : 'paused';
  }

  async leaveIfTakenOver(lease: Lease, decision: NewDecision): Promise<boolean> {
    const outcome = await this.transitions.advance(lease, {
      set: `state = 'suggested'`,
      from: ['due'],
      onlyIf: hideTakenOver,
      decisions: [decision],
      lease: 'end',
    });
    return outcome === 'moved';
  }

  async recordDone(lease: Lease, action: ModerationAction, decision: NewDecision): Promise<void> {
    await this.transitions.advance(lease, {
      set: `state = 'done', done_at = now()`,
      from: ['due'],
      decisions: [decision],
      lease: 'end',
      also: afterwards[action],
    });
  }

  async drop(lease: Lease, decision: NewDecision): Promise<void> {
    await this.transitions.advance(lease, {
      set: `state = 'dropped'`,
      from: ['due'],
      decisions: [decision],
      lease: 'end',
    });
  }
}

/** The row that stands for this wish already: the same request, the same thing still due, or a deletion, which is for good. */
async function standingFor(
  session: Session,
  commentId: CommentId,
  action: ModerationAction,
  requestId: string | undefined,
): Promise<Moderation | undefined> {
  const [found] = await session.query<StoredModeration>(
    `SELECT id, comment_id, account_id, action, state FROM moderations
      WHERE comment_id = $1
        AND (request_id = $3 OR (action = $2 AND (state = 'due' OR (action = 'delete' AND state = 'done'))))
      ORDER BY request_id = $3 DESC NULLS LAST, created_at DESC LIMIT 1`,
    [commentId, action, requestId ?? null],
  );
  if (!found) return undefined;
  if (found.action !== action) throw new AppError('conflict', 'This requestId was used for another action.');
  if (found.state !== 'due') return toModeration(found);
  // From here on it is a person's wish, also when the bot had planned it: a takeover does not stop it.
  const [adopted] = await session.query<StoredModeration>(
    `WITH adopted AS (
       UPDATE moderations SET actor = 'operator' WHERE id = $1 AND state = 'due'
       RETURNING id, comment_id, account_id, action, state)
     SELECT * FROM adopted`,
    [found.id],
  );
  return adopted && toModeration(adopted);
}

// The former wishes are dropped, also one that was given up: it would keep the comment parked for ever. A call that is just made for one of them has ended when its lease has.
const wishStatement = `
WITH former AS (
  SELECT id, CASE WHEN state = 'due' THEN lease_until END AS busy_until FROM moderations
   WHERE comment_id = $1 AND state IN ('due', 'suggested', 'parked') FOR UPDATE
), dropped AS (
  UPDATE moderations SET state = 'dropped', due_at = NULL, owner = NULL, lease_until = NULL, epoch = epoch + 1,
         parked_from = NULL, parked_at = NULL, parked_reason = NULL
    FROM former WHERE moderations.id = former.id
), made AS (
  INSERT INTO moderations (comment_id, account_id, action, actor, request_id, state, due_at)
  SELECT id, account_id, $2, 'operator', $3, 'due', greatest(now(), (SELECT max(busy_until) FROM former))
    FROM comments WHERE id = $1
  RETURNING id, comment_id, account_id, action, state
), told AS (${insertDecisions('made', '$4')})
SELECT * FROM made`;

function toModeration(row: StoredModeration): Moderation {
  return {
    id: ModerationId.parse(row.id),
    commentId: CommentId.parse(row.comment_id),
    accountId: AccountId.parse(row.account_id),
    action: listed(moderationActions, row.action),
    state: listed(moderationStates, row.state),
  };
}
