import type { Account } from '#domain/accounts/account.js';
import type { Accounts } from '#domain/accounts/accounts.js';
import type { CommentClassifier } from '#domain/comments/comment-classifier.js';
import type { Intake } from '#domain/comments/intake.js';
import { presets } from '#domain/comments/policy.js';
import type { ReasonCode } from '#domain/comments/reason-codes.js';
import type { CommentClass } from '#domain/comments/verdict.js';
import { handleJob, jobCatalog, refOf, type JobHandlers, type JobRequest } from '#domain/jobs/job-catalog.js';
import type { JobQueue } from '#domain/jobs/job-queue.js';
import type { Knowledge } from '#domain/knowledge/knowledge.js';
import type { MediaLibrary } from '#domain/media/media-library.js';
import type { Notifier } from '#domain/notifications/notifier.js';
import type { Platform, Platforms, PublishedReply } from '#domain/platforms/platform.js';
import { ReplyAllowance } from '#domain/replies/reply-allowance.js';
import type { ReplyWriter } from '#domain/replies/reply-writer.js';
import { AppError } from '#domain/shared/errors.js';
import { AccountId, CommentId, DocumentId, PassageId, PlatformId } from '#domain/shared/ids.js';
import { everythingId, type Pauses } from '#domain/work/pauses.js';
import { ClassifyComment } from '#use-cases/comments/classify-comment.js';
import { HideComment } from '#use-cases/moderation/hide-comment.js';
import { TellOperators } from '#use-cases/notifications/tell-operators.js';
import { DraftReply } from '#use-cases/replies/draft-reply.js';
import { ReconcileReply } from '#use-cases/replies/reconcile-reply.js';
import { SendReply } from '#use-cases/replies/send-reply.js';
import { PerformJob } from '#use-cases/work/perform-job.js';
import { DiscoverAccounts } from '#use-cases/accounts/discover-accounts.js';
import { RingDueWork } from '#use-cases/work/ring-due-work.js';
import { InMemoryIncidents } from '../fakes/in-memory-incidents.js';
import { InMemoryAllowances } from '../fakes/in-memory-allowances.js';
import { InMemoryStore } from '../fakes/in-memory-store.js';
import { VirtualClock } from '../fakes/virtual-clock.js';

/** What the platform does with one publish. All but `answers` and `limits` leave us without a clear answer. */
export type PublishFate =
  'answers' | 'creates, then times out' | 'loses it' | 'creates, then breaks' | 'limits' | 'is away';

export interface Visible extends PublishedReply {
  readonly to: CommentId;
  readonly topLevel: CommentId;
}

/** Few enough to be reached: everybody who writes here is the same author. */
export const replyLimits = { perHour: 6, perAuthor: 3, perThread: 1_000 } as const;

