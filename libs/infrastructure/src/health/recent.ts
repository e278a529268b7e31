import { AppError } from '#domain/shared/errors.js';
import { within } from '../resilience/within.js';

/** Asked no more often than this, whoever wants to know. */
const keptMs = 5_000;
/** And only so much of the time: a question that takes long is asked less often. */
const shareOfTime = 20;
/** Whoever asks does not wait longer; the answer is there for the next one. */
const patienceMs = 1_000;

/**
 * An answer that may be some seconds old. However many ask, one question is on its way at a time, and a dependency that
 * hangs holds up nobody.
 */
export class Recent<Answer> {
  #answer: Answer | undefined;
  #asking: Promise<Answer> | undefined;
  #freshUntil = 0;

  constructor(private readonly ask: () => Promise<Answer>) {}

  /** @returns undefined when there is no answer that is not out of date */
  async read(): Promise<Answer | undefined> {
    if (performance.now() < this.#freshUntil) return this.#answer;
    this.#asking ??= this.#renewed();
    return await within(patienceMs, this.#asking, () => new AppError('unavailable', 'no answer yet')).catch(
      () => undefined,
    );
  }

  async #renewed(): Promise<Answer> {
    const began = performance.now();
    try {
      const answer = await this.ask();
      const now = performance.now();
      this.#freshUntil = now + Math.max(keptMs, (now - began) * shareOfTime);
      this.#answer = answer;
      return answer;
    } finally {
      this.#asking = undefined;
    }
  }
}
