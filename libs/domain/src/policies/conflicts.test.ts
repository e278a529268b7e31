import { describe, expect, it } from 'vitest';
import { PlainPatterns } from '../../../../test/fakes/plain-patterns.js';
import { MediaId } from '../shared/ids.js';
import { conflictKinds } from './conflict.js';
import { conflictsIn } from './conflicts.js';
import { initialSettings, weekdays, type Conditions, type PolicySettings, type Rule } from './settings.js';

const patterns = new PlainPatterns();
const post = MediaId.parse('18000000000000001');
const nights = {
  name: 'nights',
  days: [...weekdays],
  from: '22:00',
  to: '06:00',
  changes: { atMost: { reply: 'draft' } },
} as const;

function rule(name: string, when: Conditions, what: Rule['do'] = { ignore: true }): Rule {
  return { name, when, do: what };
}

const reply = (text: string): Partial<PolicySettings> => ({ rules: [rule('a', {}, { reply: [text] })] });

type Case = readonly [(typeof conflictKinds)[number], Partial<PolicySettings>, said: string];

const bothForSpam = { classes: { spam: { reply: 'auto', hide: 'auto' } } } as const;
const window = {
  ...nights,
  days: [...weekdays],
  changes: { classes: { spam: { hide: 'auto' } } },
} satisfies PolicySettings['windows'][number];
const everyRule = Array.from({ length: 21 }, (_, index) => rule(`${index}`, { pattern: `x${index}` }));

const cases: readonly Case[] = [
  [
    'reply-and-hide',
    { changes: bothForSpam },
    'For the account, spam comments are answered and hidden by themselves: choose one of the two.',
  ],
  [
    'reply-and-hide',
    { windows: [{ ...window, changes: bothForSpam }] },
    'For window "nights", spam comments are answered and hidden by themselves: choose one of the two.',
  ],
  [
    'reply-and-hide',
    { posts: [{ mediaId: post, changes: bothForSpam }] },
    `For post ${post}, spam comments are answered and hidden by themselves: choose one of the two.`,
  ],
  [
    'reply-and-hide',
    { windows: [window], posts: [{ mediaId: post, changes: { classes: { spam: { reply: 'auto' } } } }] },
    `For post ${post} in window "nights", spam comments are answered and hidden by themselves: choose one of the two.`,
  ],
  [
    'confidence-out-of-range',
    { changes: { replyFrom: 101 } },
    'replyFrom of the account is 101; it is a whole number from 0 to 100.',
  ],
  [
    'confidence-out-of-range',
    { changes: { hideFrom: -1 } },
    'hideFrom of the account is -1; it is a whole number from 0 to 100.',
  ],
  [
    'confidence-out-of-range',
    { changes: { hideFrom: 70.5 } },
    'hideFrom of the account is 70.5; it is a whole number from 0 to 100.',
  ],
  [
    'confidence-without-use',
    { preset: 'careful', changes: { hideFrom: 80 } },
    'hideFrom is set for the account, where no class hides by itself: leave it out.',
  ],
  [
    'confidence-without-use',
    { preset: 'careful', changes: { replyFrom: 80 } },
    'replyFrom is set for the account, where no class answers by itself: leave it out.',
  ],
  [
    'unknown-time-zone',
    { timeZone: 'Europe/Atlantis' },
    'There is no time zone "Europe/Atlantis"; write a name like Europe/Berlin.',
  ],
  ['hours-without-days', { windows: [{ ...window, days: [] }] }, 'Window "nights" has no days: name at least one.'],
  [
    'hours-without-length',
    { windows: [{ ...window, to: '22:00' }] },
    'Window "nights" begins and ends at 22:00; a whole day is 00:00 to 24:00.',
  ],
  [
    'hours-without-length',
    { rules: [rule('a', { hours: { days: ['mon'], from: '01:00', to: '01:00' } })] },
    'Rule "a" begins and ends at 01:00; a whole day is 00:00 to 24:00.',
  ],
  [
    'hours-unreadable',
    { windows: [{ ...window, to: '6' }] },
    'The hours of window "nights" are 22:00 to 6; write them like 22:00 and 06:30.',
  ],
  [
    'hours-unreadable',
    { windows: [{ ...window, from: '24:00' }] },
    'The hours of window "nights" are 24:00 to 06:00; write them like 22:00 and 06:30.',
  ],
  [
    'windows-overlap',
    { windows: [window, { ...window, name: 'early', days: ['tue'], from: '05:00', to: '09:00' }] },
    'Windows "nights" and "early" share some hours: only one can hold then.',
  ],
  [
    'changes-nothing',
    { windows: [{ ...window, changes: {} }] },
    'Window "nights" changes nothing: say what is different there, or remove it.',
  ],
  [
    'changes-nothing',
    { posts: [{ mediaId: post, changes: { classes: { spam: {} }, atMost: {} } }] },
    `Post ${post} changes nothing: say what is different there, or remove it.`,
  ],
  ['named-twice', { rules: [rule('a', { words: ['x'] }), rule('a', { words: ['y'] })] }, 'There are two of rule "a".'],
  [
    'named-twice',
    { windows: [window, { ...window, days: ['mon'], from: '10:00', to: '11:00' }] },
    'There are two of window "nights".',
  ],
  [
    'named-twice',
    {
      posts: [
        { mediaId: post, changes: { replyFrom: 80 } },
        { mediaId: post, changes: { replyFrom: 90 } },
      ],
    },
    `There are two of post "${post}".`,
  ],
  ['too-many', { rules: everyRule }, '21 rules have a pattern; 20 are allowed.'],
  [
    'too-many',
    { rules: Array.from({ length: 201 }, (_, index) => rule(`${index}`, { words: [`w${index}`] })) },
    'There are 201 rules; 200 are allowed.',
  ],
  [
    'rule-without-action',
    { rules: [rule('a', {}, { alert: false, reply: [] })] },
    'Rule "a" does nothing: give it an action, or ignore.',
  ],
  [
    'rule-contradicts-itself',
    { rules: [rule('a', {}, { ignore: true, hide: 'now' })] },
    'Rule "a" has ignore together with hide: ignore stands alone.',
  ],
  [
    'rule-contradicts-itself',
    { rules: [rule('a', {}, { allow: true, ignore: true })] },
    'Rule "a" has allow together with ignore: allow stands alone.',
  ],
  [
    'rule-contradicts-itself',
    { rules: [rule('a', {}, { reply: ['x'], hide: 'now' })] },
    'Rule "a" answers and hides the same comment: nobody would read the answer.',
  ],
  [
    'rule-entry-blank',
    { rules: [rule('a', { contains: [' \u200B'] })] },
    'Rule "a" has nothing to look for in contains.',
  ],
  ['rule-entry-blank', { rules: [rule('a', { authors: [] })] }, 'Rule "a" has nothing to look for in authors.'],
  ['rule-text-unusable', reply('\u200B \n'), 'A reply of rule "a" has no words.'],
  ['rule-text-unusable', reply('x'.repeat(901)), 'A reply of rule "a" has 901 characters; 900 are allowed.'],
  ['rule-text-unusable', reply('a\0b'), 'A reply of rule "a" has characters that cannot be stored.'],
  ['rule-text-unusable', reply('a\u202Eb'), 'A reply of rule "a" has control characters.'],
  [
    'rule-text-unusable',
    { rules: [rule('a', {}, { privateReply: ['ы'.repeat(501)] })] },
    'A private reply of rule "a" has 1002 bytes; 1000 are allowed.',
  ],
  [
    'rule-pattern-broken',
    { rules: [rule('a', { pattern: '(' })] },
    'The pattern of rule "a" cannot be used: it cannot be read.',
  ],
  [
    'rule-never-reached',
    { rules: [rule('a', {}), rule('b', { words: ['x'] })] },
    'Rule "b" is never reached: rule "a" before it fits everything that it fits.',
  ],
  [
    'rule-never-reached',
    { rules: [rule('a', { words: ['x', 'y'] }), rule('b', { words: ['Y'], origin: 'ad' })] },
    'Rule "b" is never reached: rule "a" before it fits everything that it fits.',
  ],
  [
    'rule-never-reached',
    { rules: [rule('a', { contains: ['delivery'] }), rule('b', { contains: ['delivery cost'] })] },
    'Rule "b" is never reached: rule "a" before it fits everything that it fits.',
  ],
  [
    'rule-never-reached',
    { rules: [rule('b', { pattern: 'x' }), rule('a', { pattern: 'x' }, { allow: true })] },
    'Rule "b" is never reached: rule "a" before it fits everything that it fits.',
  ],
];

