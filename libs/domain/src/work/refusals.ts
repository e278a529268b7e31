/** So many different rows in a row refused for good: then it is not the rows. */
const refusedInARow = 3;

/**
 * Tells a bad request from a bad server: a model server with a wrong setting refuses every request with the same 400, and
 * all comments would be parked. Per process on purpose: each finds out by itself within a few rows, which can be tried
 * again by hand, and nothing shared can be wrong or away.
 */
export class Refusals {
  readonly #rows = new Map<string, Set<string>>();

  /** @returns whether the refusal is the server's fault rather than this row's */
  refused(job: string, row: string): boolean {
    const rows = this.#rows.get(job) ?? new Set();
    this.#rows.set(job, rows);
    if (rows.size <= refusedInARow) rows.add(row); // bounded: more do not say more
    return rows.size > refusedInARow;
  }

  /** The server has done its work for some row. */
  accepted(job: string): void {
    this.#rows.delete(job);
  }
}
