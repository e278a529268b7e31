import type { Passage } from './document.js';

/** What several searches found, in turn: the best of each, then the second of each. Each passage once, `most` of them. */
export function inTurn(lists: readonly (readonly Passage[])[], most: number): readonly Passage[] {
  const places = Math.max(0, ...lists.map(({ length }) => length));
  const all = Array.from({ length: places }, (_, place) => lists.flatMap((list) => list[place] ?? [])).flat();
  return all.filter(({ id }, place) => all.findIndex((other) => other.id === id) === place).slice(0, most);
}
