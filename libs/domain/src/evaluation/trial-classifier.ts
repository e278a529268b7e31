import type { Classification, CommentContext } from '../comments/comment-classifier.js';
import type { Prompt } from '../prompts/prompt.js';
import type { ModelPrice, Tokens } from './model-cost.js';

export interface TrialVerdict {
  readonly classification: Classification;
  /** False: decided by local rules. */
  readonly asked: boolean;
  readonly tokens: Tokens;
}

/** The model, asked for the sake of a comparison: no verdict is taken over from equal comments, and none is kept. */
export abstract class TrialClassifier {
  /** The model that is asked when nobody says which. */
  abstract readonly usualModel: string;
  /** @throws AppError as CommentClassifier.classify */
  abstract classify(
    context: CommentContext,
    how: { readonly prompt: Prompt; readonly model: string },
  ): Promise<TrialVerdict>;
  /** Undefined when nobody knows it. */
  abstract readonly priceOf: (model: string) => ModelPrice | undefined;
}
