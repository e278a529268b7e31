import type { AccountId } from '../shared/ids.js';

export interface EmbeddingModel {
  readonly name: string;
  readonly dimensions: number;
}

/** Texts as points, so that texts of one meaning are near each other. */
export abstract class Embedder {
  /** What new vectors are made with; undefined when searching by words only was chosen. */
  abstract readonly model: EmbeddingModel | undefined;
  /**
   * @param accountId who pays
   * @returns a vector of length 1 for each text, in their order; undefined when nothing may be spent
   * @throws AppError as ReplyWriter.write
   */
  abstract embed(accountId: AccountId, texts: readonly string[]): Promise<readonly (readonly number[])[] | undefined>;
}
