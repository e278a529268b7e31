import { describe, expect, it } from 'vitest';
import { oneComment } from '../../../../test/fakes/one-comment.js';
import { outcomes, type Outcome } from './comment.js';
import type { Decision } from './decisions.js';
import { reasons, type ReasonCode } from './reason-codes.js';
import { whyOf, type Why } from './why.js';

function why(outcome: Outcome | undefined, codes: readonly ReasonCode[]): Why {
  const decisions = codes.map((reason, index): Decision => {
    return { id: String(index), at: new Date(0), step: reasons[reason].step, reason, actor: 'system', detail: {} };
  });
  return whyOf({ comment: { ...oneComment, outcome }, decisions });
}

const understood: readonly ReasonCode[] = ['received', 'classified'];

// The ledger as it is written for each outcome, and the line in it that decided.
const ledgers: readonly [Outcome | undefined, readonly ReasonCode[], ReasonCode][] = [
  ['left-alone', [...understood, 'left-visible'], 'left-visible'],
  ['left-alone', ['imported-history'], 'imported-history'],
  ['left-alone', ['received', 'account-not-served'], 'account-not-served'],
  ['left-alone', [...understood, 'auto-reply', 'drafted', 'reply-dry-run'], 'reply-dry-run'],
  ['left-alone', [...understood, 'auto-reply', 'drafted', 'reply-sending', 'reply-target-gone'], 'reply-target-gone'],
  ['left-alone', [...understood, 'operators-alerted', 'no-operator-channel'], 'no-operator-channel'],
  ['left-alone', [...understood, 'hide-confident', 'hidden', 'moderation-requested', 'unhidden'], 'unhidden'],
  ['left-alone', [...understood, 'left-visible', 'verdict-corrected'], 'left-visible'],
  ['answered', [...understood, 'auto-reply', 'drafted', 'reply-sending', 'reply-sent', 'operators-told'], 'reply-sent'],
  [
    'answered',
    [...understood, 'auto-reply', 'drafted', 'reply-unclear', 'reply-found-by-listing'],
    'reply-found-by-listing',
  ],
  ['hidden', [...understood, 'hide-confident', 'operators-alerted', 'hidden', 'operators-told'], 'hide-confident'],
  ['hidden', [...understood, 'hide-confident', 'hidden', 'review-right'], 'hide-confident'],
  ['hidden', [...understood, 'hide-suggested', 'moderation-requested', 'hidden'], 'moderation-requested'],
  [
    'waiting',
    [...understood, 'draft-for-operator', 'operators-alerted', 'draft-waits', 'operators-told'],
    'draft-waits',
  ],
  ['waiting', [...understood, 'auto-reply', 'gate-figure', 'operators-told'], 'gate-figure'],
  ['waiting', [...understood, 'hide-unsure', 'operators-alerted', 'operators-told'], 'hide-unsure'],
  ['told', [...understood, 'operators-alerted', 'operators-told', 'verdict-corrected'], 'operators-told'],
  ['deleted', [...understood, 'left-visible', 'moderation-requested', 'deleted'], 'deleted'],
  ['own', ['own-comment'], 'own-comment'],
  ['parked', ['received', 'waits-after-failure', 'parked-tries-used-up', 'operators-told'], 'parked-tries-used-up'],
  [undefined, ['received'], 'received'],
  [undefined, [...understood, 'auto-reply', 'drafted', 'waits-for-resume'], 'waits-for-resume'],
];

// PO-7
describe('why a comment ended as it did', () => {
  it.each(ledgers)('%s, after %j: because of %s', (outcome, codes, reason) => {
    const found = why(outcome, codes);
    expect(found.reason).toBe(reason);
    expect(found.todo).toBe(reasons[reason].todo);
    expect(found.summary.toLowerCase()).toContain(reasons[reason].explanation.toLowerCase());
  });

  it('has an example of each outcome here', () => {
    expect(new Set(ledgers.map(([outcome]) => outcome))).toEqual(new Set([...outcomes, undefined]));
  });

  it('is one sentence that begins with the outcome', () => {
    expect(why('hidden', [...understood, 'hide-confident', 'hidden']).summary).toBe(
      'Hidden: the policy hides such comments, and the verdict is confident.',
    );
    expect(why('left-alone', [...understood, 'reply-dry-run']).summary).toBe(
      'Left as it is: REPLIES_DRY_RUN is on: the reply was not published.',
    );
  });

  it('is there for any ledger, also for one without lines', () => {
    expect(why(undefined, []).summary).toBe('On its way: nothing has been decided yet.');
    for (const outcome of outcomes) expect(why(outcome, ['received']).reason).toBe('received');
  });
});