const accountId = AccountId.parse('9');
const platformId = PlatformId.parse('anywhere');
const account: Account = {
  id: accountId,
  platform: platformId,
  username: 'brand',
  preset: 'balanced',
  policy: presets.balanced,
};
const passage = {
  id: PassageId.parse('0193e3a2-1111-7aaa-8bbb-123456789abc'),
  documentId: DocumentId.parse('0193e3a2-2222-7aaa-8bbb-123456789abc'),
  title: 'All answers',
  heading: undefined,
  text: 'All answers.',
};
const classes: Readonly<Record<string, CommentClass>> = { q: 'question', t: 'toxic', u: 'urgent', p: 'positive' };
// Letters only: the gate compares every figure with the sources.
const answerTo = (commentText: string): string => `An answer for ${commentText}.`;

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
  /** In the database, like the store: it outlives every process and the bell. */
  readonly allowances = new InMemoryAllowances(this.clock);
  readonly visible: Visible[] = [];
  readonly hidden = new Map<CommentId, number>();
  readonly told = new Map<CommentId, number>();
  fates: PublishFate[] = [];
  listings: ('shows' | 'is away')[] = [];
  /** How long the platform keeps a new reply out of its listings. */
  listingLagMs = 0;
  private bell: JobRequest[] = [];
  private processes: Process[] = [];
  private publishes = 0;

  readonly publishCalls: { readonly to: CommentId; readonly atMs: number }[] = [];
  readonly incidents = new InMemoryIncidents();
  /** The account's token, as the platform sees it. */
  tokenIsDead = false;
  /** Publishes that began under a pause although their reply was not on its way when the pause began. */
  readonly publishedWhilePaused: CommentId[] = [];
  /** Replies that were on their way when the last pause began: each may still call once. */
  private underway = new Set<CommentId>();

  deliver(number: number, kind: string, parent?: number): void {
    const id = CommentId.parse(`${number}`);
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

  wipeBell(): void {
    this.bell = [];
  }

  async sweep(): Promise<void> {
    await new RingDueWork(this.store.leases, this.queue, this.clock).execute();
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
    const request = this.bell[which % Math.max(1, this.bell.length)];
    if (!request) return;
    this.bell = this.bell.filter((other) => other !== request);
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
    this.tokenIsDead = false;
    await this.resumeEverything();
    for (const process of this.processes) process.crash();
    await turn();
    for (let round = 0; round < 400; round += 1) {
      this.startDiscovery();
      await this.finish();
      await this.sweep();
      while (this.bell.length > 0) {
        this.startJob(0);
        await this.finish();
      }
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
    return rows.some(({ dueAt }) => dueAt !== undefined);
  }

  private async run(request: JobRequest, process: Process): Promise<void> {
    const { leases } = this.store;
    const [incidents, pauses] = [gated(this.incidents, process), gated(this.pauses, process)];
    const performJob = new PerformJob(gated(leases, process), this.clock, incidents, pauses);
    const handlers = this.handlersFor(process);
    await performJob.execute(request, async (lease) => await handleJob(handlers, request, lease));
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
    const allowance = new ReplyAllowance(comments, gated(this.allowances, process), replyLimits);
    const send = new SendReply(replies, accounts, platforms, { dryRun: false }, allowance, this.clock, queue);
    const reconcile = new ReconcileReply(replies, comments, accounts, platforms, leases, queue);
    const hide = new HideComment(gated(store.moderations, process), accounts, platforms, { dryRun: false }, leases);
    const tell = new TellOperators(gated(store.alerts, process), this.notifierFor(process));
    return {
      'comments.classify': async ({ commentId }, lease) => await classify.execute(commentId, lease),
      'replies.draft': async ({ replyId }, lease) => await draft.execute(replyId, lease),
      'replies.send': async ({ replyId }, lease) => await send.execute(replyId, lease),
      'replies.reconcile': async ({ replyId }, lease) => await reconcile.execute(replyId, lease),
      'moderation.apply': async ({ moderationId }, lease) => await hide.execute(moderationId, lease),
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
        hide: async ({ commentId }) => {
          if (process.dead) throw new Crashed();
          this.refuseDeadToken();
          this.hidden.set(commentId, (this.hidden.get(commentId) ?? 0) + 1);
          await process.gate();
        },
      },
      replies: {
        asShown: (text) => text.trim(),
        listOurs: async ({ topLevelId }) => {
          await process.gate();
          this.refuseDeadToken();
          if (this.listings.shift() === 'is away') throw new AppError('unavailable', 'no listing now');
          const seen = this.clock.ms - this.listingLagMs;
          return this.visible.filter(({ topLevel, at }) => topLevel === topLevelId && at.getTime() <= seen);
        },
        publish: async ({ commentId, text }) => await this.publish(process, commentId, text),
      },
    };
    return { get: () => platform, all: () => [platform] };
  }

  private async publish(process: Process, to: CommentId, text: string): Promise<CommentId> {
    // No gate before: a process cannot be stopped between its look at the clock and its first byte (README says what
    // is left of that). It can die there: that is the gate after `beginSending`.
    if (process.dead) throw new Crashed();
    this.publishCalls.push({ to, atMs: this.clock.ms });
    const comment = this.store.commentRows.get(to)?.comment;
    const paused = this.store.pauses.holdingBack(accountId, comment?.mediaId).length > 0;
    if (paused && !this.underway.delete(to)) this.publishedWhilePaused.push(to);
    this.refuseDeadToken();
    const fate = this.fates.shift() ?? 'answers';
    if (fate === 'limits') throw new AppError('rate-limited', 'slow down', { retryAfterMs: 60_000 });
    if (fate === 'is away') throw new AppError('unavailable', 'nobody listens');
    this.publishes += 1;
    const id = CommentId.parse(`5${String(this.publishes).padStart(5, '0')}`);
    if (fate !== 'loses it') {
      this.visible.push({ id, to, topLevel: comment?.parentId ?? to, text: text.trim(), at: this.clock.now() });
    }
    await process.gate();
    if (fate === 'creates, then breaks') throw new TypeError('the answer cannot be read');
    if (fate !== 'answers') throw new AppError('ambiguous', 'no answer in time');
    return id;
  }

  private refuseDeadToken(): void {
    if (this.tokenIsDead) throw new AppError('reconnect', 'code 190');
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
    waiting: async (lane) =>
      await Promise.resolve(this.bell.filter(({ name }) => jobCatalog[name].lane === lane).length),
  };

  private ring(requests: readonly JobRequest[]): void {
    const same = (one: JobRequest, other: JobRequest): boolean =>
      one.name === other.name && refOf(one).id === refOf(other).id;
    for (const request of requests) {
      if (!this.bell.some((other) => same(request, other))) this.bell.push(request);
    }
  }
}

async function survived(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof Crashed)) throw error;
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

const accounts: Accounts = {
  get: async () => await Promise.resolve(account),
  all: async () => await Promise.resolve([account]),
  connect: async () => await Promise.resolve(),
};
const noIntake: Intake = {
  store: async () => await Promise.reject(new Error('nothing is delivered this way')),
  dropForeign: async () => await Promise.resolve(0),
};
const noMedia: MediaLibrary = {
  find: async () => await Promise.resolve(undefined),
  remember: async () => await Promise.resolve(),
};
const knowledge: Knowledge = { search: async () => await Promise.resolve([passage]) };
const classifier: CommentClassifier = {
  classify: async ({ comment }) => {
    const found = classes[comment.text[0] ?? ''] ?? 'positive';
    const verdict = { class: found, confidence: 95, reason: '', language: 'en', model: 'm', promptVersion: 'p' };
    return await Promise.resolve({ kind: 'verdict', verdict, repaired: false });
  },
};
const writer: ReplyWriter = {
  instructions: 'none',
  write: async ({ comment }) => {
    const draft = { text: answerTo(comment.text), sources: [passage.id], model: 'm', promptVersion: 'p' };
    return await Promise.resolve({ kind: 'written', draft });
  },
};
