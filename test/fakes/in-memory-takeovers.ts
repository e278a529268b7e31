import { decide, type NewDecision } from '#domain/comments/reason-codes.js';
import type { Takeover, Takeovers, TakeoverScope } from '#domain/policies/takeovers.js';
import type { AccountId, CommentId } from '#domain/shared/ids.js';
import { factsOf, written, type Held, type ModerationState, type ReplyState, type Tables } from './in-memory-rows.js';
import type { VirtualClock } from './virtual-clock.js';

/** Who has taken what over: the same promises as the PostgreSQL adapter, one commit each. */
export class InMemoryTakeovers implements Takeovers {
  private readonly taken = new Map<string, Takeover>();

  constructor(
    private readonly tables: Tables,
    private readonly clock: VirtualClock,
    private readonly note: (id: CommentId, decisions: readonly NewDecision[]) => void,
  ) {}

  of(commentId: CommentId): TakeoverScope | undefined {
    const { mediaId } = this.tables.comment(commentId).comment;
    if (this.taken.has(`thread ${this.topOf(commentId)}`)) return 'thread';
    return this.taken.has(`post ${mediaId}`) ? 'post' : undefined;
  }

  /** One that the bot planned, where a person acts. */
  holdsReply({ reply: { channel, intent, commentId } }: ReplyState): boolean {
    return channel === 'public' && intent === 'auto' && this.of(commentId) !== undefined;
  }

  holdsHide(row: ModerationState): boolean {
    return row.byPerson !== true && this.of(row.moderation.commentId) !== undefined;
  }

  async takeThread(commentId: CommentId): Promise<Takeover | undefined> {
    await Promise.resolve();
    const row = this.tables.comments.get(commentId);
    if (!row) return undefined;
    if (this.of(commentId) !== 'thread') this.note(commentId, [decide('thread-taken-over')]);
    return this.take('thread', this.topOf(commentId), row.comment.accountId);
  }

  async mutePost(accountId: AccountId, mediaId: string): Promise<Takeover> {
    await Promise.resolve();
    return this.take('post', mediaId, accountId);
  }

  async handBackThread(commentId: CommentId): Promise<boolean> {
    await Promise.resolve();
    const ended = this.taken.delete(`thread ${this.topOf(commentId)}`);
    if (ended) this.note(commentId, [decide('thread-handed-back')]);
    return ended;
  }

  async unmutePost(mediaId: string): Promise<boolean> {
    await Promise.resolve();
    return this.taken.delete(`post ${mediaId}`);
  }

  async list(limit: number): Promise<readonly Takeover[]> {
    return await Promise.resolve([...this.taken.values()].toReversed().slice(0, limit));
  }

  private topOf(commentId: CommentId): CommentId {
    return this.tables.comments.get(commentId)?.comment.parentId ?? commentId;
  }

  private take(scope: TakeoverScope, id: string, accountId: AccountId): Takeover {
    const key = `${scope} ${id}`;
    const takeover = this.taken.get(key) ?? { scope, id, accountId, by: 'operator' as const, at: this.clock.now() };
    this.taken.set(key, takeover);
    for (const { comment } of this.tables.comments.values()) {
      if (scope === 'thread' ? this.topOf(comment.id) === id : comment.mediaId === id) this.stop(comment.id);
    }
    return takeover;
  }

  /** What the bot planned and has not begun waits for a person. */
  private stop(commentId: CommentId): void {
    const free = (row: Held): void => {
      Object.assign(row, { leaseUntil: undefined, dueAt: undefined, epoch: row.epoch + 1 });
      const comment = this.tables.comment(commentId);
      const { stage } = comment.comment;
      if (stage === 'done' || stage === 'parked') {
        comment.comment = { ...comment.comment, stage: 'acting', outcome: undefined };
      }
    };
    for (const row of this.tables.replies.values()) {
      const { reply } = row;
      const ours = reply.commentId === commentId && reply.channel === 'public' && reply.intent === 'auto';
      if (!ours || row.attempt > 0 || (reply.state !== 'wanted' && reply.state !== 'drafted')) continue;
      row.reply =
        reply.state === 'wanted' ? { ...factsOf(reply), state: 'waiting' } : { ...written(reply), state: 'waiting' };
      free(row);
      this.note(commentId, [decide('reply-taken-over')]);
    }
    for (const row of this.tables.moderations.values()) {
      const { moderation } = row;
      const ours = moderation.commentId === commentId && row.byPerson !== true && moderation.state === 'due';
      if (!ours || row.leaseUntil !== undefined) continue;
      row.moderation = { ...moderation, state: 'suggested' };
      free(row);
      this.note(commentId, [decide('hide-taken-over')]);
    }
    this.tables.settle(commentId);
  }
}
