/** NULL in a column is "nothing" in the domain. */
export function optional<Value>(value: Value | null): Value | undefined {
  return value ?? undefined;
}

/** A column that holds one of a closed list. @throws Error when a row says something that this version does not know */
export function listed<Value extends string>(list: readonly Value[], value: string): Value {
  const found = list.find((entry) => entry === value);
  if (found === undefined) throw new Error(`"${value}" is none of ${list.join(', ')}`);
  return found;
}

/** The rows with these ids, in the order of the ids; null for those that are not there. */
export function inOrder<Row extends { readonly id: string }>(
  ids: readonly string[],
  rows: readonly Row[],
): readonly (Row | null)[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id) ?? null);
}
