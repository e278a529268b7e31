import { AppError } from '#domain/shared/errors.js';
import { provesNothing } from './vendor-failures.js';

/** As many as open a circuit (Guard) that all of them fail in: a vendor that hangs is given up after two deadlines. */
const callsPerRound = 10;

/**
 * Of calls to a vendor that has not answered yet only one is made. While they fail, a few follow when those before have
 * ended; the others wait for what comes of these. So an outage, or an account without money, that a worker comes upon with
 * dozens of jobs costs a few calls and not one per job. With the first answer all may go.
 */
export class CarefulStart {
  /** Calls that may still begin before anything more is known. */
  #left = 1;
  #underWay = 0;
  #waiting: (() => void)[] = [];

  /** @throws what the call throws */
  async run<T>(call: () => Promise<T>): Promise<T> {
    while (this.#left <= 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#left -= 1;
    this.#underWay += 1;
    try {
      const result = await call();
      this.#left = Number.POSITIVE_INFINITY;
      return result;
    } catch (error) {
      const answers = error instanceof AppError && !provesNothing.has(error.kind);
      this.#left = answers ? Number.POSITIVE_INFINITY : 0;
      throw error;
    } finally {
      this.#underWay -= 1;
      if (this.#left <= 0 && this.#underWay === 0) this.#left = callsPerRound;
      for (const go of this.#waiting.splice(0, this.#left)) go();
    }
  }
}
