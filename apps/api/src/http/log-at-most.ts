/** One line for each second of trouble, however many requests are in it. */
const everyMs = 1_000;

/**
 * Thins a flood of equal log lines out: the first is written at once, with everything; those that follow within a second
 * are counted, and the count is written when the second is over.
 */
export class LogAtMost {
  #counting: { more: number } | undefined;

  /** @param writeCount writes how many lines were left out */
  constructor(private readonly writeCount: (leftOut: number) => void) {}

  write(line: () => void): void {
    if (this.#counting) {
      this.#counting.more += 1;
      return;
    }
    line();
    this.#begin();
  }

  #begin(): void {
    const counting = { more: 0 };
    this.#counting = counting;
    const over = (): void => {
      this.#counting = undefined;
      if (counting.more === 0) return;
      this.writeCount(counting.more);
      // The count was this second's line.
      this.#begin();
    };
    setTimeout(over, everyMs).unref();
  }
}
