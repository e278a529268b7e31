import type { AccountId } from '../shared/ids.js';

export interface EmbeddingModel {
  readonly name: string;
  readonly dimensions: number;
}

export function sameModel(one: EmbeddingModel | undefined, other: EmbeddingModel | undefined): boolean {
  return one?.name === other?.name && one?.dimensions === other?.dimensions;
}

/** Texts as points, so that texts of one meaning are near each other. */
export abstract class Embedder {
  /** What new vectors are made with; undefined when searching by words only was chosen. */
  abstract readonly model: EmbeddingModel | undefined;
  /**
   * @param accountId who pays
   * @param model what the vectors are compared with later: passages are embedded with `Embedder.model`, a question with
   * the model that passages are searched by (`EmbeddingModels.active`), which is another one while vectors are made anew
   * @returns a vector of length 1 for each text, in their order; undefined when nothing may be spent
   * @throws AppError as ReplyWriter.write; 'misconfigured' when the model answers with vectors of another length
   */
  abstract embed(
    accountId: AccountId,
    texts: readonly string[],
    model: EmbeddingModel,
  ): Promise<readonly (readonly number[])[] | undefined>;
}

/** Which vectors there are. All processes see the same. */
export abstract class EmbeddingModels {
  /**
   * What passages are searched with: the only one whose vectors are complete, or nearly. Undefined while there are no
   * vectors: words only. May be some seconds old; the vectors of a model are there for a minute after it was replaced.
   */
  abstract active(): Promise<EmbeddingModel | undefined>;
}
