import { decidedByOperator, type NewDecision, type ReasonCode } from '../comments/reason-codes.js';
import type { CommentId, ReplyId } from '../shared/ids.js';
import type { ReplyChannel, ReplyIntent, ReplyState } from './reply.js';
import type { GateFinding } from './gate/check-reply.js';

export const replyActions = ['approve', 'edit', 'reject', 'regenerate', 'write', 'replace', 'delete'] as const;
export type ReplyAction = (typeof replyActions)[number];

export const decidingRules = {
  /** New drafts of one reply that people may ask for: whoever asks for more will not be content with any. */
  mostRegenerations: 5,
  /** Characters of a hint or of a reason. */
  noteLength: 500,
} as const;

interface Asked {
  /** The caller's own name for this request, so that repeating it is the same request. */
  readonly requestId: string | undefined;
}

interface AboutReply extends Asked {
  readonly replyId: ReplyId;
  /** The revision that the person has seen: of any other one nothing is done. */
  readonly revision: number;
}

interface Words {
  readonly text: string;
  /** What the gate found in them and the person overruled. */
  readonly overruled: readonly GateFinding[];
}

/** What a person wants of a reply. */
export type ReplyWish =
  | (AboutReply & { readonly action: 'approve' })
  | (AboutReply & { readonly action: 'delete' })
  | (AboutReply & { readonly action: 'reject'; readonly reason: string })
  | (AboutReply & { readonly action: 'regenerate'; readonly hint: string | undefined })
  | (AboutReply & Words & { readonly action: 'edit' })
  | (AboutReply & Words & { readonly action: 'replace' })
  | (Asked & Words & { readonly action: 'write'; readonly commentId: CommentId });

/** A reply as whoever decides about it must know it. */
export interface StandingReply {
  readonly id: ReplyId;
  readonly commentId: CommentId;
  readonly state: ReplyState;
  readonly intent: ReplyIntent;
  readonly channel: ReplyChannel;
  readonly generation: number;
  readonly revision: number;
  readonly text: string | undefined;
  /** Tries to publish it. */
  readonly attempt: number;
  readonly regenerations: number;
  /** Where it stood when machines gave it up. */
  readonly parkedFrom: ReplyState | undefined;
}

/** What is to be done with the rows, in one commit. */
type Consequence =
  /** It gets these words, and is due to be sent. */
  | { readonly kind: 'send'; readonly id: ReplyId; readonly text: string }
  /** Another one is due to be sent; when it is out, `replaces` is removed. */
  | {
      readonly kind: 'send-new';
      readonly generation: number;
      readonly text: string;
      readonly replaces: ReplyId | undefined;
    }
  | { readonly kind: 'drop' | 'remove'; readonly id: ReplyId }
  | { readonly kind: 'redraft'; readonly id: ReplyId; readonly hint: string | undefined }
  /** It is so already. */
  | { readonly kind: 'nothing'; readonly id: ReplyId }
  /** The state does not allow it. @param id of what stands in the way, where something does */
  | { readonly kind: 'refused'; readonly why: string; readonly id: ReplyId | undefined };

/**
 * What follows from a wish as the comment's public replies stand now. Pure: the database's adapter and the one in memory
 * ask here, each inside of the commit that does it.
 */
