import { describe, expect, it } from 'vitest';
import { bakeryDocuments } from '../bakery/documents.js';
import { answerFrom } from './answers.js';

const passages = bakeryDocuments.map(({ title, text }, index) => ({ id: `S${index + 1}`, title, text }));

describe('the sandbox’s model, asked to answer', () => {
  it.each([
    ['Do you deliver on Sundays?', 'every day'],
    ['А в воскресенье доставка есть?', 'каждый день'],
    ['How much is delivery?', '250'],
  ])('answers what a visitor asks first: %s', (question, fact) => {
    expect(answerFrom(question, passages).answer).toContain(fact);
  });

  it.each([
    ['Сколько стоит медовик?', 'Медовик стоит 1950 ₽. Сейчас нет в наличии.'],
    ['How much is the honey cake?', 'Honey cake costs 1950 ₽. It is out of stock now.'],
  ])('takes prices from the catalogue alone when there is one: %s', (question, answer) => {
    const text =
      'Артикул (SKU): HC-1\nЦена (price): 1950 ₽ (RUB)\nНаличие (availability): сейчас нет (out of stock now)';
    const row = { id: 'S9', title: 'Медовик · Honey cake', text };
    expect(answerFrom(question, [...passages, row])).toEqual({ answerable: true, answer, sources: ['S9'] });
    expect(answerFrom(question, [...passages, row], { fits: ['S9'] }).sources).toEqual(['S9']);
    const missing = answerFrom(question, [...passages, row], { fits: [] });
    expect(missing.sources).toEqual([]);
    expect(missing.answer).not.toMatch(/\d/u);
  });

  it('has no answer to what no document tells', () => {
    expect(answerFrom('Is there parking near the shop?', passages).answerable).toBe(false);
  });
});
