import { randomUUID } from 'node:crypto';
import { decide, type NewDecision } from '#domain/comments/reason-codes.js';
import type { Moderation, ModerationAction } from '#domain/moderation/moderation.js';
import type { PrivateReplies, WrittenReply } from '#domain/replies/private-replies.js';
import type { ReplyAudit, ReplyAudits } from '#domain/replies/reply-audits.js';
import { CommentId, ModerationId, ReplyId } from '#domain/shared/ids.js';
import type { WorkRef } from '#domain/work/lease.js';
import type { Parked, RetryOutcome } from '#domain/work/parked.js';
import { auditLater, factsOf, written, type Held, type ReplyState, type Tables } from './in-memory-rows.js';
import type { InMemoryPauses } from './in-memory-pauses.js';
import type { VirtualClock } from './virtual-clock.js';

/** What operators and the audit do with the rows: the same promises as the PostgreSQL adapters, one commit each. */
export class InMemoryActions {
  constructor(
    private readonly tables: Tables,
    private readonly clock: VirtualClock,
    private readonly pauses: InMemoryPauses,
    private readonly note: (id: CommentId, decisions: readonly NewDecision[]) => void,
  ) {}

  echo(platformReplyId: CommentId, topLevelId: CommentId, text: string): void {
    const known = [...this.tables.replies.values()].some(
      ({ reply }) => 'platformReplyId' in reply && reply.platformReplyId === platformReplyId,
    );
    if (known) return;
    for (const row of this.tables.replies.values()) {
      const { reply } = row;
      if (reply.channel !== 'public' || (reply.state !== 'sending' && reply.state !== 'unknown')) continue;
      const { comment } = this.tables.comment(reply.commentId);
      if ((comment.parentId ?? comment.id) !== topLevelId || reply.text.trim() !== text) continue;
      auditLater(row, false, this.clock.ms);
      this.tables.removeReplaced(reply, this.clock.ms);
      row.reply = { ...factsOf(reply), state: 'sent', text: reply.text, sources: [], platformReplyId };
      row.sentAt = this.clock.now();
      Object.assign(row, { leaseUntil: undefined, dueAt: undefined });
      this.note(reply.commentId, [decide('reply-confirmed-by-echo')]);
      this.tables.settle(reply.commentId);
      return;
    }
  }

  wish(commentId: CommentId, action: ModerationAction, decision: NewDecision): Moderation {
    const rows = [...this.tables.moderations.values()].filter(({ moderation }) => moderation.commentId === commentId);
    const standing = rows.find(
      ({ moderation: { action: known, state } }) =>
        known === action && (state === 'due' || (action === 'delete' && state === 'done')),
    );
    if (standing) {
      standing.byPerson = true;
      return standing.moderation;
    }
    let dueAt = this.clock.ms;
    for (const row of rows) {
      if (!['due', 'suggested', 'parked'].includes(row.moderation.state)) continue;
      dueAt = Math.max(dueAt, row.leaseUntil ?? 0);
      row.moderation = { ...row.moderation, state: 'dropped' };
      Object.assign(row, { leaseUntil: undefined, dueAt: undefined, parkedFrom: undefined, epoch: row.epoch + 1 });
    }
    const id = ModerationId.parse(randomUUID());
    const moderation: Moderation = { id, commentId, accountId: this.accountOf(commentId), action, state: 'due' };
    this.tables.moderations.set(id, { moderation, byPerson: true, ...this.due(dueAt) });
    this.note(commentId, [decision]);
    this.tables.reopen(commentId);
    return moderation;
  }

  readonly privateReplies: PrivateReplies = {
    write: async (commentId, text) => {
      await Promise.resolve();
      return this.writePrivate(commentId, text);
    },
  };

  readonly parked: Parked = {
    list: async () => await Promise.resolve([]),
    retry: async (ref) => {
      await Promise.resolve();
      return this.retry(ref);
    },
  };

  readonly audits: ReplyAudits = {
    take: async (limit, leaseMs) => {
      await Promise.resolve();
      return this.take(limit, leaseMs);
    },
    recordFound: async (audit, extraId, delayMs, decision) =>
      await this.writeAudit(audit, [decision], { extraId, auditDueAt: this.clock.ms + delayMs }),
    lookAgain: async (audit, delayMs) => await this.writeAudit(audit, [], { auditDueAt: this.clock.ms + delayMs }),
    end: async (audit, standing, decisions) => {
      await this.writeAudit(audit, decisions, { auditDueAt: undefined, extraId: undefined });
      const row = this.tables.replies.get(audit.id);
      if (row?.reply.state === 'sent' && standing) row.reply = { ...row.reply, platformReplyId: standing };
    },
  };

  private due(dueAt: number): Held {
    return { epoch: 0, leaseUntil: undefined, dueAt, attempts: 0 };
  }

  private accountOf(commentId: CommentId): Moderation['accountId'] {
    const row = this.tables.comments.get(commentId);
    if (!row) throw new Error(`no comment ${commentId}`);
    return row.comment.accountId;
  }

