import { describe, expect, it } from 'vitest';
import { cutBlocks, cutIntoPassages, passageLength } from './cutting.js';

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

describe('cutting what was read of a file', () => {
  const row = (number: number) => ({
    headings: ['Menu', 'Cakes'],
    text: `Name: Cake ${number}; Price: ${number}00`,
    place: `sheet Prices, row ${number}`,
  });

  it('joins small blocks under the same headings, which become the path to them', () => {
    expect(cutBlocks([row(2), row(3), { headings: ['Menu'], text: 'Ask us.', place: 'page 9' }])).toEqual([
      {
        heading: 'Menu \u203a Cakes',
        text: 'Name: Cake 2; Price: 200\nName: Cake 3; Price: 300',
        place: 'sheet Prices, row 2 \u2013 sheet Prices, row 3',
      },
      { heading: 'Menu', text: 'Ask us.', place: 'page 9' },
    ]);
  });

  it('cuts no row of a table in two, and no passage grows beyond its length', () => {
    const rows = Array.from({ length: 200 }, (_, index) => row(index));
    const passages = cutBlocks(rows);
    expect(passages.flatMap(({ text }) => text.split('\n'))).toEqual(rows.map(({ text }) => text));
    for (const { text } of passages) expect(text.length).toBeLessThanOrEqual(passageLength);
    expect(passages.length).toBeLessThan(10);
  });

  it('repeats the last sentence where a long text is cut, and only there', () => {
    const sentences = Array.from({ length: 60 }, (_, index) => `This is sentence number ${index} of it.`);
    const [first, second, ...others] = cutBlocks([{ headings: [], text: sentences.join(' ') }]);
    const last = first?.text.split('. ').at(-1) ?? 'none';
    expect(second?.text.startsWith(last)).toBe(true);
    expect(others).toHaveLength(1);
    expect(
      cutBlocks(sentences.map((text) => ({ headings: [], text })))
        .map(({ text }) => text)
        .join('\n'),
    ).toBe(sentences.join('\n'));
  });

  it('prefers the end of a word to the middle of one', () => {
    const words = Array.from({ length: 400 }, (_, index) => `word${index}`);
    const passages = cutBlocks([{ headings: [], text: words.join(' ') }]);
    expect(passages.flatMap(({ text }) => text.split(' '))).toEqual(words);
  });

  it('knows no places and no headings where there are none, and no passages where there is no text', () => {
    expect(cutBlocks([{ headings: [' '], text: ' Bread. \u0000' }])).toEqual([{ heading: undefined, text: 'Bread.' }]);
    expect(cutBlocks([{ headings: ['Bread'], text: ' \n ' }])).toEqual([]);
    expect(cutBlocks([])).toEqual([]);
  });
});
