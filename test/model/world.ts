import type { ReasonCode } from '#domain/comments/reason-codes.js';
import { handleJob, refOf, type JobHandlers, type JobRequest } from '#domain/jobs/job-catalog.js';
import type { JobQueue } from '#domain/jobs/job-queue.js';
import type { Notifier } from '#domain/notifications/notifier.js';
import type { Platform, Platforms, PublishedReply } from '#domain/platforms/platform.js';
import type { ModerationAction } from '#domain/moderation/moderation.js';
import type { ReplyChannel } from '#domain/replies/reply.js';
import { AppError } from '#domain/shared/errors.js';
import { CommentId } from '#domain/shared/ids.js';
import { ClassifyComment } from '#use-cases/comments/classify-comment.js';
import { ApplyModeration } from '#use-cases/moderation/apply-moderation.js';
import { RequestModeration } from '#use-cases/moderation/request-moderation.js';
import { TellOperators } from '#use-cases/notifications/tell-operators.js';
import { AuditReplies } from '#use-cases/replies/audit-replies.js';
import { DraftReply } from '#use-cases/replies/draft-reply.js';
import { ReconcileReply } from '#use-cases/replies/reconcile-reply.js';
import { SendReply } from '#use-cases/replies/send-reply.js';
import { WritePrivateReply } from '#use-cases/replies/write-private-reply.js';
import { PerformJob } from '#use-cases/work/perform-job.js';
import { RingDueWork } from '#use-cases/work/ring-due-work.js';
import { RetryParked } from '#use-cases/work/retry-parked.js';
import { InMemoryIncidents } from '../fakes/in-memory-incidents.js';
import { InMemoryStore } from '../fakes/in-memory-store.js';
import { VirtualClock } from '../fakes/virtual-clock.js';
import { accountId, accounts, classifier, knowledge, noMedia, platformId, writer } from './cast.js';

/** What the platform does with one publish. All but `answers` and `limits` leave us without a clear answer. */
export type PublishFate =
  'answers' | 'creates, then times out' | 'loses it' | 'creates, then breaks' | 'limits' | 'is away';

export interface Visible extends PublishedReply {
  readonly to: CommentId;
  readonly topLevel: CommentId;
}

class Crashed extends Error {}

/** A job on its way through the code, stopped before and after each commit until it is let on, or dead. */
class Process {
  dead = false;
  ended = false;
  private waiting: { readonly resolve: () => void; readonly reject: (error: Error) => void } | undefined;

  async gate(): Promise<void> {
    if (this.dead) throw new Crashed();
    await new Promise<void>((resolve, reject) => {
      this.waiting = { resolve, reject };
    });
  }

  proceed(): void {
    const { waiting } = this;
    this.waiting = undefined;
    waiting?.resolve();
  }

  crash(): void {
    this.dead = true;
    const { waiting } = this;
    this.waiting = undefined;
    waiting?.reject(new Crashed());
  }
}

/**
 * The product's own use cases over a store in memory, a platform that lies, and a bell that may lose everything; every
 * step is taken by the test.
 */
export class World {
  readonly clock = new VirtualClock();
  readonly store = new InMemoryStore(this.clock);
  readonly visible: Visible[] = [];
  /** Comments that are hidden at the platform now. */
  readonly hidden = new Set<CommentId>();
  readonly deleted = new Set<CommentId>();
  /** Comments that somebody else than us hid or deleted at some time: a reply that was due may be missing. */
  readonly touched = new Set<CommentId>();
  /** What an operator wanted last of a comment. */
  readonly wishes = new Map<CommentId, ModerationAction>();
  readonly messages: Visible[] = [];
  readonly incidents = new InMemoryIncidents();
  readonly told = new Map<CommentId, number>();
  fates: PublishFate[] = [];
  listings: ('shows' | 'is away')[] = [];
  /** How long the platform keeps a new reply out of its listings. */
  listingLagMs = 0;
  private bell: JobRequest[] = [];
  private processes: Process[] = [];
  private publishes = 0;

  readonly publishCalls: CommentId[] = [];

  deliver(number: number, kind: string, parent?: number): void {
    const id = CommentId.parse(`${number}`);
    if (parent !== undefined && this.deleted.has(CommentId.parse(`${parent}`))) return; // its thread is gone
    const letters = [...`${number}`].map((digit) => 'abcdefghij'[Number(digit)]).join('');
    this.store.add({
      id,
      accountId,
      mediaId: undefined,
      parentId: parent === undefined ? undefined : CommentId.parse(`${parent}`),
      authorId: 'a',
      username: 'anna',
      text: `${kind} ${letters}`,
      mediaKind: undefined,
      adId: undefined,
    });
    this.ring([{ name: 'comments.classify', data: { commentId: id } }]);
  }

