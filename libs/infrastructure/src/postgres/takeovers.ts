import { decide, decidedByOperator, type NewDecision } from '#domain/comments/reason-codes.js';
import {
  takeoverScopes,
  takers,
  type Takeover,
  type TakeoverCursor,
  type Takeovers,
  type TakeoverScope,
} from '#domain/policies/takeovers.js';
import { AccountId, type CommentId, type MediaId } from '#domain/shared/ids.js';
import { decisionsParameter, insertDecisions, type Database, type Session } from './database.js';
import { listed } from './reading.js';
import { reopenComments, settleComments } from './transition.js';

type Row = Record<'scope' | 'id' | 'accountId' | 'takenBy', string> & { readonly takenAt: Date };

const columns = 'scope, id, account_id AS "accountId", taken_by AS "takenBy", taken_at AS "takenAt"';

const isTaken = (scope: TakeoverScope, id: string): string =>
  `EXISTS (SELECT 1 FROM takeovers WHERE takeovers.scope = '${scope}' AND takeovers.id = ${id})`;

/** Of a row of comments with this name: by whom it is taken over, as `Comment.takenOver` says it. */
export const takenOverAs = (comments: string): string =>
  `CASE WHEN ${isTaken('thread', `coalesce(${comments}.parent_id, ${comments}.id)`)} THEN 'thread'
        WHEN ${isTaken('post', `${comments}.media_id`)} THEN 'post' END`;

const inHands = (table: string): string => `EXISTS (SELECT 1 FROM comments AS its WHERE its.id = ${table}.comment_id
  AND (${isTaken('thread', 'coalesce(its.parent_id, its.id)')} OR ${isTaken('post', 'its.media_id')}))`;

/** A condition for statements on replies: it was planned by the bot, where a person has taken over. */
export const replyTakenOver = `(replies.channel = 'public' AND replies.intent = 'auto' AND ${inHands('replies')})`;
export const hideTakenOver = `(moderations.actor = 'system' AND ${inHands('moderations')})`;

export class PostgresTakeovers implements Takeovers {
  constructor(private readonly database: Database) {}

  async takeThread(commentId: CommentId): Promise<Takeover | undefined> {
    const decision = decidedByOperator('thread-taken-over', {});
    return await this.database.transaction(async (session) => {
      const [comment] = await session.query<{ top: string; account_id: string }>(
        'SELECT coalesce(parent_id, id) AS top, account_id FROM comments WHERE id = $1',
        [commentId],
      );
      if (!comment) return undefined;
      return await take(session, { scope: 'thread', id: comment.top, accountId: comment.account_id, by: 'operator' }, [
        commentId,
        decision,
      ]);
    });
  }

  async mutePost(accountId: AccountId, mediaId: MediaId): Promise<Takeover> {
    return await this.database.transaction(
      async (session) => await take(session, { scope: 'post', id: mediaId, accountId, by: 'operator' }),
    );
  }

  async handBackThread(commentId: CommentId): Promise<boolean> {
    const decision = decidedByOperator('thread-handed-back', {});
    const rows = await this.database.query(
      `WITH ended AS (
         DELETE FROM takeovers USING comments
          WHERE comments.id = $1 AND scope = 'thread' AND takeovers.id = coalesce(comments.parent_id, comments.id)
         RETURNING comments.id AS comment_id
       ), told AS (${insertDecisions('ended', '$2')})
       SELECT comment_id FROM ended`,
      [commentId, decisionsParameter([decision])],
    );
    return rows.length > 0;
  }

  async unmutePost(mediaId: MediaId): Promise<boolean> {
    const rows = await this.database.query(
      `WITH ended AS (DELETE FROM takeovers WHERE scope = 'post' AND id = $1 RETURNING id) SELECT id FROM ended`,
      [mediaId],
    );
    return rows.length > 0;
  }

  async list(limit: number, after?: TakeoverCursor): Promise<readonly Takeover[]> {
    const rows = await this.database.query<Row>(
      `SELECT ${columns} FROM takeovers
        WHERE $2::timestamptz IS NULL
           OR (date_trunc('milliseconds', taken_at), scope, id) < (date_trunc('milliseconds', $2::timestamptz), $3, $4)
        ORDER BY date_trunc('milliseconds', taken_at) DESC, scope DESC, id DESC LIMIT $1`,
      [limit, after?.at ?? null, after?.scope ?? null, after?.id ?? null],
    );
    return rows.map(toTakeover);
  }
}

/**
 * Somebody answered in the platform's own app: the account's reply stands in a thread and none of ours says so. Of the
 * given echoes those are looked at once each, so that a thread that was handed back is not taken by the same words again.
 */
