import { describe, expect, it } from 'vitest';
import { decideLocally, localRules, locally, measureLocalRules, type LocalRule } from './local-rules.js';

const brand = 'warm.bread';
const decide = (text: string): string => {
  const decision = decideLocally({ text, brand });
  return decision ? `${decision.rule}: ${decision.verdict.class}` : 'asks the model';
};

// CL-4
describe('decided without a model', () => {
  it.each([
    ['😍😍😍', 'emoji-only: positive'],
    ['❤️🔥', 'emoji-only: positive'],
    ['👏🏽 👏🏿!!!', 'emoji-only: positive'],
    ['😍 🍰', 'emoji-only: positive'],
    ['❤️‍🔥', 'emoji-only: positive'],
    ['\u200B😍\u2060', 'emoji-only: positive'],
    ['😍'.repeat(5_000), 'emoji-only: positive'],
    ['@lena.bakes @oleg.z', 'mention-only: spam'],
    ['@friend 😂'.replace('😂', '😍'), 'mention-only: spam'],
    ['@Друг, @friend_2.', 'mention-only: spam'],
    [Array.from({ length: 200 }, (_, index) => `@friend.${index}`).join(' '), 'mention-only: spam'],
    ['Check out my new YouTube channel', 'known-spam: spam'],
    ['CHECK OUT MY CHANNEL', 'known-spam: spam'],
    ['Subscribe to me!', 'known-spam: spam'],
    ['Earn $5000 a week with crypto', 'known-spam: spam'],
    ['Взаимная подписка! Подпишись на меня', 'known-spam: spam'],
    ['f4f', 'known-spam: spam'],
  ])('%s', (text, decision) => {
    expect(decide(text)).toBe(decision);
    expect(decideLocally({ text, brand })?.verdict).toMatchObject({ ...locally, language: 'und' });
  });
});

describe('left to the model', () => {
  it.each([
    ['scolding emoji', '😡'],
    ['abuse in emoji', '🖕🖕'],
    ['praise and scolding', '😍🤮'],
    ['emoji that may mock', '😂😂😂'],
    ['emoji that may plead', '🙏'],
    ['decoration alone', '🍰'],
    ['a question mark', '?'],
    ['a question in emoji', '😍❓'],
    ['friendly emoji that ask', '😍?'],
    ['numbers', '10'],
    ['keycaps', '1️⃣'],
    ['a flag', '🇩🇪'],
    ['a broken heart', '💔'],
    ['nothing', ''],
    ['only invisible characters', '\u200B\u200D'],
    ['a sticker as it arrives', '￼'],
    ['a friend who is told something', '@lena.bakes look, your cake!'],
    ['the brand itself', '@warm.bread'],
    ['the brand among friends', '@lena.bakes @Warm.Bread ❤️'],
    ['a friend with a scolding emoji', '@lena.bakes 🤮'],
    ['an e-mail address', 'write to me@example.org'],
    ['a customer who is to be followed up', 'Please follow up on my order'],
    ['a page of the brand', 'Is there a price list on your page?'],
    ['a complaint with a link', `${'The bread had mould in it and nobody answers me. '.repeat(5)}Check out my channel`],
    ['an order from yesterday', 'Check my order please, it never arrived'],
    ['earning', 'You earn your money with this bread?'],
    ['somebody else’s words', 'Спасибо, подписалась на вас!'],
  ])('%s: %s', (_, text) => {
    expect(decide(text)).toBe('asks the model');
  });
});

describe('words of the same author once more in the same thread', () => {
  const text = 'Where is my order number 1234?';
  const before = { class: 'urgent', confidence: 91, language: 'en' } as const;

  it('mean what they meant', () => {
    expect(decideLocally({ text, brand, before })).toMatchObject({
      rule: 'repeat',
      verdict: { class: 'urgent', confidence: 91, language: 'en', ...locally },
    });
  });

  it.each(['yes', 'Thank you!'])('are asked about when they are as short as %j', (short) => {
    expect(decideLocally({ text: short, brand, before })).toBeUndefined();
  });
});

describe('a rule that is switched off', () => {
  const examples: Readonly<Record<LocalRule, string>> = {
    'emoji-only': '😍',
    'mention-only': '@lena.bakes',
    'known-spam': 'Subscribe to me',
    repeat: 'Where is my order number 1234?',
  };
  const before = { class: 'urgent', confidence: 91, language: 'en' } as const;

  it.each(localRules)('decides nothing, and the others go on: %s', (rule) => {
    const decidedWithout = localRules.filter(
      (other) =>
        decideLocally({
          text: examples[other],
          brand,
          off: new Set([rule]),
          before: other === 'repeat' ? before : undefined,
        }) !== undefined,
    );
    expect(decidedWithout).toEqual(localRules.filter((other) => other !== rule));
  });
});

describe('texts that are made to cost time', () => {
  it.each([
    ['@'.repeat(10_000)],
    ['@a'.repeat(5_000)],
    [`@${'a.'.repeat(4_999)}`],
    ['check out my '.repeat(15)],
    ['👨‍👩‍👧‍👦'.repeat(900)],
    ['взаимн'.repeat(1_600)],
  ])('are looked at once: %#', (text) => {
    const began = process.cpuUsage().user;
    for (let count = 0; count < 20; count += 1) decideLocally({ text, brand });
    // Microseconds of twenty: a pattern that goes back and forth takes minutes.
    expect(process.cpuUsage(undefined).user - began).toBeLessThan(2_000_000);
  });
});

describe('measuring', () => {
  it('says how much is decided, and how much of it is right', () => {
    const comments = [
      { text: '😍', class: 'positive' },
      { text: '❤️', class: 'critical' },
      { text: '@lena.bakes', class: 'spam' },
      { text: 'How much?', class: 'question' },
    ] as const;
    expect(measureLocalRules(comments, brand)).toEqual({
      comments: 4,
      decided: 3,
      right: 2,
      share: 0.75,
      precision: 2 / 3,
      byRule: {
        'emoji-only': { decided: 2, right: 1 },
        'mention-only': { decided: 1, right: 1 },
        'known-spam': { decided: 0, right: 0 },
        repeat: { decided: 0, right: 0 },
      },
    });
    expect(measureLocalRules([], brand)).toMatchObject({ share: 0, precision: undefined });
  });
});