  /** The customer, or a person in the platform's own app, does something that nobody tells us about. */
  touch(which: number, what: 'deletes' | 'hides'): void {
    const id = this.someComment(which);
    if (!id) return;
    this.touched.add(id);
    if (what === 'hides') {
      this.hidden.add(id);
      this.wishes.delete(id); // from here on it is theirs
    } else this.removeAt(id);
  }

  /** An operator decides; the request is whole, or it never came. */
  async wish(which: number, action: ModerationAction): Promise<void> {
    const commentId = this.someComment(which);
    if (!commentId) return;
    const request = new RequestModeration(this.store.comments, this.store.moderations, this.queue);
    await request.execute({ commentId, action, requestId: undefined });
    this.touched.add(commentId);
    this.wishes.set(commentId, action);
  }

  async writePrivately(which: number): Promise<void> {
    const commentId = this.someComment(which);
    if (!commentId) return;
    const { comments, actions } = this.store;
    const platforms = this.platformsFor(new Process());
    const write = new WritePrivateReply(comments, accounts, platforms, actions.privateReplies, this.clock, this.queue);
    await write.execute(commentId, `For ${commentId} only.`);
  }

  async retryParked(): Promise<void> {
    const retry = new RetryParked(this.store.actions.parked, this.queue);
    for (const [id, row] of this.store.replyRows) {
      if (row.parkedFrom !== undefined) await retry.execute({ kind: 'reply', id });
    }
  }

  /** Somebody may die in the middle of it. @param steps gates until then */
  async audit(steps = Number.POSITIVE_INFINITY): Promise<void> {
    const process = new Process();
    const [audits, replies] = [gated(this.store.actions.audits, process), gated(this.store.replies, process)];
    const use = new AuditReplies(audits, replies, accounts, this.platformsFor(process), this.incidents);
    const run = use.execute().then(
      () => (process.ended = true),
      () => (process.ended = true),
    );
    for (let step = 0; step < steps && !process.ended; step += 1) {
      process.proceed();
      await turn();
    }
    process.crash();
    await run;
  }

  private someComment(which: number): CommentId | undefined {
    const ids = [...this.store.commentRows.keys()];
    return ids[which % Math.max(1, ids.length)];
  }

  wipeBell(): void {
    this.bell = [];
  }

  async sweep(): Promise<void> {
    await new RingDueWork(this.store.leases, this.queue, this.clock).execute();
  }

  /** Starts the n-th job that the bell holds. */
  startJob(which: number): void {
    const request = this.bell[which % Math.max(1, this.bell.length)];
    if (!request) return;
    this.bell = this.bell.filter((other) => other !== request);
    const process = new Process();
    this.processes.push(process);
    void this.run(request, process).finally(() => {
      process.ended = true;
      this.processes = this.processes.filter((other) => other !== process);
    });
  }

  proceed(which: number): void {
    this.processes[which % Math.max(1, this.processes.length)]?.proceed();
  }

  /** Every lease runs out while its holder is stopped, and another worker does what is due, to the end of a job each. */
  async takeOver(): Promise<void> {
    this.clock.pass(61_000);
    await this.sweep();
    const stopped = new Set(this.processes);
    for (let left = this.bell.length; left > 0; left -= 1) {
      this.startJob(0);
      for (let step = 0; step < 60; step += 1) {
        for (const process of this.processes.filter((each) => !stopped.has(each))) process.proceed();
        await turn();
      }
    }
  }

  /** Starts the one job that the bell holds, and stops it as soon as something holds. @returns lets it go on to its end */
  async startAndStop(when: () => boolean): Promise<() => Promise<void>> {
    const before = new Set(this.processes);
    this.startJob(0);
    const started = this.processes.find((each) => !before.has(each));
    if (!started) throw new Error('the bell holds no job');
    while (!started.ended && !when()) {
      started.proceed();
      await turn();
    }
    return async () => {
      while (!started.ended) {
        started.proceed();
        await turn();
      }
    };
  }

  noted(reason: ReasonCode): number {
    return this.store.ledger.filter((entry) => entry.reason === reason).length;
  }

