import { randomUUID } from 'node:crypto';
import type { Comment, CommentSource, IncomingComment, ThreadEntry } from '#domain/comments/comment.js';
import type { Comments } from '#domain/comments/comments.js';
import type { NewDecision, ReasonCode } from '#domain/comments/reason-codes.js';
import { decide } from '#domain/comments/reason-codes.js';
import type { Plan } from '#domain/comments/triage.js';
import type { Verdict } from '#domain/comments/verdict.js';
import { jobCatalog, jobFor, lanes, type Lane } from '#domain/jobs/job-catalog.js';
import type { ModerationAction } from '#domain/moderation/moderation.js';
import type { Moderations } from '#domain/moderation/moderations.js';
import type { Alerts } from '#domain/notifications/alerts.js';
import type { Draft, Replies } from '#domain/replies/replies.js';
import type { ReplyRemovals } from '#domain/replies/reply-removals.js';
import { AlertId, type CommentId, ModerationId } from '#domain/shared/ids.js';
import { toMs } from '#domain/work/backoff.js';
import { StaleLease, type ClaimOutcome, type Lease, type WorkRef } from '#domain/work/lease.js';
import type { DueWork, LaterOptions, Leases } from '#domain/work/leases.js';
import {
  auditLater,
  factsOf,
  stillDue,
  Tables,
  allLooks,
  lookIsFresh,
  tellAgain,
  repliesOf,
  tried,
  triedOf,
  written,
  type Advance,
  type Held,
  type ReplyState,
  type Step,
} from './in-memory-rows.js';
import { InMemoryPauses } from './in-memory-pauses.js';
import { PausedWork } from './paused-work.js';
import { InMemoryTakeovers } from './in-memory-takeovers.js';
import { InMemoryActions } from './in-memory-actions.js';
import { InMemoryAlerts } from './in-memory-alerts.js';
import { InMemoryRemovals } from './in-memory-removals.js';
import { InMemoryDeciding } from './in-memory-deciding.js';
import type { VirtualClock } from './virtual-clock.js';

const receivedAs = { webhook: 'received', polling: 'found-by-polling', history: 'imported-history' } as const;
const alertWaitsMs = 20_000;

/**
 * The whole database in memory, with virtual time: the same promises as the PostgreSQL adapters (leases, epochs, one
 * reply per comment, a comment's end), and every method is one atomic commit.
 */
export class InMemoryStore {
  private readonly tables = new Tables();
  readonly commentRows = this.tables.comments;
  readonly replyRows = this.tables.replies;
  readonly moderationRows = this.tables.moderations;
  readonly alertRows = this.tables.alerts;
  readonly ledger: { readonly commentId: CommentId; readonly reason: ReasonCode; readonly at: number }[] = [];
  readonly pauses: InMemoryPauses;
  private readonly paused: PausedWork;

  readonly actions: InMemoryActions;
  readonly takeovers: InMemoryTakeovers;
  readonly deciding: InMemoryDeciding;

  constructor(private readonly clock: VirtualClock) {
    this.pauses = new InMemoryPauses(clock);
    this.paused = new PausedWork(this.tables, this.pauses, clock);
    this.pauses.tell = () => {
      for (const id of this.paused.untold(this.ledger)) this.note(id, [decide('waits-for-resume')]);
    };
    this.takeovers = new InMemoryTakeovers(this.tables, clock, (id, decisions) => this.note(id, decisions));
    this.deciding = new InMemoryDeciding(this.tables, clock, (id, decisions) => this.note(id, decisions));
    const advance: Advance = (lease, step, change) => this.advance(lease, step, change);
    this.removals = new InMemoryRemovals(this.tables, clock, advance, (ref) => this.paused.isPaused(ref));
    this.alerts = new InMemoryAlerts(this.tables, clock, advance);
    this.actions = new InMemoryActions(this.tables, clock, this.pauses, (id, decisions) => this.note(id, decisions));
  }

  /** @returns whether it is new */
  add(incoming: IncomingComment, source: CommentSource = 'webhook'): boolean {
    if (this.commentRows.has(incoming.id)) return false;
    const over = source === 'history';
    const comment: Comment = {
      ...incoming,
      stage: over ? 'done' : 'received',
      receivedAt: this.clock.now(),
      verdict: undefined,
      hidden: false,
      outcome: over ? 'left-alone' : undefined,
    };
    this.commentRows.set(incoming.id, { comment, ...this.dueNow(), ...(over && { dueAt: undefined }) });
    this.note(incoming.id, [decide(receivedAs[source])]);
    return true;
  }

