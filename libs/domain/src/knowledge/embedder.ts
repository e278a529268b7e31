import type { AccountId } from '../shared/ids.js';
import { tokensOf } from '../shared/tokens.js';

export interface EmbeddingModel {
  readonly name: string;
  readonly dimensions: number;
}

export function sameModel(one: EmbeddingModel | undefined, other: EmbeddingModel | undefined): boolean {
  return one?.name === other?.name && one?.dimensions === other?.dimensions;
}

export const embeddingRules = {
  /** In one request: little enough that one which is lost costs little, and that its vectors are no burden in memory. */
  textsAtOnce: 64,
  tokensAtOnce: 30_000,
  /** Of one text; models take 8,192, and our figure is a guess. Passages are far shorter. */
  tokensOfText: 6_000,
  /** What an index over vectors can hold. */
  mostDimensions: 4_000,
} as const;

/** Texts in groups that may be asked for in one request each, in their order. */
export function embeddingBatches<Item>(
  items: readonly Item[],
  textOf: (item: Item) => string,
): readonly (readonly Item[])[] {
  const batches: Item[][] = [];
  let tokens = 0;
  for (const item of items) {
    const its = Math.min(tokensOf(textOf(item)), embeddingRules.tokensOfText);
    const last = batches.at(-1);
    tokens += its;
    if (last && last.length < embeddingRules.textsAtOnce && tokens <= embeddingRules.tokensAtOnce) last.push(item);
    else {
      batches.push([item]);
      tokens = its;
    }
  }
  return batches;
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
