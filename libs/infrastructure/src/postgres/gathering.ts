import { GroupCommit } from './group-commit.js';

/** Rows of one statement: more would hold their locks for longer than a lone row should wait for. */
const rowsPerStatement = 100;
/** The fewer there are, the more rows share each: what a statement and its commit cost counts, not the rows. */
const statementsInFlight = 1;
/**
 * What a busy worker's step waits for others of its kind. A comment takes a dozen such steps beside seconds at vendors;
 * without the wait, hardly two steps shared a statement.
 */
const gatherMs = 10;

/**
 * Rows that wait for the same statement share it: while one is on its way, and a moment longer, the next gathers. A worker runs dozens of jobs
 * at once, and each step of theirs costs a share of a statement and of a commit instead of a whole one.
 * @param write one statement for all items; answers one result per item, in their order
 */
export function gathered<Item, Result>(
  write: (items: readonly Item[]) => Promise<readonly Result[]>,
): GroupCommit<Item, Result> {
  return new GroupCommit(write, {
    inFlight: statementsInFlight,
    waiting: Number.POSITIVE_INFINITY, // as many as there are jobs
    weightOf: () => 1,
    weightPerGroup: rowsPerStatement,
    gatherMs,
  });
}

/** A type of PostgreSQL and a value of it. Arrays inside of a value go as jsonb: those of PostgreSQL are rectangular. */
export type Value = readonly [type: 'text' | 'integer' | 'float8' | 'boolean' | 'jsonb', value: unknown];

/** Columns by name: one array per column, for `given`. */
export interface Columns {
  /** FROM item with these columns; its arrays are the parameters from $1 on. */
  readonly given: string;
  readonly parameters: readonly (readonly unknown[])[];
}

/**
 * Values of several rows as columns of one table named `given`.
 * @param rows all with the same names and types; `id` among them
 * @param idType the type of `id`
 */
export function columnsOf(rows: readonly Readonly<Record<string, Value>>[], idType: 'text' | 'uuid'): Columns {
  const [first = {}] = rows;
  const names = Object.keys(first);
  const types = names.map((name) => (name === 'id' ? idType : (first[name]?.[0] ?? 'text')));
  return {
    given: `unnest(${types.map((type, index) => `$${index + 1}::${type}[]`).join(', ')}) AS given(${names.join(', ')})`,
    parameters: names.map((name) => rows.map((row) => row[name]?.[1] ?? null)),
  };
}
