import type { Comment } from './comment.js';
import type { Policy } from './policy.js';
import { decide, type NewDecision } from './reason-codes.js';
import type { Verdict } from './verdict.js';

/** What is to be done about one comment. Nothing in it has happened yet. */
export interface Plan {
  /**
   * `auto`: written, published when grounded · `draft`: written for a person · `person`: nothing is written, a person
   * answers or does not · `fixed`: `replyText` is published.
   */
  readonly reply: 'auto' | 'draft' | 'person' | 'fixed' | 'none';
  /** The words of a `fixed` reply; of one for a `person` a proposal. */
  readonly replyText?: string;
  /** A message to the comment's author, besides. */
  readonly privateReplyText?: string;
  readonly hide: 'now' | 'suggest' | 'none';
  readonly alert: boolean;
  readonly decisions: readonly NewDecision[];
}

/** What a comment's situation allows, whatever a policy wants of it. */
export interface Circumstances {
  /** Hidden already: the platform takes no public reply to it. */
  readonly hidden: boolean;
  /** Written during a live broadcast: the platform takes no public reply to it. */
  readonly live: boolean;
  /** Written by the brand itself. */
  readonly own: boolean;
  /** A person has taken the thread or the post over: nothing public happens by itself. */
  readonly muted: boolean;
  /** On an allow-list: it is never hidden. */
  readonly allowed?: boolean;
}

/** What platforms call the place of a comment that was written during a live broadcast. */
export const liveKind = 'LIVE';

export function circumstancesOf({ hidden, mediaKind, outcome, takenOver }: Comment): Circumstances {
  return { hidden, live: mediaKind === liveKind, own: outcome === 'own', muted: takenOver !== undefined };
}

/**
 * What the policy wants for this verdict (PO-1). Pure: the same circumstances, verdict and policy give the same plan,
 * in production, in a test and in a backtest.
 */
export function triage(circumstances: Circumstances, verdict: Verdict, policy: Policy): Plan {
  const wanted = policy.classes[verdict.class];
  const facts = { class: verdict.class, confidence: verdict.confidence };
  const confidentFrom = (least: number): boolean => verdict.confidence >= least;
  return planFor(circumstances, {
    reply: replyFor(),
    hide: hideFor(),
    ...(wanted.alert && { alert: decide('operators-alerted', facts) }),
    nothing: decide('left-visible', facts),
  });

  function replyFor(): Wanted<'auto' | 'draft'> | undefined {
    if (wanted.reply === 'off') return undefined;
    if (wanted.reply === 'draft') return { what: 'draft', why: decide('draft-for-operator', facts) };
    const detail = { ...facts, needed: policy.replyFrom };
    return confidentFrom(policy.replyFrom)
      ? { what: 'auto', why: decide('auto-reply', detail) }
      : { what: 'draft', why: decide('auto-reply-unsure', detail) };
  }

  function hideFor(): Wanted<'now' | 'suggest'> | undefined {
    if (wanted.hide === 'off') return undefined;
    if (wanted.hide === 'suggest') return { what: 'suggest', why: decide('hide-suggested', facts) };
    const detail = { ...facts, needed: policy.hideFrom };
    return confidentFrom(policy.hideFrom)
      ? { what: 'now', why: decide('hide-confident', detail) }
      : { what: 'suggest', why: decide('hide-unsure', detail) };
  }
}

interface Wanted<What extends string> {
  readonly what: What;
  readonly why: NewDecision;
}

/** What a policy or a rule asks for, each with its reason, before the circumstances are looked at. */
export interface Wishes {
  readonly reply?: (Wanted<'auto' | 'draft' | 'fixed'> & { readonly text?: string }) | undefined;
  readonly privateReply?: { readonly text: string; readonly why: NewDecision } | undefined;
  readonly hide?: Wanted<'now' | 'suggest'> | undefined;
  readonly alert?: NewDecision | undefined;
  /** Said when nothing else is. */
  readonly nothing: NewDecision;
}

/** What of the wishes the circumstances allow. The same for policies and rules. */
export function planFor(circumstances: Circumstances, wishes: Wishes): Plan {
  const { hidden, live, own, muted, allowed = false } = circumstances;
  if (own) return { reply: 'none', hide: 'none', alert: false, decisions: [decide('own-comment')] };
  const decisions: NewDecision[] = [];
  const reply = replyFor();
  const privateReply = privateReplyFor();
  const hide = hideFor();
  // During a broadcast nobody could answer otherwise: somebody has to know.
  const unanswerable = wishes.reply !== undefined && live && !hidden;
  const alert = wishes.alert ?? (unanswerable ? decide('operators-alerted', { instead: 'reply' }) : undefined);
  if (alert) decisions.push(alert);
  if (decisions.length === 0) decisions.push(wishes.nothing);
  return { ...reply, ...privateReply, hide, alert: alert !== undefined, decisions };

  function replyFor(): Pick<Plan, 'reply' | 'replyText'> {
    if (!wishes.reply) return { reply: 'none' };
    const { what, why, text } = wishes.reply;
    const words = text === undefined ? {} : { replyText: text };
    if (hidden || live) {
      decisions.push(decide(hidden ? 'no-reply-to-hidden' : 'no-reply-to-live', { wanted: what }));
      return { reply: 'none' };
    }
    if (muted) {
      decisions.push(decide('left-to-person', { wanted: what }));
      return { reply: 'person', ...words };
    }
    decisions.push(why);
    return { reply: what, ...words };
  }

  function privateReplyFor(): Pick<Plan, 'privateReplyText'> {
    if (!wishes.privateReply) return {};
    if (muted) {
      decisions.push(decide('left-to-person', { wanted: 'private reply' }));
      return {};
    }
    decisions.push(wishes.privateReply.why);
    return { privateReplyText: wishes.privateReply.text };
  }

  function hideFor(): Plan['hide'] {
    if (!wishes.hide || hidden || allowed) return 'none';
    if (muted && wishes.hide.what === 'now') {
      decisions.push(decide('left-to-person', { wanted: 'hide' }));
      return 'suggest';
    }
    decisions.push(wishes.hide.why);
    return wishes.hide.what;
  }
}

/** Of a verdict that somebody may have ordered: a person decides what the machine would have hidden. */
export function distrusted(plan: Plan): Plan {
  if (plan.hide !== 'now') return plan;
  return { ...plan, hide: 'suggest', decisions: [...plan.decisions, decide('hide-distrusted')] };
}
