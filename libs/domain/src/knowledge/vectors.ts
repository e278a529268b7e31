import type { AccountId, PassageId } from '../shared/ids.js';
import type { EmbeddingModel } from './embedder.js';
import type { Embeddable } from './indexing.js';

/** `building`: passages get its vectors, and are searched with the active one's meanwhile · `retired`: they are being removed. */
export const modelStates = ['building', 'active', 'retired'] as const;
export type ModelState = (typeof modelStates)[number];

export const vectorRules = {
  /** Looked at once: some batches for each of some accounts. */
  atOnce: 256,
  /** Calls at once. */
  calls: 4,
  /** Then others may have the turn, and a process that stops has not long to wait. */
  sliceMs: 10_000,
  /** Between two looks when nothing is missing, at least; and only so much of the time is spent on looking. */
  everyMs: 3_000,
  shareOfTime: 100,
  /** After a failure of the model. */
  afterFailureMs: 10_000,
  /** An account without money for models is asked about again after so long. */
  withoutMoneyMs: 300_000,
  /** A text that the model refuses is shown to it again after so long. */
  refusedMs: 3_600_000,
  /** A process whose settings another one has overtaken asks so often whether it still is so. */
  overtakenMs: 30_000,
  /** For so long the vectors of a model stay after another took its place: some processes still search with them. */
  retiredMs: 60_000,
} as const;

export interface Missing {
  readonly most: number;
  readonly withoutAccounts: readonly AccountId[];
  readonly withoutPassages: readonly PassageId[];
}

/** Vectors of the passages in use, of one model or of two while one takes the other's place. */
export abstract class Vectors {
  /** A process has started that makes these: from now on all are to be of this model. The first one ever is active at once. */
  abstract want(model: EmbeddingModel): Promise<void>;
  /** What the process that started last wants. */
  abstract wanted(): Promise<EmbeddingModel | undefined>;
  /** Passages without a vector of this model, account by account in turn. */
  abstract missing(model: EmbeddingModel, what: Missing): Promise<readonly Embeddable[]>;
  /** Passages that are gone meanwhile, and vectors that are there, are left out. Safe to repeat. */
  abstract keep(model: EmbeddingModel, vectors: ReadonlyMap<PassageId, readonly number[]>): Promise<void>;
  /** Passages are searched with this one from now on; the one before is retired. Does nothing when it is so already. */
  abstract activate(model: EmbeddingModel): Promise<void>;
  /** Some vectors of retired models go. @returns whether there are more */
  abstract clear(): Promise<boolean>;
}
