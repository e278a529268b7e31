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
  /** The words of a `fixed` reply. */
  readonly replyText?: string;
  /** A message to the comment's author, besides. */
  readonly privateReplyText?: string;
  readonly hide: 'now' | 'suggest' | 'none';
  readonly alert: boolean;
  readonly decisions: readonly NewDecision[];
}

/**
 * What the policy wants for this verdict (PO-1). Pure: the same comment, verdict and policy give the same plan,
 * in production, in a test and in a backtest.
 */
export function triage(comment: Pick<Comment, 'hidden'>, verdict: Verdict, policy: Policy): Plan {
  const wanted = policy.classes[verdict.class];
  const facts = { class: verdict.class, confidence: verdict.confidence };
  const decisions: NewDecision[] = [];

  const reply = replyFor();
  const hide = hideFor();
  if (wanted.alert) decisions.push(decide('operators-alerted', facts));
  if (decisions.length === 0) decisions.push(decide('left-visible', facts));
  return { reply, hide, alert: wanted.alert, decisions };

  function replyFor(): Plan['reply'] {
    // The platform allows no public reply to a hidden comment.
    if (wanted.reply === 'off' || comment.hidden) return 'none';
    if (wanted.reply === 'draft') {
      decisions.push(decide('draft-for-operator', facts));
      return 'draft';
    }
    const confident = verdict.confidence >= policy.replyFrom;
    decisions.push(decide(confident ? 'auto-reply' : 'auto-reply-unsure', { ...facts, needed: policy.replyFrom }));
    return confident ? 'auto' : 'draft';
  }

  function hideFor(): Plan['hide'] {
    if (wanted.hide === 'off' || comment.hidden) return 'none';
    if (wanted.hide === 'suggest') {
      decisions.push(decide('hide-suggested', facts));
      return 'suggest';
    }
    const confident = verdict.confidence >= policy.hideFrom;
    decisions.push(decide(confident ? 'hide-confident' : 'hide-unsure', { ...facts, needed: policy.hideFrom }));
    return confident ? 'now' : 'suggest';
  }
}
