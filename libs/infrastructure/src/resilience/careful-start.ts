import { AppError } from '#domain/shared/errors.js';
import { provesNothing } from './vendor-failures.js';

/**
 * Of calls to a vendor that has not answered yet, or did not answer last time, only a few are made at once; the others
 * wait for what comes of these. So an outage that a worker comes upon with dozens of jobs costs a few calls and not one
 * per job, until the circuit opens. With the first answer all may go.
 */
export class CarefulStart {
  #answers = false;
  #underWay = 0;
  #waiting: (() => void)[] = [];

  /** @param atOnce while nothing is known */
  constructor(private readonly atOnce: number) {}

  /** @throws what the call throws */
  async run<T>(call: () => Promise<T>): Promise<T> {
    while (!this.#answers && this.#underWay >= this.atOnce) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#underWay += 1;
    try {
      const result = await call();
      this.#answers = true;
      return result;
    } catch (error) {
      this.#answers = error instanceof AppError && !provesNothing.has(error.kind);
      throw error;
    } finally {
      this.#underWay -= 1;
      this.#wake();
    }
  }

  #wake(): void {
    const next = this.#waiting.splice(0, this.#answers ? this.#waiting.length : 1);
    for (const go of next) go();
  }
}