  private writePrivate(commentId: CommentId, text: string): WrittenReply {
    const known = [...this.tables.replies.values()].find(
      ({ reply }) => reply.commentId === commentId && reply.channel === 'private',
    );
    if (known) return { id: known.reply.id, state: known.reply.state, text: written(known.reply).text };
    const id = ReplyId.parse(randomUUID());
    const facts = { id, commentId, accountId: this.accountOf(commentId), intent: 'auto', channel: 'private' } as const;
    const reply = { ...facts, state: 'drafted', text, sources: [] } as const;
    this.tables.replies.set(id, { reply, attempt: 0, looks: 0, ...this.due(this.clock.ms) });
    this.note(commentId, [decide('private-reply-written')]);
    this.tables.reopen(commentId);
    return { id, state: 'drafted', text };
  }

  private retry(ref: WorkRef): RetryOutcome {
    const row = this.tables.rowOf(ref);
    if (!row) return { kind: 'unknown' };
    if (row.parkedFrom === undefined) return { kind: 'not-parked' };
    const commentId = this.tables.commentIdOf(ref);
    this.restore(ref, row.parkedFrom);
    Object.assign(row, { parkedFrom: undefined, attempts: 0, dueAt: this.clock.ms });
    this.note(commentId, [decide('retried-by-operator')]);
    if (ref.kind !== 'comment') this.tables.reopen(commentId);
    return { kind: 'retried', commentId, due: { ref, stage: this.tables.stageOf(ref) } };
  }

  private restore(ref: WorkRef, from: string): void {
    const { comments, replies, moderations, alerts } = this.tables;
    const comment = ref.kind === 'comment' ? comments.get(ref.id) : undefined;
    if (comment) comment.comment = { ...comment.comment, stage: 'received', outcome: undefined };
    const moderation = ref.kind === 'moderation' ? moderations.get(ref.id) : undefined;
    if (moderation) moderation.moderation = { ...moderation.moderation, state: 'due' };
    const alert = ref.kind === 'alert' ? alerts.get(ref.id) : undefined;
    if (alert) alert.alert = { ...alert.alert, state: from === 'sending' ? 'sending' : 'waiting' };
    const reply = ref.kind === 'reply' ? replies.get(ref.id) : undefined;
    if (reply) this.restoreReply(reply, from);
  }

  /** A reply that was tried comes back in doubt. */
  private restoreReply(row: ReplyState, from: string): void {
    row.attempt = Math.min(row.attempt, 1);
    if (from === 'wanted') row.reply = { ...factsOf(row.reply), state: 'wanted' };
    else if (from === 'removing') {
      row.reply = { ...written(row.reply), state: 'removing', platformReplyId: CommentId.parse(row.standingId) };
    } else if (row.attempt === 0) row.reply = { ...written(row.reply), state: 'drafted' };
    else {
      const startedAt = (row.startedAt ??= this.clock.now());
      row.reply = { ...written(row.reply), state: 'unknown', attempt: row.attempt, startedAt, emptyListings: 0 };
    }
  }

  private take(limit: number, leaseMs: number): readonly ReplyAudit[] {
    const due = [...this.tables.replies.values()].filter(
      ({ auditDueAt = Number.POSITIVE_INFINITY, reply }) =>
        auditDueAt <= this.clock.ms && (reply.state === 'sent' || reply.state === 'removed'),
    );
    const free = due.filter((row) => !this.isPaused(row) && !this.hasTwinInDoubt(row));
    return free.slice(0, limit).flatMap((row) => {
      const { reply } = row;
      if (reply.state !== 'sent' && reply.state !== 'removed') return [];
      row.looks += 1;
      row.auditDueAt = this.clock.ms + leaseMs;
      const { id, commentId, accountId, text, platformReplyId } = reply;
      const startedAt = row.startedAt ?? this.clock.now();
      const sentAt = row.sentAt ?? this.clock.now();
      const { attempt, looks, extraId } = row;
      const facts = { id, commentId, accountId, topLevelId: this.topLevelOf(commentId), text, platformReplyId };
      return [{ ...facts, attempt, startedAt, sentAt, looks, extraId, removed: reply.state === 'removed' }];
    });
  }

  private isPaused({ reply: { accountId, commentId } }: ReplyState): boolean {
    return this.pauses.holdingBack(accountId, this.tables.comments.get(commentId)?.comment.mediaId).length > 0;
  }

  private topLevelOf(commentId: CommentId): CommentId {
    return this.tables.comments.get(commentId)?.comment.parentId ?? commentId;
  }

  private hasTwinInDoubt(audited: ReplyState): boolean {
    return [...this.tables.replies.values()].some(
      (row) =>
        row !== audited &&
        row.reply.channel === 'public' &&
        row.attempt > 0 &&
        ['drafted', 'sending', 'unknown'].includes(row.reply.state) &&
        this.topLevelOf(row.reply.commentId) === this.topLevelOf(audited.reply.commentId) &&
        written(row.reply).text === written(audited.reply).text,
    );
  }

  private async writeAudit(
    audit: ReplyAudit,
    decisions: readonly NewDecision[],
    change: { auditDueAt: number | undefined; extraId?: CommentId | undefined },
  ): Promise<void> {
    await Promise.resolve();
    const row = this.tables.replies.get(audit.id);
    if (row?.auditDueAt === undefined) return;
    Object.assign(row, change);
    this.note(audit.commentId, decisions);
  }
}
