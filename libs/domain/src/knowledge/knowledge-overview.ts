import type { DocumentState } from './document.js';
import type { EmbeddingModel } from './embedder.js';
import type { ModelState } from './vectors.js';

export interface ModelStanding extends EmbeddingModel {
  readonly state: ModelState;
  /** Passages that have its vector. */
  readonly passages: number;
}

export interface KnowledgeFigures {
  readonly documents: Readonly<Record<DocumentState, number>>;
  /** Documents that nobody takes for minutes although they are due, or that fail again and again. */
  readonly stuck: number;
  /** Of documents and products, in use. */
  readonly passages: number;
  /** The one that was wanted last first. */
  readonly models: readonly ModelStanding[];
}

/** How all knowledge stands. */
export abstract class KnowledgeOverview {
  /** @throws AppError 'unavailable' */
  abstract read(): Promise<KnowledgeFigures>;
}

/** Passages that are found by their words only, for now: those without a vector of the model that is wanted. */
export function withoutVector({ passages, models }: KnowledgeFigures): number {
  const [wanted] = models;
  return wanted ? Math.max(0, passages - wanted.passages) : 0;
}