  crash(which: number): void {
    this.processes[which % Math.max(1, this.processes.length)]?.crash();
  }

  echo(which: number): void {
    const shown = this.visible[which % Math.max(1, this.visible.length)];
    if (shown) this.store.echo(shown.id, shown.topLevel, shown.text);
  }

  /** Lets everything finish: nobody fails any more, and time passes until nothing is left to do. */
  async settleDown(): Promise<void> {
    this.fates = [];
    this.listings = [];
    for (const process of this.processes) process.crash();
    await turn();
    for (let round = 0; round < 400; round += 1) {
      await this.sweep();
      while (this.bell.length > 0) {
        this.startJob(0);
        while (this.processes.length > 0) {
          this.proceed(0);
          await turn();
        }
      }
      await this.audit();
      if (!this.anythingDue()) return;
      this.clock.pass(31_000);
    }
    throw new Error('there is still something to do after hours');
  }

  private anythingDue(): boolean {
    const { commentRows, replyRows, moderationRows, alertRows } = this.store;
    const rows = [...commentRows.values(), ...replyRows.values(), ...moderationRows.values(), ...alertRows.values()];
    const audits = [...replyRows.values()].some(({ auditDueAt }) => auditDueAt !== undefined);
    return audits || rows.some(({ dueAt }) => dueAt !== undefined);
  }

  private async run(request: JobRequest, process: Process): Promise<void> {
    const { leases } = this.store;
    const performJob = new PerformJob(gated(leases, process), this.clock);
    const handlers = this.handlersFor(process);
    try {
      await performJob.execute(request, async (lease) => await handleJob(handlers, request, lease));
    } catch (error) {
      if (!(error instanceof Crashed)) throw error;
    }
  }

  private handlersFor(process: Process): JobHandlers {
    const { store } = this;
    const [comments, replies, leases] = [
      gated(store.comments, process),
      gated(store.replies, process),
      gated(store.leases, process),
    ];
    const platforms = this.platformsFor(process);
    const { queue } = this;
    const classify = new ClassifyComment(comments, accounts, noMedia, platforms, classifier, leases, queue);
    const draft = new DraftReply(replies, comments, accounts, noMedia, knowledge, writer, queue);
    const send = new SendReply(replies, accounts, platforms, { dryRun: false }, this.clock, queue);
    const reconcile = new ReconcileReply(replies, comments, accounts, platforms, leases, queue);
    const moderations = gated(store.moderations, process);
    const dryRun = { dryRun: false };
    const moderate = new ApplyModeration(moderations, accounts, platforms, dryRun, leases, this.clock);
    const tell = new TellOperators(gated(store.alerts, process), this.notifierFor(process));
    return {
      'comments.classify': async ({ commentId }, lease) => await classify.execute(commentId, lease),
      'replies.draft': async ({ replyId }, lease) => await draft.execute(replyId, lease),
      'replies.send': async ({ replyId }, lease) => await send.execute(replyId, lease),
      'replies.reconcile': async ({ replyId }, lease) => await reconcile.execute(replyId, lease),
      'moderation.apply': async ({ moderationId }, lease) => await moderate.execute(moderationId, lease),
      'notifications.tell': async ({ alertId }, lease) => await tell.execute(alertId, lease),
    };
  }

  private platformsFor(process: Process): Platforms {
    const platform: Platform = {
      id: platformId,
      accounts: { connected: async () => await Promise.resolve([]) },
      media: { read: async () => await Promise.reject(new AppError('gone', 'no media here')) },
      moderation: {
        hide: async ({ commentId }) => await this.change(process, commentId, () => this.hidden.add(commentId)),
        unhide: async ({ commentId }) => await this.change(process, commentId, () => this.hidden.delete(commentId)),
        delete: async ({ commentId }) => await this.change(process, commentId, () => this.removeAt(commentId)),
      },
      comments: {
        read: async ({ commentId }) => {
          await process.gate();
          if (this.deleted.has(commentId)) throw new AppError('gone', 'no such comment');
          return { hidden: this.hidden.has(commentId), writtenAt: this.clock.now() };
        },
      },
      privateReplies: {
        asShown: (text) => text.trim(),
        listOurs: async ({ authorId }) => {
          await process.gate();
          if (this.listings.shift() === 'is away') throw new AppError('unavailable', 'no listing now');
          const seen = this.clock.ms - this.listingLagMs;
          return this.messages.filter(({ topLevel, at }) => topLevel === authorId && at.getTime() <= seen);
        },
        publish: async ({ commentId, text }) => await this.publish(process, commentId, text, 'private'),
      },
      replies: {
        asShown: (text) => text.trim(),
        listOurs: async ({ topLevelId }) => {
          await process.gate();
          if (this.listings.shift() === 'is away') throw new AppError('unavailable', 'no listing now');
          if (this.deleted.has(topLevelId)) throw new AppError('gone', 'no such comment');
          const seen = this.clock.ms - this.listingLagMs;
          return this.visible.filter(({ topLevel, at }) => topLevel === topLevelId && at.getTime() <= seen);
        },
        publish: async ({ commentId, text }) => await this.publish(process, commentId, text, 'public'),
      },
    };
    return { get: () => platform, all: () => [platform] };
  }