  /** Our own reply came back from the platform. */
  echo(platformReplyId: CommentId, topLevelId: CommentId, text: string): void {
    this.actions.echo(platformReplyId, topLevelId, text);
  }

  readonly leases: Leases = {
    claim: async (ref, forMs) => await this.atomic(() => this.claim(ref, forMs)),
    renew: async (lease, forMs) =>
      await this.atomic(() => {
        const row = this.tables.held(lease.ref);
        if (row.epoch !== lease.epoch || row.leaseUntil === undefined) return false;
        row.leaseUntil = this.clock.ms + forMs;
        row.dueAt = row.leaseUntil;
        return true;
      }),
    release: async (lease, later) => await this.atomic(() => this.release(lease, later)),
    park: async (lease, reason) =>
      await this.atomic(() => {
        this.advance(lease, { from: [...stillDue], lease: 'end', decisions: [decide(reason)] }, () => this.park(lease));
      }),
    due: async (limit, among) => await this.atomic(() => this.due(limit, among)),
  };

  readonly comments: Comments = {
    find: async (id) =>
      await this.atomic(() => {
        const comment = this.commentRows.get(id)?.comment;
        return comment && { ...comment, takenOver: this.takeovers.of(id) };
      }),
    threadBefore: async () => await this.atomic((): ThreadEntry[] => []),
    recordVerdict: async (lease, verdict, plan, decisions) =>
      await this.atomic(() => this.recordVerdict(lease, verdict, plan, decisions)),
  };

  readonly replies: Replies = {
    find: async (id) => await this.atomic(() => this.replyRows.get(id)?.reply),
    keepForSending: async (lease, draft, decision) =>
      await this.moveReply(lease, { from: ['wanted'], lease: 0, decisions: [decision] }, (row) => {
        row.reply = { ...factsOf(row.reply), state: 'drafted', text: draft.text, sources: draft.sources };
      }),
    keepForOperator: async (lease, draft, decisions, tell) =>
      await this.atomic(() => this.keepForOperator(lease, draft, decisions, tell)),
    beginSending: async (lease, decision) =>
      await this.atomic(() => {
        const ours = lease.epoch === this.tables.held(lease.ref).epoch;
        if (ours && this.paused.isPaused(lease.ref)) return 'paused';
        if (ours && this.takeovers.holdsReply(this.replyRow(lease))) return 'taken-over';
        if (!lookIsFresh(this.replyRow(lease), this.clock.ms)) return 'look-first';
        this.advance(lease, { from: ['drafted'], lease: 'keep', decisions: [decision] }, () => {
          const row = this.replyRow(lease);
          row.attempt += 1;
          row.reply = { ...written(row.reply), ...tried(row, this.clock), state: 'sending' };
          row.leaseUntil = this.clock.ms + toMs(jobCatalog['replies.send'].lease);
          row.dueAt = row.leaseUntil;
        });
        return 'begun';
      }),
    recordSent: async (lease, platformReplyId, decision) =>
      await this.moveReply(
        lease,
        { from: ['drafted', 'sending', 'unknown', 'sent'], lease: 'end', decisions: [decision] },
        (row) => {
          const known = row.reply.state === 'sent' ? row.reply.platformReplyId : undefined;
          auditLater(row, decision.reason === 'reply-found-by-listing', this.clock.ms);
          if (row.reply.state !== 'sent') this.tables.removeReplaced(row.reply, this.clock.ms);
          row.sentAt ??= this.clock.now();
          row.reply = { ...written(row.reply), state: 'sent', platformReplyId: known ?? platformReplyId };
        },
      ),
    recordUnclear: async (lease, delayMs, decision) =>
      await this.moveReply(lease, { from: ['sending', 'drafted'], lease: delayMs, decisions: [decision] }, (row) => {
        const tried = row.reply.state === 'drafted' ? allLooks(row, this.clock) : triedOf(row.reply);
        row.reply = { ...written(row.reply), ...tried, state: 'unknown' };
      }),
    recordNotPublished: async (lease) =>
      await this.moveReply(lease, { from: ['sending'], lease: 'keep', decisions: [] }, (row) => {
        row.attempt -= 1;
        if (row.attempt === 0) delete row.startedAt;
        row.reply =
          row.attempt === 0
            ? { ...written(row.reply), state: 'drafted' }
            : { ...written(row.reply), ...tried(row, this.clock), state: 'unknown' };
      }),
    recordEmptyListing: async (lease, delayMs, decision) =>
      await this.moveReply(lease, { from: ['sending', 'unknown'], lease: delayMs, decisions: [decision] }, (row) => {
        const tried = triedOf(row.reply);
        row.reply = { ...written(row.reply), ...tried, emptyListings: tried.emptyListings + 1, state: 'unknown' };
      }),
    allowResend: async (lease, decision) =>
      await this.moveReply(lease, { from: ['sending', 'unknown'], lease: 0, decisions: [decision] }, (row) => {
        row.lookedAt = this.clock.ms;
        row.reply = { ...written(row.reply), state: 'drafted', again: true };
      }),
    belongingToOthers: async (id, published) =>
      await this.atomic(() => {
        const others = [...this.replyRows.values()].flatMap(({ reply }) =>
          reply.id !== id && 'platformReplyId' in reply ? [reply.platformReplyId] : [],
        );
        return new Set(published.filter((each) => others.includes(each)));
      }),
    leaveToPerson: async (lease, decision) =>
      await this.moveReply(lease, { from: ['drafted'], lease: 'end', decisions: [decision] }, (row) => {
        row.revision = (row.revision ?? 1) + 1;
        row.reply = { ...written(row.reply), state: 'waiting' };
        if (decision.reason === 'thread-cap-reached' && !this.isTold(lease.commentId))
          this.newAlert(lease.commentId, 0, 'again');
      }),
    drop: async (lease, decision, tell) =>
      await this.moveReply(
        lease,
        { from: ['drafted', 'sending', 'unknown'], lease: 'end', decisions: [decision] },
        (row) => {
          if (tell === true) this.newAlert(lease.commentId, 0, 'again');
          row.reply = { ...written(row.reply), state: 'dropped' };
        },
      ),
  };

