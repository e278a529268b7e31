import {
  decisionFor,
  judgedWish,
  replyActions,
  type Carried,
  type Change,
  type FormerAction,
  type Judged,
  type OperatorReplies,
  type ReplyWish,
  type StandingReply,
} from '#domain/replies/operator-replies.js';
import { replyChannels, replyIntents, replyStates } from '#domain/replies/reply.js';
import { CommentId, ReplyId } from '#domain/shared/ids.js';
import { decisionsParameter, insertDecisions, type Database, type Session } from './database.js';
import type { ReplyActionRow, ReplyRow } from './entities/reply.entity.js';
import { listed, optional } from './reading.js';
import { reopenComment, settleComments } from './transition.js';

type StandingRow = Pick<
  ReplyRow,
  | 'id'
  | 'commentId'
  | 'state'
  | 'intent'
  | 'channel'
  | 'generation'
  | 'revision'
  | 'text'
  | 'attempt'
  | 'regenerations'
  | 'parkedFrom'
>;
type ActionRow = Pick<ReplyActionRow, 'action' | 'requestId' | 'replyId' | 'resultId' | 'revision' | 'after'>;

const columns = `id, comment_id AS "commentId", state, intent, channel, generation, revision, text, attempt, regenerations,
  parked_from AS "parkedFrom"`;
/** Of a comment; enough to know again what is sent again. */
const formerActions = 50;

export class PostgresOperatorReplies implements OperatorReplies {
  constructor(private readonly database: Database) {}

  async find(id: ReplyId): Promise<StandingReply | undefined> {
    const [row] = await this.database.query<StandingRow>(`SELECT ${columns} FROM replies WHERE id = $1`, [id]);
    return row && toStanding(row);
  }

  async foresee(commentId: CommentId, wish: ReplyWish): Promise<Extract<Carried, { kind: 'refused' }> | undefined> {
    const { judged } = await judge(this.database, commentId, wish, '');
    return judged.kind === 'refused' ? judged : undefined;
  }

  async carryOut(commentId: CommentId, wish: ReplyWish): Promise<Carried> {
    return await this.database.transaction(async (session) => {
      // Not by the comment's row: steps lock their own row first and the comment's after.
      await session.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`reply ${commentId}`]);
      const { judged, replies } = await judge(session, commentId, wish, 'ORDER BY id FOR NO KEY UPDATE');
      if (judged.kind !== 'change') return judged;
      const reply = await change(session, commentId, judged.change);
      const acted = wish.action === 'write' ? reply.id : wish.replyId;
      const before = replies.find(({ id }) => id === acted)?.text;
      await session.query(noteStatement, [
        reply.id,
        acted,
        wish.action,
        wish.requestId ?? null,
        'revision' in wish ? wish.revision : null,
        before ?? null,
        'text' in wish ? wish.text : null,
        'reason' in wish ? wish.reason : 'hint' in wish ? (wish.hint ?? null) : null,
        JSON.stringify('overruled' in wish ? wish.overruled : []),
        decisionsParameter([decisionFor(wish)]),
      ]);
      await session.query(closeAlert, [commentId]);
      await session.query(reopenComment, [commentId]);
      await session.query(settleComments, [[commentId]]);
      return { kind: 'done', reply };
    });
  }
}

async function judge(
  session: Session,
  commentId: CommentId,
  wish: ReplyWish,
  lock: string,
): Promise<{ judged: Judged; replies: readonly StandingReply[] }> {
  const rows = await session.query<StandingRow>(`SELECT ${columns} FROM replies WHERE comment_id = $1 ${lock}`, [
    commentId,
  ]);
  const former = await session.query<ActionRow>(
    `SELECT action, request_id AS "requestId", reply_id AS "replyId", result_id AS "resultId", revision, after
       FROM reply_actions WHERE comment_id = $1 ORDER BY id DESC LIMIT ${formerActions}`,
    [commentId],
  );
  const replies = rows.map(toStanding);
  return { judged: judgedWish(wish, replies, former.map(toFormer)), replies };
}

// A worker that holds the row holds an old epoch from here on.
const freed = `owner = NULL, lease_until = NULL, attempts = 0, last_error = NULL, epoch = epoch + 1, revision = revision + 1,
  parked_from = NULL, parked_at = NULL, parked_reason = NULL`;

const changing: Readonly<Record<Exclude<Change['kind'], 'send-new'>, string>> = {
  // What the draft rested on is not what a person's own words rest on.
  send: `state = 'drafted', intent = 'person', sources = CASE WHEN text = $2 THEN sources ELSE '[]' END, text = $2, due_at = now()`,
  drop: `state = 'dropped', due_at = NULL`,
  redraft: `state = 'wanted', intent = 'draft', hint = $2, regenerations = regenerations + 1, due_at = now()`,
  remove: `state = 'removing', due_at = now()`,
};

async function change(session: Session, commentId: CommentId, to: Change): Promise<StandingReply> {
  const [row] = await (to.kind === 'send-new'
    ? session.query<StandingRow>(
        `WITH made AS (
           INSERT INTO replies (comment_id, account_id, intent, channel, generation, replaces, state, text, due_at)
           SELECT id, account_id, 'person', 'public', $2, $3, 'drafted', $4, now() FROM comments WHERE id = $1
           RETURNING ${columns})
         SELECT * FROM made`,
        [commentId, to.generation, to.replaces ?? null, to.text],
      )
    : session.query<StandingRow>(
        `WITH changed AS (UPDATE replies SET ${changing[to.kind]}, ${freed} WHERE id = $1 RETURNING ${columns})
         SELECT * FROM changed`,
        [to.id, ...('text' in to ? [to.text] : to.kind === 'redraft' ? [to.hint ?? null] : [])],
      ));
  if (!row) throw new Error(`no comment ${commentId}`);
  return toStanding(row);
}

// $1 the reply that stands for it, $2 the one that was acted on
const noteStatement = `
WITH noted AS (
  INSERT INTO reply_actions (comment_id, account_id, reply_id, result_id, action, request_id, revision, before, after, note, overruled)
  SELECT comment_id, account_id, $2::uuid, id, $3, $4, $5::integer, $6, $7, $8, $9::jsonb FROM replies WHERE id = $1
  RETURNING comment_id
), told AS (${insertDecisions('noted', '$10')})
SELECT comment_id FROM noted`;

// One that is just being sent is seen by somebody in a moment; it is not called back.
const closeAlert = `
UPDATE alerts SET state = 'closed', due_at = NULL, epoch = epoch + 1
 WHERE comment_id = $1 AND state = 'waiting' AND lease_until IS NULL`;

function toStanding(row: StandingRow): StandingReply {
  return {
    id: ReplyId.parse(row.id),
    commentId: CommentId.parse(row.commentId),
    state: listed(replyStates, row.state),
    intent: listed(replyIntents, row.intent),
    channel: listed(replyChannels, row.channel),
    generation: row.generation,
    revision: row.revision,
    text: optional(row.text),
    attempt: row.attempt,
    regenerations: row.regenerations,
    parkedFrom: row.parkedFrom === null ? undefined : listed(replyStates, row.parkedFrom),
  };
}

function toFormer({ action, requestId, replyId, resultId, revision, after }: ActionRow): FormerAction {
  return {
    action: listed(replyActions, action),
    requestId: optional(requestId),
    replyId: ReplyId.parse(replyId),
    resultId: ReplyId.parse(resultId),
    revision: optional(revision),
    text: optional(after),
  };
}
