import { describe, expect, it } from 'vitest';
import { PreparedRules } from '#domain/policies/rules.js';
import { LinearPatterns } from './linear-patterns.js';

const patterns = new LinearPatterns();

function fits(pattern: string, text: string): boolean {
  const rules = [{ name: 'r', when: { pattern }, do: { ignore: true } }];
  const subject = { text, authorId: undefined, username: undefined, adId: undefined };
  return new PreparedRules({ rules, timeZone: 'UTC' }, patterns).firstFor(subject, new Date(0)) !== undefined;
}

// PO-2: each of these takes longer than the universe has been there when it is tried by going back.
describe('a pattern that would never end elsewhere', () => {
  const long = 'a'.repeat(9_999);
  it.each([
    ['^(a+)+$', `${long}!`, false],
    ['^(a+)+$', long, true],
    ['(.*a){20}', long, true],
    ['^(.*a){20}b$', `${long}!`, false],
    ['^((a*)*)*b$', long, false],
    ['^(a|aa)+$', `${long}!`, false],
    ['^(([a-z])+.)+[A-Z]([a-z])+$', `${long}!`, false],
    ['^(a|a?)+$', `${long}!`, false],
    ['(x+x+)+y', 'x'.repeat(10_000), false],
  ])('ends: %s', (pattern, text, expected) => {
    expect(patterns.compile(pattern).kind).toBe('pattern');
    expect(fits(pattern, text)).toBe(expected);
  });
});

describe('a pattern that cannot be used', () => {
  it.each([
    ['(', 'missing closing ): `(`'],
    ['[a', 'missing closing ]: `[a`'],
    ['a**', 'invalid nested repetition operator: `**`'],
    ['a(?=b)', 'invalid or unsupported Perl syntax: `(?=`'],
    ['(a)\\1', 'invalid escape sequence: `\\1`'],
    ['(a{30}){30}', 'it is too large (962 steps, 300 are allowed)'],
    ['a{1001}', 'invalid repeat count: `{1001}`'],
  ])('is refused with its reason: %s', (pattern, why) => {
    expect(patterns.compile(pattern)).toEqual({ kind: 'broken', why });
  });
});

it.each([
  ['ЦЕНА|price', 'Какая цена?', true],
  ['\\bfree\\b', 'F\u200Bree!', true],
  ['^\\p{Lu}', 'Hello', true],
  ['^(?:😀|❤)+$', '😀😀', true],
])('case makes no difference, and what nobody sees neither: %s, %j', (pattern, text, expected) => {
  expect(fits(pattern, text)).toBe(expected);
});
