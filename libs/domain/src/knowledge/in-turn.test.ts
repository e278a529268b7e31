import { describe, expect, it } from 'vitest';
import { DocumentId, PassageId } from '../shared/ids.js';
import type { Passage } from './document.js';
import { inTurn } from './in-turn.js';

const passage = (number: number): Passage => ({
  id: PassageId.parse(`00000000-0000-4000-8000-00000000000${number}`),
  documentId: DocumentId.parse('00000000-0000-4000-8000-000000000000'),
  productId: undefined,
  title: String(number),
  heading: undefined,
  text: '',
  place: undefined,
  score: 1,
  similarity: undefined,
});
const titles = (lists: readonly (readonly number[])[], most: number): string =>
  inTurn(
    lists.map((list) => list.map(passage)),
    most,
  )
    .map(({ title }) => title)
    .join(' ');

describe('what several searches found', () => {
  it('comes in turn, so that no search is crowded out by another', () => {
    expect(
      titles(
        [
          [1, 2, 3],
          [4, 5, 6],
        ],
        4,
      ),
    ).toBe('1 4 2 5');
    expect(titles([[1], [4, 5, 6]], 6)).toBe('1 4 5 6');
  });

  it('has each passage once, at its best place', () => {
    expect(
      titles(
        [
          [1, 2, 3],
          [3, 1, 4],
        ],
        6,
      ),
    ).toBe('1 3 2 4');
  });

  it('is nothing when nothing was found', () => {
    expect(titles([], 6)).toBe('');
    expect(titles([[], []], 6)).toBe('');
  });
});
