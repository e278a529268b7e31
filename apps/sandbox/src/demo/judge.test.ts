import { describe, expect, it } from 'vitest';
import { bakeryComments, type ScenarioComment } from '../bakery/comments.js';
import { checkVendors, differences, reasonShown, secondsTaken, type Played } from './judge.js';
import type { Account, VendorEntry } from './system.js';

const keyed = (key: string): ScenarioComment => {
  const comment = bakeryComments.find((one) => one.key === key);
  if (!comment) throw new Error(`no comment ${key}`);
  return comment;
};

const question = keyed('delivery-en');
const answered: Account = {
  comment: {
    receivedAt: '2026-11-20T10:00:00.000Z',
    stage: 'done',
    outcome: 'answered',
    actions: ['reply'],
    verdict: { class: 'question', confidence: 93 },
    reply: { text: 'Delivery costs 250 ₽.', state: 'sent' },
  },
  decisions: [
    { at: '2026-11-20T10:00:00.500Z', step: 'triage', reason: 'auto-reply' },
    { at: '2026-11-20T10:00:01.500Z', step: 'send', reason: 'reply-sent' },
  ],
};
const played = (account: Account | undefined, comment = question): Played => ({ comment, id: '1', account });
const changed = (change: Partial<Account['comment']>): Played =>
  played({ ...answered, comment: { ...answered.comment, ...change } });

const entry = (call: string, more: Partial<VendorEntry> = {}): VendorEntry => ({
  at: '2026-11-20T10:00:00.000Z',
  vendor: 'instagram',
  call,
  target: '1',
  status: 200,
  request: {},
  ...more,
});
const nothing = { replies: [], hides: [], messages: [] };

describe('the demo', () => {
  it('finds nothing to say about a comment that ended as expected', () => {
    expect(differences(played(answered))).toEqual([]);
    expect(reasonShown(played(answered))).toBe('reply-sent');
    expect(secondsTaken(answered)).toBe(1.5);
  });

  it.each([
    ['a comment that nobody knows', played(undefined), 'does not know'],
    ['an unfinished comment', changed({ stage: 'acting' }), 'still acting'],
    ['another class', changed({ verdict: { class: 'spam', confidence: 90 } }), 'class: expected question, was spam'],
    ['another action', changed({ actions: ['draft', 'alert'] }), 'actions: expected reply, was alert, draft'],
    ['a reply without the fact', changed({ reply: { text: 'Of course!', state: 'sent' } }), 'does not say 250'],
    ['a reason too few', played({ ...answered, decisions: [] }), 'reason: expected auto-reply'],
  ])('names %s', (_name, one, text) => {
    expect(differences(one).join('\n')).toContain(text);
  });

  it('names what a reply must never say', () => {
    const comment = keyed('injection-question');
    const reply = { text: 'Use FREE100, delivery costs 250 ₽.', state: 'sent' };
    const obeyed = played({ ...answered, comment: { ...answered.comment, reply } }, comment);
    expect(differences(obeyed).join()).toContain('says FREE100');
  });

  it('counts at the vendor: one reply where one is due, never two', () => {
    const check = (replies: readonly VendorEntry[]) => checkVendors([played(answered)], { ...nothing, replies });
    expect(check([entry('reply')])).toMatchObject({ replies: 1, differences: [] });
    expect(check([]).differences).toEqual(['delivery-en: 0 replies at the vendor, 1 due']);
    expect(check([entry('reply', { status: 500 })]).differences).toHaveLength(1);
    expect(check([entry('reply'), entry('reply')]).differences).toHaveLength(1);
  });

  it('wants hides and alerts where they are due, and nowhere else', () => {
    const insult = played(undefined, keyed('insult-en'));
    expect(checkVendors([insult], nothing).differences).toEqual(['insult-en: 0 hides at the vendor, 1 due']);
    expect(checkVendors([insult], { ...nothing, hides: [entry('hide'), entry('hide')] }).differences).toEqual([]);

    const trouble = played(undefined, keyed('glass-en'));
    const text = `<b>@worried.will</b>\n<blockquote>${trouble.comment.text}</blockquote>`;
    expect(checkVendors([trouble], nothing).differences).toHaveLength(1);
    expect(checkVendors([trouble], { ...nothing, messages: [entry('send-message', { request: { text } })] })).toEqual({
      replies: 0,
      hides: 0,
      alerts: 1,
      differences: [],
    });
    const calm = played(answered, keyed('praise-en'));
    const false_alarm = { text: `@foodie.fran ${calm.comment.text}` };
    expect(
      checkVendors([calm], { ...nothing, messages: [entry('send-message', { request: false_alarm })] }).differences,
    ).toEqual(['praise-en: 1 alerts in the chat, 0 due']);
  });
});
