import { readExplanation, SandboxError } from './sandbox-api.js';
import type { Explanation } from './wire.js';
import { isFinal } from './way.js';

/** What the page knows about why a comment was treated as it was. */
export interface Told {
  readonly explanation: Explanation | undefined;
  /** A sentence when the last look failed. */
  readonly problem: string | undefined;
  /** True while the system says that it has never heard of the comment. */
  readonly unheard: boolean;
}

interface Watched {
  told: Told;
  watchers: number;
  looks: number;
  timer: ReturnType<typeof setTimeout> | undefined;
}

type Read = (commentId: string) => Promise<Explanation>;

const firstPauseMs = 400;
const longestPauseMs = 5_000;
/** A post with many comments must not ask for all of them at once. */
const readsAtOnce = 4;

export const nothingTold: Told = { explanation: undefined, problem: undefined, unheard: false };

/** Pauses grow: most comments are finished within two seconds, some wait for an hour. */
export const pauseBefore = (look: number): number => Math.min(longestPauseMs, firstPauseMs * 1.35 ** look);

/** Keeps the explanations of the comments on screen fresh until they are final. */
export class Explanations {
  readonly #watched = new Map<string, Watched>();
  readonly #listeners = new Set<() => void>();
  readonly #queue: string[] = [];
  #reading = 0;
  #problem: string | undefined;

  constructor(private readonly read: Read = readExplanation) {}

  get(commentId: string): Told {
    return this.#watched.get(commentId)?.told ?? nothingTold;
  }

  /** Why the latest look failed, whichever comment it was for. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Calls back after each change; the returned function ends that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Keeps looking while somebody watches; the returned function ends that. */
  watch(commentId: string): () => void {
    const known = this.#watched.get(commentId);
    if (known) known.watchers += 1;
    else this.#watched.set(commentId, { told: nothingTold, watchers: 1, looks: 0, timer: undefined });
    const finished = known?.told.explanation && isFinal(known.told.explanation);
    if (!finished) this.lookAgain(commentId);
    return () => this.#unwatch(commentId);
  }

  /** Something happened to the comment: look now. Comments that nobody watches are left alone. */
  lookAgain(commentId: string): void {
    const watched = this.#watched.get(commentId);
    if (!watched || watched.watchers === 0) return;
    watched.looks = 0;
    this.#enqueue(commentId);
  }

  #unwatch(commentId: string): void {
    const watched = this.#watched.get(commentId);
    if (!watched) return;
    watched.watchers -= 1;
    if (watched.watchers === 0) clearTimeout(watched.timer);
  }

  #enqueue(commentId: string): void {
    clearTimeout(this.#watched.get(commentId)?.timer);
    if (!this.#queue.includes(commentId)) this.#queue.push(commentId);
    this.#readNext();
  }

  #readNext(): void {
    while (this.#reading < readsAtOnce) {
      const commentId = this.#queue.shift();
      if (commentId === undefined) return;
      this.#reading += 1;
      void this.#readOne(commentId).finally(() => {
        this.#reading -= 1;
        this.#readNext();
      });
    }
  }

  async #readOne(commentId: string): Promise<void> {
    const watched = this.#watched.get(commentId);
    if (!watched || watched.watchers === 0) return;
    watched.told = await this.read(commentId).then(
      (explanation) => ({ explanation, problem: undefined, unheard: false }),
      (error: unknown) => afterFailure(watched.told, error),
    );
    this.#problem = watched.told.problem;
    for (const listener of this.#listeners) listener();
    const { explanation } = watched.told;
    if (explanation && isFinal(explanation) && !watched.told.problem) return;
    clearTimeout(watched.timer);
    if (watched.watchers > 0) watched.timer = setTimeout(() => this.#enqueue(commentId), pauseBefore(watched.looks));
    watched.looks += 1;
  }
}

function afterFailure(before: Told, error: unknown): Told {
  if (error instanceof SandboxError && error.status === 404) return { ...nothingTold, unheard: true };
  return { ...before, problem: error instanceof Error ? error.message : 'The explanation could not be read.' };
}
