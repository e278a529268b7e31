import { randomUUID } from 'node:crypto';
import type { NewDecision } from '#domain/comments/reason-codes.js';
import type { Comment, Outcome } from '#domain/comments/comment.js';
import type { Plan } from '#domain/comments/triage.js';
import type { Moderation } from '#domain/moderation/moderation.js';
import type { Alert } from '#domain/notifications/alert.js';
import type { Draft } from '#domain/replies/replies.js';
import { auditRules } from '#domain/replies/reply-audits.js';
import { replyStates, type Reply } from '#domain/replies/reply.js';
import { type AlertId, type CommentId, type ModerationId, ReplyId } from '#domain/shared/ids.js';
import { sendingRules } from '#domain/replies/reply-rules.js';
import type { Clock } from '#domain/shared/clock.js';
import type { Lease, WorkRef } from '#domain/work/lease.js';

/** What a commit wants of a row, and leaves in the ledger. */
export interface Step {
  readonly from: readonly string[];
  readonly lease: 'keep' | 'end' | number;
  readonly decisions: readonly NewDecision[];
}

/** One step of a row under a lease. @throws StaleLease */
export type Advance = (lease: Lease, step: Step, change: () => void) => void;

export interface Held {
  epoch: number;
  leaseUntil: number | undefined;
  dueAt: number | undefined;
  attempts: number;
  /** Where it stood when it was parked. */
  parkedFrom?: string | undefined;
}

export interface CommentState extends Held {
  comment: Comment;
}

export interface ReplyState extends Held {
  reply: Reply;
  attempt: number;
  startedAt?: Date;
  /** When the thread was last seen without it, before a second try. */
  lookedAt?: number;
  sentAt?: Date;
  auditDueAt?: number | undefined;
  /** Of the audit. */
  looks: number;
  extraId?: CommentId | undefined;
  generation?: number;
  revision?: number;
  regenerations?: number;
  /** Its id at the platform, while it is parked from being removed. */
  standingId?: CommentId;
  /** While another draft is written. */
  formerText?: string;
}

export interface ModerationState extends Held {
  /** An operator wished for it. */
  byPerson?: boolean;
  moderation: Moderation;
}

export interface AlertState extends Held {
  alert: Alert;
}

/** All rows, and what is the same for each kind of work. */
export class Tables {
  readonly comments = new Map<CommentId, CommentState>();
  readonly replies = new Map<ReplyId, ReplyState>();
  readonly moderations = new Map<ModerationId, ModerationState>();
  readonly alerts = new Map<AlertId, AlertState>();

  rowOf(ref: WorkRef): Held | undefined {
    switch (ref.kind) {
      case 'comment':
        return this.comments.get(ref.id);
      case 'reply':
        return this.replies.get(ref.id);
      case 'moderation':
        return this.moderations.get(ref.id);
      case 'alert':
        return this.alerts.get(ref.id);
    }
  }

  refs(): WorkRef[] {
    return [
      ...[...this.comments.keys()].map((id) => ({ kind: 'comment', id }) as const),
      ...[...this.replies.keys()].map((id) => ({ kind: 'reply', id }) as const),
      ...[...this.moderations.keys()].map((id) => ({ kind: 'moderation', id }) as const),
      ...[...this.alerts.keys()].map((id) => ({ kind: 'alert', id }) as const),
    ];
  }

  /** The oldest of every account, then the second of each, and so on. */
  inTurns(refs: readonly WorkRef[]): readonly WorkRef[] {
    const dueAt = (ref: WorkRef): number => this.rowOf(ref)?.dueAt ?? 0;
    const seen = new Map<string | undefined, number>();
    const turns = refs
      .toSorted((one, other) => dueAt(one) - dueAt(other))
      .map((ref) => {
        const accountId = this.comments.get(this.commentIdOf(ref))?.comment.accountId;
        const turn = (seen.get(accountId) ?? 0) + 1;
        seen.set(accountId, turn);
        return { ref, turn };
      });
    return turns.toSorted((one, other) => one.turn - other.turn).map(({ ref }) => ref);
  }

  comment(id: CommentId): CommentState {
    const row = this.comments.get(id);
    if (!row) throw new Error(`no comment ${id}`);
    return row;
  }

