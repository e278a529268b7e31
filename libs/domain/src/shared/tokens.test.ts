import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutToTokens, tokensOf } from './tokens.js';

const anyText = fc.string({ unit: 'binary', maxLength: 300 });

describe('tokens of a text', () => {
  // By the rule of thumb: four letters of English are a token, two and a half of Russian, one of Chinese, half an emoji.
  it.each([
    ['How much is the honey cake, and do you deliver on Sundays?', 15],
    ['Здравствуйте! Сколько стоит доставка медовика в воскресенье?', 24],
    ['蜂蜜蛋糕多少钱?', 8],
    ['كم سعر كعكة العسل؟', 10],
    ['😍😍😍', 6],
  ])('are not fewer than a model counts as a rule in %j', (text, counted) => {
    expect(tokensOf(text)).toBeGreaterThanOrEqual(counted);
    expect(tokensOf(text)).toBeLessThanOrEqual(counted * 4);
  });

  it('of a text that is cut fit, its beginning stays, and no emoji is halved', () => {
    fc.assert(
      fc.property(anyText, fc.nat({ max: 200 }), (text, most) => {
        const cut = cutToTokens(text, most);
        expect(tokensOf(cut)).toBeLessThanOrEqual(most);
        expect(cut.isWellFormed()).toBe(text.isWellFormed() || cut.isWellFormed());
        expect(cut === text || text.startsWith(cut.replace(/…$/u, ''))).toBe(true);
        expect(cut === text).toBe(tokensOf(text) <= most);
      }),
    );
  });
});
