export const vendors = ['instagram', 'openai', 'telegram'] as const;
export type Vendor = (typeof vendors)[number];

export interface LedgerEntry {
  readonly seq: number;
  /** ISO 8601, when the request arrived. */
  readonly at: string;
  readonly vendor: Vendor;
  readonly call: string;
  /** Comment, media or chat id; the comment's text for model calls. */
  readonly target: string;
  request: unknown;
  /** Null while unanswered, and for ever when the connection was cut. */
  status: number | null;
  response: unknown;
  fault?: string;
}

export interface LedgerQuery {
  readonly vendor?: string | undefined;
  readonly call?: string | undefined;
  readonly target?: string | undefined;
  /** Only entries with a greater number. */
  readonly since?: number | undefined;
}

/** Long runs stay within memory: so many calls are known, and so many of them with their full bodies. */
const keptEntries = 500_000;
const keptBodies = 20_000;

/** What the vendors saw: the oracle of every test, since it knows nothing of the system's own books. */
export class Ledger {
  #entries: LedgerEntry[] = [];
  #seq = 0;

  begin(call: Pick<LedgerEntry, 'vendor' | 'call' | 'target' | 'request'>): LedgerEntry {
    this.#seq += 1;
    const entry: LedgerEntry = { seq: this.#seq, at: new Date().toISOString(), ...call, status: null, response: null };
    this.#entries.push(entry);
    const old = this.#entries[this.#entries.length - 1 - keptBodies];
    if (old) {
      old.request = null;
      old.response = null;
    }
    // Cut seldom and much: each cut copies the rest.
    if (this.#entries.length > keptEntries * 1.1) this.#entries = this.#entries.slice(-keptEntries);
    return entry;
  }

  find(query: LedgerQuery): readonly LedgerEntry[] {
    return this.#entries.filter(
      (entry) =>
        (query.vendor === undefined || entry.vendor === query.vendor) &&
        (query.call === undefined || entry.call === query.call) &&
        (query.target === undefined || entry.target === query.target) &&
        (query.since === undefined || entry.seq > query.since),
    );
  }

  clear(): void {
    this.#entries = [];
  }
}