export function consequenceOf(wish: ReplyWish, replies: readonly StandingReply[]): Consequence {
  const publicOnes = replies.filter(({ channel }) => channel === 'public');
  if (wish.action === 'write') return writing(wish.text, publicOnes);
  const reply = replies.find(({ id }) => id === wish.replyId);
  if (!reply) return refused('There is no such reply.');
  if (reply.channel === 'private') return refused('A message to the author cannot be taken back or changed.', reply);
  if (wish.action === 'delete' && (reply.state === 'removing' || reply.state === 'removed')) {
    return { kind: 'nothing', id: reply.id };
  }
  if (reply.revision !== wish.revision) {
    return refused('The reply was changed meanwhile. Look at what stands there now and decide again.', reply);
  }
  switch (wish.action) {
    case 'approve':
      if (reply.state !== 'waiting') return notWaiting(reply);
      if (reply.text === undefined) return refused('There is no draft to approve: write the reply.', reply);
      return { kind: 'send', id: reply.id, text: reply.text };
    case 'edit':
      return reply.state === 'waiting' ? { kind: 'send', id: reply.id, text: wish.text } : notWaiting(reply);
    case 'reject':
      return reply.state === 'waiting' || (reply.state === 'parked' && reply.parkedFrom !== 'removing')
        ? { kind: 'drop', id: reply.id }
        : notWaiting(reply);
    case 'regenerate':
      if (reply.state !== 'waiting') return notWaiting(reply);
      if (reply.regenerations >= decidingRules.mostRegenerations) {
        return refused(`${reply.regenerations} new drafts were written already: write the reply by hand.`, reply);
      }
      return { kind: 'redraft', id: reply.id, hint: wish.hint };
    case 'replace':
    case 'delete':
      return changing(wish, reply, publicOnes);
  }
}

function changing(
  wish: Extract<ReplyWish, { action: 'replace' | 'delete' }>,
  reply: StandingReply,
  all: readonly StandingReply[],
): Consequence {
  if (reply.state !== 'sent') {
    return refused(`Only a published reply can be replaced or deleted; this one is ${reply.state}.`, reply);
  }
  const successor = all.find(isOpen);
  if (successor) return refused('Another reply that takes its place is on its way.', successor);
  if (wish.action !== 'replace') return { kind: 'remove', id: reply.id };
  if (sameWords(wish.text, reply.text ?? '')) return refused('The published reply says the same.', reply);
  return { kind: 'send-new', generation: nextGeneration(all), text: wish.text, replaces: reply.id };
}

function writing(text: string, all: readonly StandingReply[]): Consequence {
  const standing = all.find(({ state }) => state === 'sent');
  if (standing) return refused('There is a published reply: replace it.', standing);
  const leaving = all.find((one) => one.state === 'removing' || one.parkedFrom === 'removing');
  if (leaving) return refused('The reply before is being removed; write again when it is gone.', leaving);
  const open = all.find(isOpen);
  if (!open) return { kind: 'send-new', generation: nextGeneration(all), text, replaces: undefined };
  const { state, attempt, intent, id } = open;
  if (state === 'parked' && attempt > 0) {
    const why = 'It is not known whether a reply is out: look into the thread, then reject this one or retry it.';
    return refused(why, open);
  }
  // A worker that writes or is about to send holds an old epoch from here on, and its write changes nothing.
  const free = state === 'waiting' || state === 'wanted' || state === 'parked';
  if (free || (state === 'drafted' && attempt === 0 && intent !== 'person')) return { kind: 'send', id, text };
  return refused('A reply is on its way already.', open);
}

function refused(why: string, reply?: StandingReply): Consequence {
  return { kind: 'refused', why, id: reply?.id };
}

function notWaiting(reply: StandingReply): Consequence {
  return refused(`This reply does not wait for a decision: it is ${reply.state}.`, reply);
}

/** Whatever may still be published. */
function isOpen({ state, parkedFrom }: StandingReply): boolean {
  if (state === 'parked') return parkedFrom !== 'removing';
  return ['wanted', 'drafted', 'waiting', 'sending', 'unknown'].includes(state);
}

function nextGeneration(all: readonly StandingReply[]): number {
  return Math.max(0, ...all.map(({ generation }) => generation)) + 1;
}

/** As platforms show them. */
function sameWords(one: string, other: string): boolean {
  const folded = (text: string): string => text.replaceAll(/\s+/gu, ' ').trim();
  return folded(one) === folded(other);
}

/** What a person did before, as far as it tells a repeated request from another one. */
export interface FormerAction {
  readonly action: ReplyAction;
  readonly requestId: string | undefined;
  readonly replyId: ReplyId;
  readonly resultId: ReplyId;
  readonly revision: number | undefined;
  readonly text: string | undefined;
}

/**
 * Pressed twice, or sent again because the answer got lost.
 * @param former of the same comment, newest first
 * @param replies of the same comment
 * @returns what stood for it; 'other' when its requestId was used for something else
 */