  readonly removals: ReplyRemovals;

  readonly moderations: Moderations = {
    find: async (id) => await this.atomic(() => this.moderationRows.get(id)?.moderation),
    wish: async (id, action, _requestId, decision) => await this.atomic(() => this.actions.wish(id, action, decision)),
    replyStillDue: async ({ commentId }) => await this.atomic(() => this.tables.publicReplyDue(commentId)),
    begin: async (lease) =>
      await this.atomic(() => {
        if (lease.epoch === this.tables.held(lease.ref).epoch && this.paused.isPaused(lease.ref)) return 'paused';
        this.advance(lease, { from: ['due'], lease: 'keep', decisions: [] }, () => {
          const row = this.tables.held(lease.ref);
          row.leaseUntil = this.clock.ms + toMs(jobCatalog['moderation.apply'].lease);
          row.dueAt = row.leaseUntil;
        });
        return 'begun';
      }),
    leaveIfTakenOver: async (lease, decision) =>
      await this.atomic(() => {
        const row = lease.ref.kind === 'moderation' ? this.moderationRows.get(lease.ref.id) : undefined;
        if (!row || !this.takeovers.holdsHide(row)) return false;
        this.advance(lease, { from: ['due'], lease: 'end', decisions: [decision] }, () => {
          row.moderation = { ...row.moderation, state: 'suggested' };
        });
        return true;
      }),
    recordDone: async (lease, action, decision) => await this.endModeration(lease, 'done', decision, action),
    drop: async (lease, decision) => await this.endModeration(lease, 'dropped', decision, undefined),
  };

  readonly alerts: Alerts;

  private async atomic<Result>(change: () => Result): Promise<Result> {
    await Promise.resolve();
    return change();
  }

  private dueNow(delayMs = 0): Held {
    return { epoch: 0, leaseUntil: undefined, dueAt: this.clock.ms + delayMs, attempts: 0 };
  }

  private note(commentId: CommentId, decisions: readonly NewDecision[]): void {
    this.ledger.push(...decisions.map(({ reason }) => ({ commentId, reason, at: this.clock.ms })));
  }

