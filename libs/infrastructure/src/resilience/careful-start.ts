import { AppError } from '#domain/shared/errors.js';
import { provesNothing, vendorError } from './vendor-failures.js';

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

  /**
   * @param waitMs how long it may wait for the others; without it as long as that takes
   * @throws what the call throws; AppError 'unavailable' when it waited too long: nothing was sent
   */
  async run<T>(call: () => Promise<T>, waitMs?: number): Promise<T> {
    const until = performance.now() + (waitMs ?? Number.POSITIVE_INFINITY);
    while (this.#underWay >= this.#atOnce) {
      const left = until - performance.now();
      if (left <= 0) throw vendorError('not-tried', 'others find out whether it answers', { creates: false });
      await this.#turn(left);
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

  /** Until there may be a place, or the time is over. */
  async #turn(waitMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
      if (Number.isFinite(waitMs)) {
        timer = setTimeout(() => {
          this.#waiting = this.#waiting.filter((other) => other !== resolve);
          resolve();
        }, waitMs);
      }
    });
    clearTimeout(timer);
  }

  #wake(): void {
    for (const go of this.#waiting.splice(0, this.#atOnce - this.#underWay)) go();
  }
}