  held(ref: WorkRef): Held {
    const row = this.rowOf(ref);
    if (!row) throw new Error(`no ${ref.kind} ${ref.id}`);
    return row;
  }

  stageOf(ref: WorkRef): string {
    switch (ref.kind) {
      case 'comment':
        return this.comments.get(ref.id)?.comment.stage ?? '';
      case 'reply':
        return this.replies.get(ref.id)?.reply.state ?? '';
      case 'moderation':
        return this.moderations.get(ref.id)?.moderation.state ?? '';
      case 'alert':
        return this.alerts.get(ref.id)?.alert.state ?? '';
    }
  }

  /** Of whose rows the sweep looks for so many: replies that are to be written, and those that are, are two. */
  shareOf(ref: WorkRef): string {
    return this.stageOf(ref) === 'wanted' ? 'writing' : ref.kind;
  }

  publicReplyDue(commentId: CommentId): boolean {
    const replies = [...this.replies.values()].filter(({ reply }) => reply.commentId === commentId);
    return replies.some(({ reply, dueAt }) => reply.channel === 'public' && dueAt !== undefined);
  }

  alertOf(commentId: CommentId): AlertState | undefined {
    return [...this.alerts.values()].find(({ alert }) => alert.commentId === commentId);
  }

  commentIdOf(ref: WorkRef): CommentId {
    const found =
      ref.kind === 'comment'
        ? ref.id
        : ref.kind === 'reply'
          ? this.replies.get(ref.id)?.reply.commentId
          : ref.kind === 'moderation'
            ? this.moderations.get(ref.id)?.moderation.commentId
            : this.alerts.get(ref.id)?.alert.commentId;
    if (found === undefined) throw new Error(`no ${ref.kind} ${ref.id}`);
    return found;
  }

  topOf(id: CommentId): CommentId {
    return this.comments.get(id)?.comment.parentId ?? id;
  }

  /** Something is due again about a finished comment. */
  reopen(id: CommentId): void {
    const row = this.comments.get(id);
    if (row?.comment.stage !== 'done' && row?.comment.stage !== 'parked') return;
    row.comment = { ...row.comment, stage: 'acting', outcome: undefined };
  }

  /** It is noted that a reply is out: the one that it replaces is to be removed, in the same commit. */
  removeReplaced(by: Reply, nowMs: number): void {
    const former = by.replaces && this.replies.get(by.replaces);
    if (former?.reply.state !== 'sent') return;
    former.reply = { ...former.reply, state: 'removing' };
    Object.assign(former, { leaseUntil: undefined, dueAt: nowMs, attempts: 0, epoch: former.epoch + 1 });
  }

  /** The comment's end, when nothing is due about it any more. */
  settle(id: CommentId): void {
    const row = this.comment(id);
    if (row.comment.stage !== 'acting') return;
    const replies = [...this.replies.values()].filter(({ reply }) => reply.commentId === id);
    const moderations = [...this.moderations.values()].filter(({ moderation }) => moderation.commentId === id);
    const alerts = [...this.alerts.values()].filter(({ alert }) => alert.commentId === id);
    if ([...replies, ...moderations, ...alerts].some(({ dueAt }) => dueAt !== undefined)) return;
    const states = [
      ...(row.parkedFrom === undefined ? [] : ['comment parked']),
      ...(row.comment.hidden ? ['comment hidden'] : []),
      ...replies.map(({ reply }) => `reply ${reply.state}`),
      ...moderations.map(({ moderation: { action, state } }) =>
        action === 'delete' && state === 'done' ? 'moderation deleted' : `moderation ${state}`,
      ),
      ...alerts.map(({ alert }) => `alert ${alert.state}`),
    ];
    const outcome = outcomeOf(states);
    row.comment = { ...row.comment, stage: outcome === 'parked' ? 'parked' : 'done', outcome };
  }
}

export const stillDue = new Set([
  'received',
  'wanted',
  'drafted',
  'sending',
  'unknown',
  'due',
  'waiting-alert',
  'sending-alert',
  'removing',
]);

