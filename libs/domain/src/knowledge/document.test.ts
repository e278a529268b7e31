import { describe, expect, it } from 'vitest';
import { cutIntoPassages, passageLength } from './document.js';

describe('cutting a document into passages', () => {
  it('begins a new passage at each heading and remembers it', () => {
    const passages = cutIntoPassages('Intro.\n\n# Delivery\nDaily.\nBy bike.\n\n## Prices\n300.\n');
    expect(passages).toEqual([
      { heading: undefined, text: 'Intro.' },
      { heading: 'Delivery', text: 'Daily.\nBy bike.' },
      { heading: 'Prices', text: '300.' },
    ]);
  });

  it('loses no sentence of a long text and keeps every passage short', () => {
    const sentences = Array.from({ length: 200 }, (_, index) => `Sentence number ${index} about bread and butter.`);
    const passages = cutIntoPassages(`# Long\n${sentences.join(' ')}`);
    const all = passages.map(({ text }) => text).join(' ');
    for (const sentence of sentences) expect(all).toContain(sentence);
    for (const { text } of passages) expect(text.length).toBeLessThanOrEqual(passageLength);
  });

  it('cuts even a text without any border', () => {
    const passages = cutIntoPassages('x'.repeat(passageLength * 3 + 1));
    expect(passages.map(({ text }) => text).join('')).toHaveLength(passageLength * 3 + 1);
  });

  it('never cuts an emoji in half', () => {
    const passages = cutIntoPassages(`x${'🍰'.repeat(passageLength)}`);
    expect(passages.map(({ text }) => text).join('')).toBe(`x${'🍰'.repeat(passageLength)}`);
    for (const { text } of passages) expect(text).not.toMatch(/\p{Surrogate}/u);
  });

  it('takes a heading that is longer than any heading for text, so that no passage grows beyond what can be searched', () => {
    const passages = cutIntoPassages(`# ${'word '.repeat(100_000)}\n\nBread.`);
    for (const { heading, text } of passages) {
      expect(heading).toBeUndefined();
      expect(text.length).toBeLessThanOrEqual(passageLength);
    }
  });

  it('finds nothing in a document of headings only', () => {
    expect(cutIntoPassages('# One\n\n## Two\n')).toEqual([]);
  });
});
