import type { Accounts } from '#domain/accounts/accounts.js';
import type { Comments } from '#domain/comments/comments.js';
import type { JobQueue } from '#domain/jobs/job-queue.js';
import type { Platforms } from '#domain/platforms/platform.js';
import type { OperatorReplies, ReplyAction, ReplyWish } from '#domain/replies/operator-replies.js';
import type { Clock } from '#domain/shared/clock.js';
import { kindOf } from '#domain/shared/errors.js';
import type { CommentId, ReplyId } from '#domain/shared/ids.js';
import { DecideReply, type DecisionRequest } from '#use-cases/replies/decide-reply.js';
import { WritePrivateReply } from '#use-cases/replies/write-private-reply.js';
import { RetryParked } from '#use-cases/work/retry-parked.js';
import type { InMemoryStore } from '../fakes/in-memory-store.js';
import { knowledge } from './cast.js';
import { gated, Process } from './process.js';

/** What a person wanted last of a comment's reply, and was promised. */
export interface Promised {
  readonly action: ReplyAction;
  /** The reply that stands for it. */
  readonly id: ReplyId;
  readonly text: string | undefined;
}

interface Outside {
  readonly accounts: Accounts;
  readonly bell: JobQueue;
  readonly clock: Clock;
  platformsFor(process: Process): Platforms;
}

/** People who decide about replies, each by a request that may die at any of its steps. */
export class Deciding {
  readonly promised = new Map<CommentId, Promised>();
  /** Comments about whose reply a person ever decided something. */
  readonly decided = new Set<CommentId>();
  private words = 0;

  constructor(
    private readonly store: InMemoryStore,
    private readonly outside: Outside,
  ) {}

  /** One of the comments, and of its replies the one that the action is about. */
  request(commentId: CommentId, action: ReplyAction): DecisionRequest | undefined {
    // Letters only: the gate asks about every figure.
    const letters = [...`${(this.words += 1)}`].map((digit) => 'abcdefghij'[Number(digit)]).join('');
    const words = { text: `A person says ${letters}.`, overrule: false };
    if (action === 'write') return { action, commentId, requestId: undefined, ...words };
    const rows = [...this.store.replyRows.values()].filter(({ reply }) => reply.commentId === commentId);
    const wanted = action === 'replace' || action === 'delete' ? 'sent' : 'waiting';
    const row = rows.find(({ reply }) => reply.channel === 'public' && reply.state === wanted);
    if (!row) return undefined;
    const about = { replyId: row.reply.id, revision: row.revision ?? 1, requestId: undefined };
    switch (action) {
      case 'approve':
      case 'delete':
        return action === 'approve' ? { action, ...about } : { action, ...about };
      case 'reject':
        return { action, ...about, reason: 'No.' };
      case 'regenerate':
        return { action, ...about, hint: undefined };
      case 'edit':
      case 'replace':
        return action === 'edit' ? { action, ...about, ...words } : { action, ...about, ...words };
    }
  }

  async writePrivately(commentId: CommentId): Promise<void> {
    const { comments, actions, takeovers } = this.store;
    const { accounts, bell, clock } = this.outside;
    const platforms = this.outside.platformsFor(new Process());
    const use = new WritePrivateReply(comments, accounts, platforms, actions.privateReplies, takeovers, clock, bell);
    await use.execute(commentId, `For ${commentId} only.`);
  }

  async retryParked(): Promise<void> {
    const retry = new RetryParked(this.store.actions.parked, this.outside.bell);
    for (const [id, row] of this.store.replyRows) {
      if (row.parkedFrom !== undefined) await retry.execute({ kind: 'reply', id });
    }
  }

  async decide(request: DecisionRequest, process: Process): Promise<void> {
    const comments: Comments = gated(this.store.comments, process);
    const { accounts, bell } = this.outside;
    const platforms = this.outside.platformsFor(process);
    const takeovers = gated(this.store.takeovers, process);
    const replies = gated(this.noting(), process);
    const use = new DecideReply(comments, accounts, platforms, knowledge, replies, takeovers, bell);
    try {
      await use.execute(request);
    } catch (error) {
      if (!['conflict', 'invalid', 'not-found'].includes(kindOf(error))) throw error;
    }
  }

  /** What is committed is promised, also when whoever asked never hears of it. */
  private noting(): OperatorReplies {
    const { deciding } = this.store;
    return {
      find: async (id) => await deciding.find(id),
      foresee: async (commentId, wish) => await deciding.foresee(commentId, wish),
      carryOut: async (commentId, wish) => {
        const carried = await deciding.carryOut(commentId, wish);
        if (carried.kind === 'done') this.promise(commentId, wish, carried.reply);
        return carried;
      },
    };
  }

  private promise(
    commentId: CommentId,
    { action }: ReplyWish,
    { id, text }: { id: ReplyId; text: string | undefined },
  ) {
    this.promised.set(commentId, { action, id, text });
    this.decided.add(commentId);
  }

  /** What people were promised and neither got nor were told that they do not. @param excused the platform no longer has it, or takes no reply */
  broken(
    commentId: CommentId,
    excused: { readonly told: boolean } | false,
    shown: readonly { readonly id: CommentId; readonly text: string }[],
  ): string[] {
    const wish = this.promised.get(commentId);
    const row = wish && this.store.replyRows.get(wish.id);
    if (!wish || !row || row.parkedFrom !== undefined) return [];
    const { reply } = row;
    const stands = 'platformReplyId' in reply && shown.some(({ id }) => id === reply.platformReplyId);
    switch (wish.action) {
      case 'approve':
      case 'edit':
      case 'write':
      case 'replace': {
        if (reply.state === 'sent' && stands && shown.some(({ text }) => text === wish.text?.trim())) return [];
        if (excused && (reply.state === 'sent' || (reply.state === 'dropped' && excused.told))) return [];
        return [`${wish.action} is not done`];
      }
      case 'delete':
        return reply.state === 'removed' && !stands ? [] : ['delete is not done'];
      case 'reject':
        return reply.state === 'dropped' ? [] : ['reject is not done'];
      case 'regenerate':
        return reply.state === 'waiting' ? [] : ['regenerate is not done'];
    }
  }

  /** Replies beyond one that customers see and of which nobody here knows that there are two. */
  unknownTwins(commentId: CommentId, shown: readonly { readonly text: string }[]): boolean {
    if (shown.length < 2) return false;
    if (new Set(shown.map(({ text }) => text)).size < shown.length) return true;
    const rows = [...this.store.replyRows.values()].filter(
      ({ reply }) => reply.commentId === commentId && reply.channel === 'public',
    );
    const leaving = rows.some((row) => row.reply.state === 'removing' || row.parkedFrom === 'removing');
    const arriving = rows.some(({ reply, attempt }) => reply.replaces !== undefined && attempt > 0);
    return shown.length > 2 || (!leaving && !arriving);
  }
}
