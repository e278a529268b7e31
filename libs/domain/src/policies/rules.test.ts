import { describe, expect, it } from 'vitest';
import { PlainPatterns } from '../../../../test/fakes/plain-patterns.js';
import { PreparedRules, type RuleSubject } from './rules.js';
import type { Conditions, Rule } from './settings.js';

const at = new Date('2026-11-20T12:00:00Z');
const patterns = new PlainPatterns();
const plain: RuleSubject = { text: '', authorId: '500', username: 'anna', adId: undefined };

function rule(name: string, when: Conditions, what: Rule['do'] = { ignore: true }): Rule {
  return { name, when, do: what };
}

function matched(rules: readonly Rule[], given: Partial<RuleSubject>, moment = at): string | undefined {
  const prepared = new PreparedRules({ rules: [...rules], timeZone: 'Europe/Berlin' }, patterns);
  return prepared.firstFor({ ...plain, ...given }, moment)?.rule.name;
}

const fits = (when: Conditions, given: Partial<RuleSubject> | string, moment = at): boolean =>
  matched([rule('r', when)], typeof given === 'string' ? { text: given } : given, moment) === 'r';

// PO-2
describe('the rules of an account', () => {
  it('are looked at from top to bottom, and the first that fits decides', () => {
    const rules = [rule('one', { words: ['price'] }), rule('two', { contains: ['pri'] }), rule('three', {})];
    expect(matched(rules, { text: 'The price?' })).toBe('one');
    expect(matched(rules, { text: 'Surprise!' })).toBe('two');
    expect(matched(rules, { text: 'Hello' })).toBe('three');
    expect(matched(rules.slice(0, 2), { text: 'Hello' })).toBeUndefined();
    expect(matched([], { text: 'Hello' })).toBeUndefined();
  });

  it('that allow come before all others, wherever they stand', () => {
    const rules = [rule('hide links', { has: ['link'] }), rule('friends', { authors: ['@Anna'] }, { allow: true })];
    expect(matched(rules, { text: 'www.example.com', username: 'anna' })).toBe('friends');
    expect(matched(rules, { text: 'www.example.com', username: 'boris' })).toBe('hide links');
  });

  it('want all that they name, and of a list any one', () => {
    const when: Conditions = { words: ['price', 'cost'], origin: 'ad' };
    expect(fits(when, { text: 'What does it cost?', adId: '1' })).toBe(true);
    expect(fits(when, { text: 'What does it cost?' })).toBe(false);
    expect(fits(when, { text: 'Nice', adId: '1' })).toBe(false);
  });

  it('say what was met', () => {
    const prepared = new PreparedRules(
      { rules: [rule('r', { words: ['ПРАЙС', 'цена'], has: ['mention'] })], timeZone: 'UTC' },
      patterns,
    );
    expect(prepared.firstFor({ ...plain, text: '@anna какая цена?' }, at)?.because).toEqual([
      'words "цена"',
      'has "mention"',
    ]);
  });

  it.each([
    [{ contains: ['prom'] }, 'A PROMO code', true],
    [{ words: ['art'] }, 'a party', false],
    [{ words: ['art'] }, 'Art!', true],
    [{ words: ['art'] }, 'start art', true],
    [{ words: ['how much'] }, 'how   much is it', true],
    [{ words: ['ёлка'] }, 'Ёлка', true],
    [{ words: ['cafe'] }, 'cafés', false],
    [{ words: ['хлеб'] }, 'хлебушек', false],
    [{ words: ['😀'] }, 'wow 😀!', true],
    [{ words: ['a'] }, '𝒳', false],
    [{ words: ['b'] }, '𐐀b', false],
    [{ pattern: '^where .*\\?$' }, 'WHERE are you?', true],
    [{ pattern: '^where .*\\?$' }, 'And where are you?', false],
    [{ scripts: ['cyrillic'] }, 'Сколько стоит доставка?', true],
    [{ scripts: ['cyrillic'] }, 'How much is delivery?', false],
    [{ scripts: ['latin', 'cyrillic'] }, 'How much is delivery?', true],
    [{ scripts: ['latin'] }, 'Ok', false],
  ] as const)('%j and %j: %s', (when, text, expected) => {
    expect(fits(structuredClone(when) as Conditions, text)).toBe(expected); // the table is frozen, conditions are not
  });

  it.each([
    ['zero-width characters between the letters', 'f\u200Br\u200Ce\u2060e m\u00ADoney', true],
    ['wide letters', 'ｆｒｅｅ ｍｏｎｅｙ', true],
    ['letters in circles', 'ⓕⓡⓔⓔ ⓜⓞⓝⓔⓨ', true],
    ['bidi marks', '\u202Efree\u202C money', true],
    ['line breaks', 'free\n\nmoney', true],
    ['letters of another alphabet, which are others', 'frее money', false],
  ])('see through %s', (_what, text, expected) => {
    expect(fits({ contains: ['Free Money'] }, text)).toBe(expected);
  });

  it.each([
    ['link', 'see https://x.example', true],
    ['link', 'see shop.ru/sale', true],
    ['link', 'магазин.рф', true],
    ['link', 'Nice.Thanks', false],
    ['link', 'It costs 1.50', false],
    ['phone', 'call +7 (921) 123-45-67', true],
    ['phone', 'in 2026-11-21', false],
    ['phone', 'for 1 000 000 roubles', false],
    ['email', 'write to anna@example.com', true],
    ['email', 'a @ b', false],
    ['mention', 'look @anna_b', true],
    ['mention', 'anna@example.com', false],
  ] as const)('tell that a text has a %s: %j %s', (content, text, expected) => {
    expect(fits({ has: [content] }, text)).toBe(expected);
  });

  it('know authors by name, with the sign or without, and by id', () => {
    expect(fits({ authors: ['ANNA'] }, {})).toBe(true);
    expect(fits({ authors: ['500'] }, { username: undefined })).toBe(true);
    expect(fits({ authors: ['anna'] }, { username: 'anna.b' })).toBe(false);
    expect(fits({ authors: ['anna'] }, { username: undefined, authorId: undefined })).toBe(false);
  });

  it('hold in their hours, by the clocks of the account', () => {
    const hours: Conditions['hours'] = { days: ['fri'], from: '13:00', to: '14:00' };
    expect(fits({ hours }, 'x')).toBe(true);
    expect(fits({ hours }, 'x', new Date('2026-11-20T13:00:00Z'))).toBe(false);
  });

  it('stand every text', () => {
    const nasty = [
      '',
      'x'.repeat(10_000),
      '😀'.repeat(5_000),
      Array.from({ length: 200 }, (_, index) => `@friend${index}`).join(' '),
      `${'a'.repeat(9_999)}!`,
      '1 '.repeat(5_000),
      'a.'.repeat(5_000),
      '@'.repeat(10_000),
      '\u200B'.repeat(10_000),
      'Привет hello שלום مرحبا 你好',
      '\u202E\u0000\uFFFD',
      'https://'.repeat(1_000),
    ];
    const when: Conditions = { has: ['link', 'phone', 'email', 'mention'], words: ['nothing'] };
    for (const text of nasty) expect(fits(when, text)).toBe(false);
    const mentions = nasty.map((text) => fits({ has: ['mention'] }, text));
    expect(mentions.filter(Boolean)).toHaveLength(1);
  });
});