  private claim(ref: WorkRef, forMs: number): ClaimOutcome {
    const row = this.tables.rowOf(ref);
    if (row?.dueAt === undefined) return { kind: 'nothing-to-do' };
    if (row.dueAt > this.clock.ms) return { kind: 'not-yet', inMs: row.dueAt - this.clock.ms };
    if (this.paused.isPaused(ref)) return { kind: 'nothing-to-do' };
    row.epoch += 1;
    row.leaseUntil = this.clock.ms + forMs;
    row.dueAt = row.leaseUntil;
    const { epoch, attempts } = row;
    const commentId = this.tables.commentIdOf(ref);
    const { accountId } = this.tables.comment(commentId).comment;
    return { kind: 'claimed', lease: { ref, commentId, accountId, epoch, attempts, traceId: 'model' } };
  }

  private release(lease: Lease, { delayMs, spentTry, decision }: LaterOptions): void {
    const row = this.tables.held(lease.ref);
    if (row.epoch !== lease.epoch || row.leaseUntil === undefined) return;
    row.leaseUntil = undefined;
    row.dueAt = this.clock.ms + delayMs;
    if (spentTry) row.attempts += 1;
    if (decision) this.note(lease.commentId, [decision]);
  }

  private due(limit: number, among: readonly Lane[] = lanes): readonly DueWork[] {
    const due = this.tables.refs().filter((ref) => this.paused.isDue(ref) && !this.paused.isPaused(ref));
    const found = ['comment', 'writing', 'reply', 'moderation', 'alert'].flatMap((share) =>
      this.tables.inTurns(due.filter((ref) => this.tables.shareOf(ref) === share)).slice(0, limit),
    );
    const work = found.map((ref) => ({ ref, stage: this.tables.stageOf(ref) }));
    return work.filter(({ ref, stage }) => {
      const job = jobFor(ref, stage);
      return !job || among.includes(jobCatalog[job.name].lane);
    });
  }

  /** @throws StaleLease */
  private advance(lease: Lease, step: Step, change: () => void): void {
    const row = this.tables.held(lease.ref);
    const stage = this.tables.stageOf(lease.ref);
    const allowed = step.from.includes(stage) || step.from.includes(`${stage}-${lease.ref.kind}`);
    if (row.epoch !== lease.epoch || !allowed) throw new StaleLease(lease);
    change();
    this.note(lease.commentId, step.decisions);
    if (step.lease === 'keep') return;
    row.leaseUntil = undefined;
    row.attempts = 0;
    row.dueAt = step.lease === 'end' ? undefined : this.clock.ms + step.lease;
    if (step.lease === 'end') this.tables.settle(lease.commentId);
  }

  private park({ ref, commentId }: Lease): void {
    this.tables.held(ref).parkedFrom = this.tables.stageOf(ref);
    if (ref.kind === 'comment') {
      const row = this.tables.comment(ref.id);
      row.comment = { ...row.comment, stage: 'parked', outcome: 'parked' };
    }
    const reply = ref.kind === 'reply' ? this.replyRows.get(ref.id) : undefined;
    if (reply?.reply.state === 'removing') reply.standingId = reply.reply.platformReplyId;
    if (reply) reply.reply = { ...written(reply.reply), state: 'parked' };
    const moderation = ref.kind === 'moderation' ? this.moderationRows.get(ref.id) : undefined;
    if (moderation) moderation.moderation = { ...moderation.moderation, state: 'parked' };
    const alert = ref.kind === 'alert' ? this.alertRows.get(ref.id) : undefined;
    if (alert) alert.alert = { ...alert.alert, state: 'parked' };
    if (ref.kind !== 'alert') this.newAlert(commentId, 0, 'again');
  }