/** Before the reply is marked as sent: one that was in doubt is looked at once more. */
export function auditLater(row: ReplyState, found: boolean, nowMs: number): void {
  const doubted = row.attempt > 1 || row.reply.state === 'unknown' || found;
  if (row.reply.channel !== 'public' || row.looks > 0 || !doubted) return;
  row.auditDueAt ??= nowMs + auditRules.firstLookAfterMs;
}

/** One that was told is told again; one that is still to be told says it, too. */
export function tellAgain(row: AlertState, dueAt: number): void {
  if (row.alert.state !== 'told' && row.alert.state !== 'no-channel' && row.alert.state !== 'closed') return;
  row.alert = { ...row.alert, state: 'waiting' };
  Object.assign(row, { dueAt, attempts: 0 });
}

function outcomeOf(states: readonly string[]): Outcome {
  if (states.some((state) => state.endsWith(' parked'))) return 'parked';
  if (states.includes('moderation deleted')) return 'deleted';
  if (states.includes('reply sent')) return 'answered';
  if (states.includes('comment hidden')) return 'hidden';
  if (states.includes('reply waiting') || states.includes('moderation suggested')) return 'waiting';
  return states.includes('alert told') ? 'told' : 'left-alone';
}

export function factsOf({
  id,
  commentId,
  accountId,
  intent,
  channel,
  replaces,
}: Reply): Pick<Reply, 'id' | 'commentId' | 'accountId' | 'intent' | 'channel' | 'replaces'> {
  return { id, commentId, accountId, intent, channel, replaces };
}

export function parkedFromOf({ parkedFrom }: Held): Reply['state'] | undefined {
  return replyStates.find((state) => state === parkedFrom);
}

/** The rows that a plan makes: what is to be written, what a rule has written, what a person is left with. */
export function repliesOf(plan: Plan, facts: Pick<Reply, 'commentId' | 'accountId'>): readonly Reply[] {
  const { reply, replyText: text = '', privateReplyText } = plan;
  const made = (channel: Reply['channel'], intent: Reply['intent']): ReturnType<typeof factsOf> => ({
    id: ReplyId.parse(randomUUID()),
    ...facts,
    intent,
    channel,
  });
  const rows: Reply[] = [];
  if (reply === 'auto' || reply === 'draft') rows.push({ ...made('public', reply), state: 'wanted' });
  if (reply === 'person') rows.push({ ...made('public', 'draft'), state: 'waiting' });
  if (reply === 'fixed') rows.push({ ...made('public', 'auto'), state: 'drafted', text, sources: [] });
  if (privateReplyText !== undefined) {
    rows.push({ ...made('private', 'auto'), state: 'drafted', text: privateReplyText, sources: [] });
  }
  return rows;
}

export function written(reply: Reply): ReturnType<typeof factsOf> & { text: string; sources: Draft['sources'] } {
  const text = 'text' in reply && reply.text !== undefined ? reply.text : '';
  const sources = 'sources' in reply && reply.sources !== undefined ? reply.sources : [];
  return { ...factsOf(reply), text, sources };
}

export function triedOf(reply: Reply): { attempt: number; startedAt: Date; emptyListings: number } {
  if (reply.state !== 'sending' && reply.state !== 'unknown') throw new Error(`${reply.state} was not tried`);
  const { attempt, startedAt, emptyListings } = reply;
  return { attempt, startedAt, emptyListings };
}

type Tries = ReturnType<typeof triedOf>;

/** The second try keeps the first one's beginning. */
export function tried(row: ReplyState, clock: Clock): Tries {
  row.startedAt ??= clock.now();
  return { attempt: row.attempt, startedAt: row.startedAt, emptyListings: 0 };
}

/** It was looked for as often as a second try takes; only the last look is still to be noted. */
export function allLooks(row: ReplyState, clock: Clock): Tries {
  return { ...tried(row, clock), emptyListings: sendingRules.emptyListingsBeforeResend - 1 };
}

/** Whether a second try may rely on the last look into the thread; the first try needs none. */
export function lookIsFresh({ attempt, lookedAt = 0 }: ReplyState, nowMs: number): boolean {
  return attempt === 0 || lookedAt > nowMs - sendingRules.lastLookHoldsMs;
}
