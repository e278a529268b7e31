import { describe, expect, it } from 'vitest';
import { CommentId } from '../shared/ids.js';
import type { Circumstances } from '../comments/triage.js';
import { planOfRule } from './rule-plan.js';
import type { Rule } from './settings.js';

const id = CommentId.parse('17865799348089039');
const seen: Circumstances = { hidden: false, live: false, own: false, muted: false };

function planned(what: Rule['do'], given: Partial<Circumstances> = {}, commentId = id) {
  return planOfRule(
    { rule: { name: 'r', when: {}, do: what }, because: ['has "link"'] },
    { ...seen, ...given },
    commentId,
  );
}

const reasonsOf = (what: Rule['do'], given: Partial<Circumstances> = {}): unknown =>
  planned(what, given)?.decisions.map(({ reason }) => reason);

// PO-2
describe('a rule that fits', () => {
  it.each([
    [{ reply: ['Hi!'] }, { reply: 'fixed', replyText: 'Hi!', hide: 'none', alert: false }, ['rule-replied']],
    [{ privateReply: ['Hi!'] }, { reply: 'none', privateReplyText: 'Hi!' }, ['rule-replied-privately']],
    [{ hide: 'now' }, { reply: 'none', hide: 'now', alert: false }, ['rule-hidden']],
    [{ hide: 'suggest', alert: true }, { hide: 'suggest', alert: true }, ['rule-hide-suggested', 'rule-alerted']],
    [{ ignore: true }, { reply: 'none', hide: 'none', alert: false }, ['rule-ignored']],
  ] as const)('does what it says: %j', (what, plan, reasons) => {
    const given = structuredClone(what) as Rule['do']; // the table is frozen, actions are not
    expect(planned(given)).toMatchObject(plan);
    expect(reasonsOf(given)).toEqual(reasons);
  });

  it('is named in the ledger with what was met', () => {
    expect(planned({ hide: 'now' })?.decisions).toEqual([
      { reason: 'rule-hidden', detail: { rule: 'r', because: ['has "link"'] } },
    ]);
  });

  it('of the allow-list plans nothing: what follows is decided without rules', () => {
    expect(planned({ allow: true })).toBeUndefined();
  });

  it.each([
    ['hidden', { hidden: true }, { reply: 'none', hide: 'none' }, ['no-reply-to-hidden']],
    ['live', { live: true }, { reply: 'none', hide: 'none', alert: true }, ['no-reply-to-live', 'operators-alerted']],
    ['own', { own: true }, { reply: 'none', hide: 'none', alert: false }, ['own-comment']],
    ['taken over', { muted: true }, { reply: 'person', replyText: 'Hi!' }, ['left-to-person']],
  ] as const)('answers nothing that is %s', (_what, given, plan, reasons) => {
    expect(planned({ reply: ['Hi!'] }, given)).toMatchObject(plan);
    expect(reasonsOf({ reply: ['Hi!'] }, given)).toEqual(reasons);
  });

  it('neither hides nor writes privately where a person has taken over', () => {
    const plan = planned({ hide: 'now', privateReply: ['Hi!'] }, { muted: true });
    expect(plan).toMatchObject({
      hide: 'suggest',
      decisions: [{ reason: 'left-to-person' }, { reason: 'left-to-person' }],
    });
    expect(plan).not.toHaveProperty('privateReplyText');
  });

  it('gives its answers in turns, and to one comment always the same', () => {
    const reply = ['One.', 'Two.', 'Three.'];
    const ids = Array.from({ length: 300 }, (_, index) => CommentId.parse(`${17_865_799_348_000_000 + index * 7}`));
    const texts = ids.map((each) => planned({ reply }, {}, each)?.replyText);
    expect(ids.map((each) => planned({ reply }, {}, each)?.replyText)).toEqual(texts);
    for (const text of reply) expect(texts.filter((each) => each === text).length).toBeGreaterThan(60);
  });
});
