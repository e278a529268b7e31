import type { ReasonCode } from '#domain/comments/reason-codes.js';
import { handleJob, type JobHandlers, type JobRequest } from '#domain/jobs/job-catalog.js';
import type { Platform, Platforms, PublishedReply } from '#domain/platforms/platform.js';
import { ReplyAllowance } from '#domain/replies/reply-allowance.js';
import type { ModerationAction } from '#domain/moderation/moderation.js';
import type { ReplyAction } from '#domain/replies/operator-replies.js';
import type { ReplyChannel } from '#domain/replies/reply.js';
import { AppError } from '#domain/shared/errors.js';
import { CommentId } from '#domain/shared/ids.js';
import { everythingId, type Pauses } from '#domain/work/pauses.js';
import { ApplyModeration } from '#use-cases/moderation/apply-moderation.js';
import { RequestModeration } from '#use-cases/moderation/request-moderation.js';
import { TellOperators } from '#use-cases/notifications/tell-operators.js';
import { AuditReplies } from '#use-cases/replies/audit-replies.js';
import { RemoveReply } from '#use-cases/replies/remove-reply.js';
import { ReconcileReply } from '#use-cases/replies/reconcile-reply.js';
import { SendReply } from '#use-cases/replies/send-reply.js';
import { PerformJob } from '#use-cases/work/perform-job.js';
import { DiscoverAccounts } from '#use-cases/accounts/discover-accounts.js';
import { RingDueWork } from '#use-cases/work/ring-due-work.js';
import { InMemoryIncidents } from '../fakes/in-memory-incidents.js';
import { InMemoryAllowances } from '../fakes/in-memory-allowances.js';
import { InMemoryPolicies } from '../fakes/in-memory-policies.js';
import { InMemoryStore } from '../fakes/in-memory-store.js';
import { VirtualClock } from '../fakes/virtual-clock.js';
import { account, accountId, accounts, noIntake, platformId } from './cast.js';
import { Deciding } from './deciding.js';
import { chatPace, operators } from './operators.js';
import { thinking } from './thinking.js';
import { Bell } from './bell.js';
import { Crashed, gated, Process, survived, turn } from './process.js';

/** What the platform does with one publish. All but `answers` and `limits` leave us without a clear answer. */
export type PublishFate =
  'answers' | 'creates, then times out' | 'loses it' | 'creates, then breaks' | 'limits' | 'is away';

export interface Visible extends PublishedReply {
  readonly to: CommentId;
  readonly topLevel: CommentId;
}

/** Few enough to be reached: everybody who writes here is the same author. */
export const replyLimits = { perHour: 6, perAuthor: 3, perThread: 1_000 } as const;

type PublishCall = Readonly<{ to: CommentId; channel: ReplyChannel; atMs: number }>;

/**
 * The product's own use cases over a store in memory, a platform that lies, and a bell that may lose everything; every
 * step is taken by the test.
 */
export class World {
  readonly clock = new VirtualClock();
  readonly store = new InMemoryStore(this.clock);
  /** In the database, like the store: it outlives every process and the bell. */
  readonly allowances = new InMemoryAllowances(this.clock);
  readonly policies = new InMemoryPolicies();
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
  private readonly bell = new Bell();
  readonly people = new Deciding(this.store, {
    accounts,
    bell: this.bell,
    clock: this.clock,
    platformsFor: (process) => this.platformsFor(process),
  });
  private processes: Process[] = [];
  private publishes = 0;