function repeatedBy(
  wish: ReplyWish,
  former: readonly FormerAction[],
  replies: readonly StandingReply[],
): ReplyId | 'other' | undefined {
  const named = former.find(({ requestId }) => requestId !== undefined && requestId === wish.requestId);
  if (named) return isSame(wish, named) ? named.resultId : 'other';
  // Two people, or one with two fingers: the same decision about the same revision is one. What ended is written anew.
  const ended = new Set(replies.filter(({ state }) => state === 'dropped' || state === 'removed').map(({ id }) => id));
  const equal = former.find((one) => isSame(wish, one));
  if (!equal || (wish.action === 'write' && ended.has(equal.resultId))) return undefined;
  return wish.action === 'replace' && ended.has(equal.resultId) ? undefined : equal.resultId;
}

function isSame(wish: ReplyWish, { action, replyId, revision, text }: FormerAction): boolean {
  if (wish.action !== action) return false;
  if (wish.action === 'write') return wish.text === text;
  if (wish.replyId !== replyId || wish.revision !== revision) return false;
  return 'text' in wish ? wish.text === text : true;
}

interface Refusal {
  readonly kind: 'refused';
  readonly why: string;
  /** What stands there. */
  readonly now: StandingReply | undefined;
}

export type Change = Exclude<Consequence, { kind: 'refused' | 'nothing' }>;

/** What is to be done about a wish: something, nothing any more, or nothing at all. */
export type Judged =
  | { readonly kind: 'change'; readonly change: Change }
  | { readonly kind: 'repeated'; readonly reply: StandingReply }
  | Refusal;

/** @param replies all of the comment @param former what people did about them, newest first */
export function judgedWish(
  wish: ReplyWish,
  replies: readonly StandingReply[],
  former: readonly FormerAction[],
): Judged {
  const byId = (wanted: ReplyId | undefined): StandingReply | undefined => replies.find(({ id }) => id === wanted);
  const repeated = repeatedBy(wish, former, replies);
  if (repeated === 'other') {
    return { kind: 'refused', why: 'This requestId was used for another action.', now: undefined };
  }
  const standing = byId(repeated);
  if (standing) return { kind: 'repeated', reply: standing };
  const change = consequenceOf(wish, replies);
  if (change.kind === 'refused') return { kind: 'refused', why: change.why, now: byId(change.id) };
  if (change.kind !== 'nothing') return { kind: 'change', change };
  const there = byId(change.id);
  return there
    ? { kind: 'repeated', reply: there }
    : { kind: 'refused', why: 'There is no such reply.', now: undefined };
}

export type Carried =
  | { readonly kind: 'done' | 'repeated'; readonly reply: StandingReply }
  /** Nothing has changed. */
  | Refusal;

/** Where people decide about replies; from there on they are replies like any other. */
export abstract class OperatorReplies {
  /** @returns undefined when there is no such reply */
  abstract find(id: ReplyId): Promise<StandingReply | undefined>;
  /** Why `carryOut` would refuse now; undefined when it would not. Changes nothing. */
  abstract foresee(commentId: CommentId, wish: ReplyWish): Promise<Refusal | undefined>;
  /**
   * One commit with its line in the ledger and in the reply's history; an alert about the comment that nobody has been told
   * yet is closed. Wishes about one comment come one after another, and each sees what the one before did.
   */
  abstract carryOut(commentId: CommentId, wish: ReplyWish): Promise<Carried>;
}

const reasonOf: Readonly<Record<ReplyAction, ReasonCode>> = {
  approve: 'draft-approved',
  edit: 'draft-edited',
  reject: 'draft-rejected',
  regenerate: 'draft-regenerated',
  write: 'reply-by-hand',
  replace: 'reply-replacing',
  delete: 'reply-removal-wanted',
};

/** The line in the ledger of the comment. */
export function decisionFor(wish: ReplyWish): NewDecision {
  return decidedByOperator(reasonOf[wish.action], {
    ...('reason' in wish && { why: wish.reason }),
    ...('hint' in wish && wish.hint !== undefined && { hint: wish.hint }),
    ...('overruled' in wish && wish.overruled.length > 0 && { overruled: wish.overruled }),
  });
}
