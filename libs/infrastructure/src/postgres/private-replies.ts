import { decidedByOperator } from '#domain/comments/reason-codes.js';
import type { PrivateReplies, WrittenReply } from '#domain/replies/private-replies.js';
import { replyStates } from '#domain/replies/reply.js';
import { ReplyId, type CommentId } from '#domain/shared/ids.js';
import { decisionsParameter, insertDecisions, type Database } from './database.js';
import { listed } from './reading.js';
import { reopenComment } from './transition.js';

interface StoredReply {
  readonly id: string;
  readonly state: string;
  readonly text: string;
}

export class PostgresPrivateReplies implements PrivateReplies {
  constructor(private readonly database: Database) {}

  async write(commentId: CommentId, text: string): Promise<WrittenReply> {
    const decision = decidedByOperator('private-reply-written', {});
    return await this.database.transaction(async (session) => {
      const [written] = await session.query<StoredReply>(
        `WITH written AS (
           INSERT INTO replies (comment_id, account_id, intent, channel, state, text, due_at)
           SELECT id, account_id, 'auto', 'private', 'drafted', $2, now() FROM comments WHERE id = $1
           ON CONFLICT DO NOTHING
           RETURNING id, comment_id, state, text
         ), told AS (${insertDecisions('written', '$3')})
         SELECT id, state, text FROM written`,
        [commentId, text, decisionsParameter([decision])],
      );
      if (written) await session.query(reopenComment, [commentId]);
      const [reply] = written
        ? [written]
        : await session.query<StoredReply>(
            `SELECT id, state, text FROM replies WHERE comment_id = $1 AND channel = 'private'`,
            [commentId],
          );
      if (!reply) throw new Error(`no comment ${commentId}`);
      return { id: ReplyId.parse(reply.id), state: listed(replyStates, reply.state), text: reply.text };
    });
  }
}