  readonly publishCalls: PublishCall[] = [];
  /** Those of them that the platform took: they count against limits. */
  readonly publications: PublishCall[] = [];
  /** The account's token, as the platform sees it. */
  tokenIsDead = false;
  /** Publishes that began under a pause although their reply was not on its way when the pause began. */
  readonly publishedWhilePaused: CommentId[] = [];
  /** Replies that were on their way when the last pause began: each may still call once. */
  private underway = new Set<CommentId>();

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
    void this.bell.ring([{ name: 'comments.classify', data: { commentId: id } }]);
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
    const request = new RequestModeration(this.store.comments, this.store.moderations, this.store.takeovers, this.bell);
    await request.execute({ commentId, action, requestId: undefined });
    this.touched.add(commentId);
    this.wishes.set(commentId, action);
  }

  async writePrivately(which: number): Promise<void> {
    const commentId = this.someComment(which);
    if (commentId) await this.people.writePrivately(commentId);
  }

  /** A person decides about the reply to a comment; the request takes its time like every other, and may die. */
  decide(which: number, action: ReplyAction): void {
    const commentId = this.someComment(which);
    const request = commentId && this.people.request(commentId, action);
    if (request) this.start(async (process) => await this.people.decide(request, process));
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

  topOf(id: CommentId): CommentId {
    return this.store.commentRows.get(id)?.comment.parentId ?? id;
  }

  private someComment(which: number): CommentId | undefined {
    const ids = [...this.store.commentRows.keys()];
    return ids[which % Math.max(1, ids.length)];
  }

  wipeBell(): void {
    this.bell.wipe();
  }

  async sweep(): Promise<void> {
    await new RingDueWork(this.store.leases, this.bell, this.clock).execute();
  }

  /** Somebody pulls the switch. */
  async pauseEverything(): Promise<void> {
    await this.pauses.pause({ scope: 'everything', id: everythingId, why: 'person', by: 'operator' });
  }

  async resumeEverything(): Promise<void> {
    await this.store.pauses.resume('everything', everythingId);
  }

  /** Whatever is still paused or told as wrong. */
  async pausesAndIncidents(): Promise<readonly string[]> {
    const paused = (await this.store.pauses.list()).map(({ scope, why }) => `${scope} paused: ${why}`);
    const told = this.incidents.all.flatMap(({ kind, closedAt }) => (closedAt ? [] : [`${kind} open`]));
    return [...paused, ...told];
  }

  /** What the worker's schedules do about accounts and pauses, by a process that may die in between. */
  startDiscovery(): void {
    this.start(async (process) => {
      const pauses = gated(this.pauses, process);
      const incidents = gated(this.incidents, process);
      const platforms = this.platformsFor(process);
      if ((await pauses.list()).length > 0) await pauses.tellWaiting();
      await new DiscoverAccounts(platforms, accounts, noIntake, pauses, incidents, this.clock).execute();
    });
  }

  /** As the store keeps them; whoever pauses, it is noted which replies are on their way. */
  private get pauses(): Pauses {
    const { pauses } = this.store;
    const noting = <Result>(result: Result): Result => {
      const sending = [...this.store.replyRows.values()].filter(({ reply }) => reply.state === 'sending');
      this.underway = new Set(sending.map(({ reply }) => reply.commentId));
      return result;
    };
    return {
      pause: async (pause) => noting(await pauses.pause(pause)),
      coolOff: async (id, note) => noting(await pauses.coolOff(id, note)),
      resume: async (scope, id, why) => await pauses.resume(scope, id, why),
      list: async () => await pauses.list(),
      tellWaiting: async () => await pauses.tellWaiting(),
    };
  }

  /** Starts the n-th job that the bell holds. */
  startJob(which: number): void {
    const request = this.bell.take(which);
    if (!request) return;
    this.start(async (process) => await this.run(request, process));
  }

  private start(work: (process: Process) => Promise<void>): void {
    const process = new Process();
    this.processes.push(process);
    void survived(work(process)).finally(() => {
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
    for (let left = this.bell.jobs.length; left > 0; left -= 1) {
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
    this.tokenIsDead = false;
    await this.resumeEverything();
    for (const process of this.processes) process.crash();
    await turn();
    for (let round = 0; round < 400; round += 1) {
      this.startDiscovery();
      await this.finish();
      await this.sweep();
      while (this.bell.jobs.length > 0) {
        this.startJob(0);
        await this.finish();
      }
      await this.audit();
      if (!this.anythingDue() && (await this.pausesAndIncidents()).length === 0) return;
      this.clock.pass(31_000);
    }
    throw new Error('there is still something to do after hours');
  }

  private async finish(): Promise<void> {
    while (this.processes.length > 0) {
      this.proceed(0);
      await turn();
    }
  }

  private anythingDue(): boolean {
    const { commentRows, replyRows, moderationRows, alertRows } = this.store;
    const rows = [...commentRows.values(), ...replyRows.values(), ...moderationRows.values(), ...alertRows.values()];
    const audits = [...replyRows.values()].some(({ auditDueAt }) => auditDueAt !== undefined);
    return audits || rows.some(({ dueAt }) => dueAt !== undefined);
  }

  private async run(request: JobRequest, process: Process): Promise<void> {
    const { leases } = this.store;
    const [incidents, pauses] = [gated(this.incidents, process), gated(this.pauses, process)];
    const performJob = new PerformJob(gated(leases, process), this.clock, incidents, pauses);
    const handlers = this.handlersFor(process);
    await performJob.execute(request, async (lease) => await handleJob(handlers, request, lease));
  }

  private handlersFor(process: Process): JobHandlers {
    const { store, clock } = this;
    const [comments, replies, leases] = [
      gated(store.comments, process),
      gated(store.replies, process),
      gated(store.leases, process),
    ];
    const platforms = this.platformsFor(process);
    const allowances = gated(this.allowances, process);
    const queue = this.bell;
    const parts = { comments, replies, leases, platforms, policies: this.policies, allowances, clock, queue };
    const { classify, draft } = thinking(parts);
    const limits = allowances;
    const allowance = new ReplyAllowance(comments, limits, replyLimits);
    const send = new SendReply(replies, accounts, platforms, { dryRun: false }, allowance, this.clock, queue);
    const reconcile = new ReconcileReply(replies, comments, accounts, platforms, leases, queue);
    const removals = gated(store.removals, process);
    const remove = new RemoveReply(replies, removals, accounts, platforms, { dryRun: false }, leases);
    const moderations = gated(store.moderations, process);
    const moderate = new ApplyModeration(moderations, accounts, platforms, { dryRun: false }, leases, this.clock);
    const tell = new TellOperators(gated(store.alerts, process), operators(this.told, process), limits, chatPace);
    return {
      'comments.classify': async ({ commentId }, lease) => await classify.execute(commentId, lease),
      'replies.draft': async ({ replyId }, lease) => await draft.execute(replyId, lease),
      'replies.send': async ({ replyId }, lease) => await send.execute(replyId, lease),
      'replies.reconcile': async ({ replyId }, lease) => await reconcile.execute(replyId, lease),
      'replies.remove': async ({ replyId }, lease) => await remove.execute(replyId, lease),
      'moderation.apply': async ({ moderationId }, lease) => await moderate.execute(moderationId, lease),
      'notifications.tell': async ({ alertId }, lease) => await tell.execute(alertId, lease),
    };
  }

  private platformsFor(process: Process): Platforms {
    const platform: Platform = {
      id: platformId,
      accounts: {
        connected: async () => {
          await process.gate();
          this.refuseDeadToken();
          return [account];
        },
      },
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
          this.refuseDeadToken();
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
    const call = { to, channel, atMs: this.clock.ms };
    this.publishCalls.push(call);
    const comment = this.store.commentRows.get(to)?.comment;
    const paused = this.store.pauses.holdingBack(accountId, comment?.mediaId).length > 0;
    if (paused && !this.underway.delete(to)) this.publishedWhilePaused.push(to);
    this.refuseDeadToken();
    const fate = this.fates.shift() ?? 'answers';
    if (fate === 'limits') throw new AppError('rate-limited', 'slow down', { retryAfterMs: 60_000 });
    if (fate === 'is away') throw new AppError('unavailable', 'nobody listens');
    this.refuse(to, channel);
    this.publications.push(call);
    this.publishes += 1;
    const id = CommentId.parse(`5${String(this.publishes).padStart(5, '0')}`);
    if (fate !== 'loses it') {
      const shown = { id, to, text: text.trim(), at: this.clock.now() };
      if (channel === 'private') this.messages.push({ ...shown, topLevel: CommentId.parse(comment?.authorId) });
      else this.visible.push({ ...shown, topLevel: comment?.parentId ?? to });
    }
    await process.gate();
    if (fate === 'creates, then breaks') throw new TypeError('the answer cannot be read');
    if (fate !== 'answers') throw new AppError('ambiguous', 'no answer in time');
    return id;
  }

  private refuseDeadToken(): void {
    if (this.tokenIsDead) throw new AppError('reconnect', 'code 190');
  }

  private refuse(to: CommentId, channel: ReplyChannel): void {
    if (this.deleted.has(to)) throw new AppError('gone', 'no such comment');
    if (channel === 'public' && this.hidden.has(to)) throw new AppError('rejected', 'the comment is hidden');
    const answered = channel === 'private' && this.messages.some((message) => message.to === to);
    if (answered) throw new AppError('duplicate', 'one private reply per comment');
  }
}
