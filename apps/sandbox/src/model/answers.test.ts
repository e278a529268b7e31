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

  it('has no answer to what no document tells', () => {
    expect(answerFrom('Is there parking near the shop?', passages).answerable).toBe(false);
  });
});
