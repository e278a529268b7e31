import { LRUCache } from 'lru-cache';

export interface Remembering<Key extends string, Value extends object> {
  /** Asked once, however many want to know at the same time. What it throws, and `undefined`, is not remembered. */
  readonly ask: (key: Key) => Promise<Value | undefined>;
  /** An answer is given again for so long, in milliseconds. */
  readonly forMs: number;
  readonly most: number;
  /** A clock that only goes forward, in milliseconds. */
  readonly elapsedMs?: (() => number) | undefined;
}

/** Answers to questions that are asked at every step and whose answers change seldom. */
export class Remembered<Key extends string, Value extends object> {
  readonly #answers: LRUCache<Key, Value>;

  constructor({ ask, forMs, most, elapsedMs = () => performance.now() }: Remembering<Key, Value>) {
    this.#answers = new LRUCache<Key, Value>({
      max: most,
      ttl: forMs,
      ttlResolution: 0,
      perf: { now: elapsedMs },
      fetchMethod: ask,
      // Forgotten while it is being asked: whoever waits gets the answer, and it is not kept.
      ignoreFetchAbort: true,
    });
  }

  /** @throws what asking throws */
  async get(key: Key): Promise<Value | undefined> {
    return await this.#answers.fetch(key);
  }

  forget(key: Key): void {
    this.#answers.delete(key);
  }

  clear(): void {
    this.#answers.clear();
  }
}