  private recordVerdict(
    lease: Lease,
    verdict: Verdict | undefined,
    plan: Plan,
    decisions: readonly NewDecision[],
  ): readonly DueWork[] {
    const id = lease.commentId;
    const due: DueWork[] = [];
    this.advance(lease, { from: ['received'], lease: 'keep', decisions }, () => {
      const row = this.tables.comment(id);
      row.comment = { ...row.comment, stage: 'acting', verdict };
      Object.assign(row, { leaseUntil: undefined, dueAt: undefined });
      const facts = { commentId: id, accountId: row.comment.accountId };
      for (const reply of repliesOf(plan, facts)) {
        // Machines make the first and no other one.
        const known = [...this.replyRows.values()].some(
          (row) => row.reply.commentId === id && row.reply.channel === reply.channel,
        );
        if (known) continue;
        const waits = reply.state === 'waiting';
        this.replyRows.set(reply.id, {
          reply,
          attempt: 0,
          looks: 0,
          ...this.dueNow(),
          ...(waits && { dueAt: undefined }),
        });
        if (!waits) due.push({ ref: { kind: 'reply', id: reply.id }, stage: reply.state });
      }
      const decided = [...this.moderationRows.values()].some(({ moderation }) => moderation.commentId === id);
      if (plan.hide !== 'none' && !decided) {
        const moderationId = ModerationId.parse(randomUUID());
        const state = plan.hide === 'now' ? 'due' : 'suggested';
        const held = this.dueNow();
        if (state === 'suggested') held.dueAt = undefined;
        this.moderationRows.set(moderationId, {
          moderation: { id: moderationId, ...facts, action: 'hide', state },
          ...held,
        });
        if (state === 'due') due.push({ ref: { kind: 'moderation', id: moderationId }, stage: state });
      }
      if (!plan.alert) return;
      const waitsMs = plan.reply === 'auto' || plan.reply === 'draft' ? alertWaitsMs : 0;
      const alertId = this.newAlert(id, waitsMs, 'again');
      if (waitsMs === 0) due.push({ ref: { kind: 'alert', id: alertId }, stage: 'waiting' });
    });
    this.tables.settle(id);
    return due;
  }

  /** Of a thread over its cap people are told once a day. */
  private isTold(id: CommentId): boolean {
    const since = this.clock.ms - 86_400_000;
    const others = this.ledger.filter((line) => line.reason === 'thread-cap-reached' && line.at > since);
    return others.some(({ commentId }) => commentId !== id && this.tables.topOf(commentId) === this.tables.topOf(id));
  }

  private newAlert(commentId: CommentId, delayMs: number, again?: 'again'): AlertId {
    const existing = this.tables.alertOf(commentId);
    if (existing && again) tellAgain(existing, this.clock.ms + delayMs);
    else if (existing?.alert.state === 'waiting' && existing.leaseUntil === undefined) existing.dueAt = this.clock.ms;
    if (existing) return existing.alert.id;
    const id = AlertId.parse(randomUUID());
    this.alertRows.set(id, { alert: { id, commentId, state: 'waiting' }, ...this.dueNow(delayMs) });
    return id;
  }

  private keepForOperator(
    lease: Lease,
    draft: Draft | undefined,
    decisions: readonly NewDecision[],
    tell: boolean,
  ): AlertId | undefined {
    let alertId: AlertId | undefined;
    this.advance(lease, { from: ['wanted'], lease: 'end', decisions }, () => {
      const row = this.replyRow(lease);
      row.revision = (row.revision ?? 1) + 1;
      const former = row.formerText === undefined ? {} : { text: row.formerText, sources: [] };
      const text = draft === undefined ? former : { text: draft.text, sources: draft.sources };
      row.reply = { ...factsOf(row.reply), state: 'waiting', ...text };
      if (tell) alertId = this.newAlert(lease.commentId, 0);
    });
    return alertId;
  }

  private replyRow(lease: Lease): ReplyState {
    const row = lease.ref.kind === 'reply' ? this.replyRows.get(lease.ref.id) : undefined;
    if (!row) throw new Error(`no reply ${lease.ref.id}`);
    return row;
  }

  private async moveReply(lease: Lease, step: Step, change: (row: ReplyState) => void): Promise<void> {
    await this.atomic(() => this.advance(lease, step, () => change(this.replyRow(lease))));
  }

  private async endModeration(
    lease: Lease,
    state: 'done' | 'dropped',
    decision: NewDecision,
    applied: ModerationAction | undefined,
  ): Promise<void> {
    await this.atomic(() =>
      this.advance(lease, { from: ['due'], lease: 'end', decisions: [decision] }, () => {
        const row = lease.ref.kind === 'moderation' ? this.moderationRows.get(lease.ref.id) : undefined;
        if (row) row.moderation = { ...row.moderation, state };
        const comment = this.tables.comment(lease.commentId);
        if (applied && applied !== 'delete') comment.comment = { ...comment.comment, hidden: applied === 'hide' };
      }),
    );
  }
}