  private async change(process: Process, commentId: CommentId, apply: () => void): Promise<void> {
    if (process.dead) throw new Crashed();
    if (this.deleted.has(commentId)) throw new AppError('gone', 'no such comment');
    apply();
    await process.gate();
  }

  /** With a comment goes what stands under it. */
  private removeAt(commentId: CommentId): void {
    this.deleted.add(commentId);
    for (const { comment } of this.store.commentRows.values()) {
      if (comment.parentId !== commentId) continue;
      this.deleted.add(comment.id);
      this.touched.add(comment.id);
    }
    const left = this.visible.filter(({ id, topLevel, to }) => ![id, topLevel, to].includes(commentId));
    this.visible.splice(0, this.visible.length, ...left);
  }

  private async publish(process: Process, to: CommentId, text: string, channel: ReplyChannel): Promise<CommentId> {
    // No gate before: a process cannot be stopped between its look at the clock and its first byte (README says what
    // is left of that). It can die there: that is the gate after `beginSending`.
    if (process.dead) throw new Crashed();
    this.publishCalls.push(to);
    const fate = this.fates.shift() ?? 'answers';
    if (fate === 'limits') throw new AppError('rate-limited', 'slow down', { retryAfterMs: 60_000 });
    if (fate === 'is away') throw new AppError('unavailable', 'nobody listens');
    this.refuse(to, channel);
    this.publishes += 1;
    const id = CommentId.parse(`5${String(this.publishes).padStart(5, '0')}`);
    if (fate !== 'loses it') {
      const comment = this.store.commentRows.get(to)?.comment;
      const shown = { id, to, text: text.trim(), at: this.clock.now() };
      if (channel === 'private') this.messages.push({ ...shown, topLevel: CommentId.parse(comment?.authorId) });
      else this.visible.push({ ...shown, topLevel: comment?.parentId ?? to });
    }
    await process.gate();
    if (fate === 'creates, then breaks') throw new TypeError('the answer cannot be read');
    if (fate !== 'answers') throw new AppError('ambiguous', 'no answer in time');
    return id;
  }

  private refuse(to: CommentId, channel: ReplyChannel): void {
    if (this.deleted.has(to)) throw new AppError('gone', 'no such comment');
    if (channel === 'public' && this.hidden.has(to)) throw new AppError('rejected', 'the comment is hidden');
    const answered = channel === 'private' && this.messages.some((message) => message.to === to);
    if (answered) throw new AppError('duplicate', 'one private reply per comment');
  }

  private notifierFor(process: Process): Notifier {
    return {
      tell: async ({ comment }) => {
        if (process.dead) throw new Crashed();
        this.told.set(comment.id, (this.told.get(comment.id) ?? 0) + 1);
        await process.gate();
        return `message-${comment.id}`;
      },
    };
  }

  private readonly queue: JobQueue = {
    ring: async (requests) => {
      this.ring(requests);
      await Promise.resolve();
    },
  };

  private ring(requests: readonly JobRequest[]): void {
    const same = (one: JobRequest, other: JobRequest): boolean =>
      one.name === other.name && refOf(one).id === refOf(other).id;
    for (const request of requests) {
      if (!this.bell.some((other) => same(request, other))) this.bell.push(request);
    }
  }
}

/** Lets every promise that can go on do so. */
export async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** Every call waits at a gate before it takes effect and again before its caller hears of it. */
function gated<Port extends object>(port: Port, process: Process): Port {
  return new Proxy(port, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return async (...parameters: unknown[]): Promise<unknown> => {
        await process.gate();
        const result: unknown = await Reflect.apply(method, target, parameters);
        await process.gate();
        return result;
      };
    },
  });
}
