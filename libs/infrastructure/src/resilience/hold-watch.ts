import type { Allowances, Hold, HoldReason } from '#domain/work/allowances.js';

/** The book is asked at most so often; between two looks a call may go out that another process knows to be in vain. */
const lookAgainMs = 1_000;
/** What a vendor may ask for at most; more would be a misread answer. */
const longestHoldMs = 24 * 3_600_000;

/**
 * Whether a vendor asked us to leave one of its customers alone: what this process heard itself counts at once, what
 * others heard within a second. A look costs one small query, and only while calls are made.
 */
export class HoldWatch {
  #hold: { readonly until: number; readonly why: HoldReason } | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | undefined;

  /**
   * @param of the name in the book
   * @param elapsedMs a clock that only goes forward
   */
  constructor(
    private readonly allowances: Allowances,
    private readonly of: string,
    private readonly elapsedMs: () => number = () => performance.now(),
  ) {}

  /** What this process knows without asking. */
  known(): Hold | undefined {
    const hold = this.#hold;
    const ms = hold ? hold.until - this.elapsedMs() : 0;
    return hold && ms > 0 ? { ms: Math.ceil(ms), why: hold.why } : undefined;
  }

  /** The hold that stands, if any. @throws AppError 'unavailable' when the book cannot be read */
  async look(): Promise<Hold | undefined> {
    const known = this.known();
    if (known || this.elapsedMs() - this.#lookedAt < lookAgainMs) return known;
    this.#looking ??= this.#ask().finally(() => (this.#looking = undefined));
    await this.#looking;
    return this.known();
  }

  /** Known here at once, by everybody when it is written. A longer one that stands already stays. */
  async set(forMs: number, why: HoldReason): Promise<void> {
    const ms = Math.min(forMs, longestHoldMs);
    this.note({ ms, why });
    await this.allowances.hold(this.of, ms, why);
  }

  /** Somebody else's hold, as the book told it. */
  note({ ms, why }: Hold): void {
    const until = this.elapsedMs() + ms;
    if (this.#hold === undefined || until > this.#hold.until) this.#hold = { until, why };
  }

  async #ask(): Promise<void> {
    const hold = await this.allowances.held(this.of);
    this.#lookedAt = this.elapsedMs();
    if (hold) this.note(hold);
  }
}
