/** The same list in another order, the same order for the same seed (by keys of a linear congruential generator). */
export function shuffled<Item>(items: readonly Item[], seed: number): readonly Item[] {
  let state = seed >>> 0;
  const keyed = items.map((item) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return { item, key: state };
  });
  return keyed.toSorted((left, right) => left.key - right.key).map(({ item }) => item);
}
