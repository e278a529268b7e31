import { randomUUID } from 'node:crypto';
import type { NewDecision } from '#domain/comments/reason-codes.js';
import {
  decisionFor,
  judgedWish,
  type Carried,
  type Change,
  type FormerAction,
  type Judged,
  type OperatorReplies,
  type ReplyWish,
  type StandingReply,
} from '#domain/replies/operator-replies.js';
import { type CommentId, ReplyId } from '#domain/shared/ids.js';
import { factsOf, parkedFromOf, written, type ReplyState, type Tables } from './in-memory-rows.js';
import type { VirtualClock } from './virtual-clock.js';

interface Noted extends FormerAction {
  readonly commentId: CommentId;
}

/** What people decide about replies: the same promises as the PostgreSQL adapter, one commit each. */
export class InMemoryDeciding implements OperatorReplies {
  private readonly former: Noted[] = [];

  constructor(
    private readonly tables: Tables,
    private readonly clock: VirtualClock,
    private readonly note: (id: CommentId, decisions: readonly NewDecision[]) => void,
  ) {}

  async find(id: ReplyId): Promise<StandingReply | undefined> {
    await Promise.resolve();
    const row = this.tables.replies.get(id);
    return row && toStanding(row);
  }

  async foresee(commentId: CommentId, wish: ReplyWish): Promise<Extract<Carried, { kind: 'refused' }> | undefined> {
    await Promise.resolve();
    const judged = this.judge(commentId, wish);
    return judged.kind === 'refused' ? judged : undefined;
  }

  async carryOut(commentId: CommentId, wish: ReplyWish): Promise<Carried> {
    await Promise.resolve();
    const judged = this.judge(commentId, wish);
    if (judged.kind !== 'change') return judged;
    const row = this.change(commentId, judged.change);
    const { id } = row.reply;
    this.former.unshift({
      commentId,
      action: wish.action,
      requestId: wish.requestId,
      replyId: wish.action === 'write' ? id : wish.replyId,
      resultId: id,
      revision: 'revision' in wish ? wish.revision : undefined,
      text: 'text' in wish ? wish.text : undefined,
    });
    this.note(commentId, [decisionFor(wish)]);
    const alert = this.tables.alertOf(commentId);
    if (alert?.alert.state === 'waiting' && alert.leaseUntil === undefined) {
      alert.alert = { ...alert.alert, state: 'closed' };
      Object.assign(alert, { dueAt: undefined, epoch: alert.epoch + 1 });
    }
    this.tables.reopen(commentId);
    this.tables.settle(commentId);
    return { kind: 'done', reply: toStanding(row) };
  }

  private judge(commentId: CommentId, wish: ReplyWish): Judged {
    const rows = [...this.tables.replies.values()].filter(({ reply }) => reply.commentId === commentId);
    const former = this.former.filter((one) => one.commentId === commentId);
    return judgedWish(wish, rows.map(toStanding), former);
  }

  private change(commentId: CommentId, to: Change): ReplyState {
    if (to.kind === 'send-new') return this.add(commentId, to);
    const row = this.tables.replies.get(to.id);
    if (!row) throw new Error(`no reply ${to.id}`);
    const { reply } = row;
    const freed = { leaseUntil: undefined, attempts: 0, epoch: row.epoch + 1, parkedFrom: undefined };
    Object.assign(row, freed, { revision: (row.revision ?? 1) + 1, dueAt: this.clock.ms });
    if (to.kind === 'send') {
      const again = row.attempt > 0;
      row.reply = { ...written(reply), intent: 'person', text: to.text, state: 'drafted', again };
    } else if (to.kind === 'redraft') {
      row.regenerations = (row.regenerations ?? 0) + 1;
      row.reply = { ...factsOf(reply), intent: 'draft', state: 'wanted', hint: to.hint };
      row.formerText = written(reply).text;
    } else if (to.kind === 'drop') {
      row.reply = { ...written(reply), state: 'dropped' };
      row.dueAt = undefined;
    } else if (reply.state === 'sent') row.reply = { ...reply, state: 'removing' };
    return row;
  }

  private add(commentId: CommentId, to: Extract<Change, { kind: 'send-new' }>): ReplyState {
    const { comment } = this.tables.comment(commentId);
    const id = ReplyId.parse(randomUUID());
    const facts = { id, commentId, accountId: comment.accountId, intent: 'person', channel: 'public' } as const;
    const row: ReplyState = {
      reply: { ...facts, replaces: to.replaces, state: 'drafted', text: to.text, sources: [] },
      generation: to.generation,
      attempt: 0,
      looks: 0,
      epoch: 0,
      leaseUntil: undefined,
      dueAt: this.clock.ms,
      attempts: 0,
    };
    this.tables.replies.set(id, row);
    return row;
  }
}

function toStanding(row: ReplyState): StandingReply {
  const { id, commentId, state, intent, channel } = row.reply;
  return {
    id,
    commentId,
    state,
    intent,
    channel,
    generation: row.generation ?? 1,
    revision: row.revision ?? 1,
    text: 'text' in row.reply ? row.reply.text : undefined,
    attempt: row.attempt,
    regenerations: row.regenerations ?? 0,
    parkedFrom: parkedFromOf(row),
  };
}