export async function takeOverByEcho(database: Database, echoes: readonly string[]): Promise<void> {
  const persons = await database.query<{ id: string; top: string; account_id: string }>(
    `SELECT id, parent_id AS top, account_id FROM comments AS echo
      WHERE id = ANY ($1::text[])
        AND NOT EXISTS (SELECT 1 FROM replies WHERE replies.platform_reply_id = echo.id OR replies.extra_reply_id = echo.id)
        AND NOT EXISTS (
              SELECT 1 FROM replies JOIN comments AS answered ON answered.id = replies.comment_id
               WHERE (answered.id = echo.parent_id OR answered.parent_id = echo.parent_id)
                 AND replies.channel = 'public' AND (replies.attempt > 0 OR replies.state = 'sent')
                 AND ${sameWords('replies.text', 'echo.text')})
        AND NOT EXISTS (SELECT 1 FROM decisions WHERE decisions.comment_id = echo.id AND decisions.reason = 'thread-taken-over')
      ORDER BY id`,
    [echoes],
  );
  for (const { id, top, account_id } of persons) {
    const decision = decide('thread-taken-over', { by: 'platform' });
    await database.transaction(
      async (session) =>
        await take(session, { scope: 'thread', id: top, accountId: account_id, by: 'platform' }, [id, decision]),
    );
  }
}

// The platform trims and folds white space before it shows a text.
const folded = (column: string): string => `btrim(regexp_replace(${column}, '\\s+', ' ', 'g'))`;
export const sameWords = (one: string, other: string): string => `${folded(one)} = ${folded(other)}`;

interface NewTakeover {
  readonly scope: TakeoverScope;
  readonly id: string;
  readonly accountId: string;
  readonly by: Takeover['by'];
}

/** @param note a line for the ledger of a comment, when it was not taken over before */
async function take(
  session: Session,
  { scope, id, accountId, by }: NewTakeover,
  note?: readonly [commentId: string, NewDecision],
): Promise<Takeover> {
  const [commentId = null, decision] = note ?? [];
  await session.query(
    `WITH taken AS (
       INSERT INTO takeovers (scope, id, account_id, taken_by) VALUES ($1, $2, $3, $4)
       ON CONFLICT (scope, id) DO NOTHING RETURNING $5::text AS comment_id
     ), told AS (${insertDecisions(`(SELECT comment_id FROM taken WHERE comment_id IS NOT NULL)`, '$6')})
     SELECT 1 FROM taken`,
    [scope, id, accountId, by, commentId, decisionsParameter(decision ? [decision] : [])],
  );
  const stopped = await session.query<{ comment_id: string }>(stopStatement(scope), [
    id,
    decisionsParameter([decide('reply-taken-over')]),
    decisionsParameter([decide('hide-taken-over')]),
  ]);
  const comments = [...new Set(stopped.map(({ comment_id }) => comment_id))].toSorted();
  if (comments.length > 0) {
    await session.query(reopenComments, [comments]);
    await session.query(settleComments, [comments]);
  }
  const [row] = await session.query<Row>(`SELECT ${columns} FROM takeovers WHERE scope = $1 AND id = $2`, [scope, id]);
  if (!row) throw new Error('a takeover was written and is not there');
  return toTakeover(row);
}

/** What the bot planned there and has not begun waits for a person. Rows are locked in their order. */
function stopStatement(scope: TakeoverScope): string {
  const its = scope === 'thread' ? '(its.id = $1 OR its.parent_id = $1)' : 'its.media_id = $1';
  const rowsOf = (table: string, which: string): string => `SELECT ${table}.id FROM ${table}
      JOIN comments AS its ON its.id = ${table}.comment_id
     WHERE ${its} AND ${which} ORDER BY ${table}.id FOR NO KEY UPDATE OF ${table}`;
  const free = 'owner = NULL, lease_until = NULL, due_at = NULL, last_error = NULL, epoch = epoch + 1';
  return `WITH stopped AS (
      UPDATE replies SET state = 'waiting', ${free}
       WHERE id IN (${rowsOf(
         'replies',
         `replies.channel = 'public' AND replies.intent = 'auto' AND replies.attempt = 0
                             AND replies.state IN ('wanted', 'drafted')`,
       )})
      RETURNING comment_id
    ), reply_told AS (${insertDecisions('stopped', '$2')}),
    suggested AS (
      UPDATE moderations SET state = 'suggested', ${free}
       WHERE id IN (${rowsOf(
         'moderations',
         `moderations.actor = 'system' AND moderations.state = 'due'
                             AND moderations.lease_until IS NULL`,
       )})
      RETURNING comment_id
    ), hide_told AS (${insertDecisions('suggested', '$3')})
    SELECT comment_id FROM stopped UNION ALL SELECT comment_id FROM suggested`;
}

function toTakeover({ scope, id, accountId, takenBy, takenAt }: Row): Takeover {
  return {
    scope: listed(takeoverScopes, scope),
    id,
    accountId: AccountId.parse(accountId),
    by: listed(takers, takenBy),
    at: takenAt,
  };
}