describe('settings that cannot be meant', () => {
  it.each(cases)('%s: %j', (kind, given, said) => {
    expect(conflictsIn({ ...initialSettings, ...given }, patterns)).toContainEqual({ kind, text: said });
  });

  it('each have a case above', () => {
    expect([...new Set(cases.map(([kind]) => kind))].toSorted()).toEqual([...conflictKinds].toSorted());
  });
});

describe('settings that can be followed', () => {
  it.each([
    {},
    { preset: 'careful' },
    { preset: 'classic', changes: { replyFrom: 0, hideFrom: 100 } },
    { timeZone: 'Asia/Vladivostok', windows: [window] },
    {
      windows: [
        { ...window, to: '24:00' },
        { ...window, name: 'early', from: '00:00', to: '06:00' },
      ],
    },
    { rules: [rule('narrow', { words: ['x'], origin: 'ad' }), rule('wide', { words: ['x'] }), rule('rest', {})] },
    { rules: [rule('a', { words: ['x'] }), rule('b', { contains: ['x'] })] },
    { rules: [rule('a', { words: ['x'], has: ['link'] }), rule('b', { words: ['x'], has: ['phone'] })] },
    { rules: [rule('a', { contains: ['😀'] }, { reply: ['😀', 'Thank you!\nSee you.'] })] },
    { rules: [rule('a', {}, { hide: 'now', privateReply: ['We hid your comment.'], alert: true })] },
  ] satisfies readonly Partial<PolicySettings>[])('%j', (given) => {
    expect(conflictsIn({ ...initialSettings, ...given }, patterns)).toEqual([]);
  });
});
