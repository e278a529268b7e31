import { AppError } from '#domain/shared/errors.js';
import { provesNothing } from './vendor-failures.js';

/** As many as open a circuit within two deadlines when the vendor hangs; one alone would never open it. */
const atOnceAfterFailure = 5;

/**
 * Of calls to a vendor that has not answered yet only one is made, and after one that it did not answer a few at once;
 * the others wait for what comes of these. So an outage, or an account without money, that a worker comes upon with
 * dozens of jobs costs a few calls and not one per job. With the first answer all may go.
 */
export class CarefulStart {
  #atOnce = 1;
  #underWay = 0;
  #waiting: (() => void)[] = [];

  /** @throws what the call throws */
  async run<T>(call: () => Promise<T>): Promise<T> {
    while (this.#underWay >= this.#atOnce) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#underWay += 1;
    try {
      const result = await call();
      this.#atOnce = Number.POSITIVE_INFINITY;
      return result;
    } catch (error) {
      const answers = error instanceof AppError && !provesNothing.has(error.kind);
      this.#atOnce = answers ? Number.POSITIVE_INFINITY : atOnceAfterFailure;
      throw error;
    } finally {
      this.#underWay -= 1;
      this.#wake();
    }
  }

  #wake(): void {
    for (const go of this.#waiting.splice(0, this.#atOnce - this.#underWay)) go();
  }
}
