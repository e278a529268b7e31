import { embeddingBatches, embeddingRules, type Embedder, type EmbeddingModel } from '#domain/knowledge/embedder.js';
import { AppError } from '#domain/shared/errors.js';
import type { AccountId } from '#domain/shared/ids.js';
import { storableText } from '#domain/shared/text.js';
import { cutToTokens, tokensOf } from '#domain/shared/tokens.js';
import { vendorError } from '../resilience/vendor-failures.js';
import type { OpenAiApi } from './openai-api.js';

/** The model server refuses texts of nothing. */
const nothing = '-';

/** Models that can be asked for vectors of another length than their own. Others refuse the field. */
const choosesLength = /^text-embedding-3-/u;

export class OpenAiEmbedder implements Embedder {
  /** @param model undefined: words only */
  constructor(
    private readonly api: Pick<OpenAiApi, 'embed'>,
    readonly model: EmbeddingModel | undefined,
  ) {}

  async embed(
    accountId: AccountId,
    texts: readonly string[],
    { name, dimensions }: EmbeddingModel,
  ): Promise<readonly (readonly number[])[] | undefined> {
    const vectors: (readonly number[])[] = [];
    for (const batch of embeddingBatches(texts.map(embeddable), (text) => text)) {
      const answer = await this.api.embed({
        model: name,
        dimensions: choosesLength.test(name) ? dimensions : undefined,
        texts: batch,
        tokens: batch.reduce((sum, text) => sum + tokensOf(text), 0),
        spender: { accountId },
      });
      if (answer.kind === 'over-budget') return undefined;
      for (const vector of answer.vectors) vectors.push(unit(vector, { name, dimensions }));
    }
    return vectors;
  }
}

function embeddable(text: string): string {
  const clean = cutToTokens(storableText(text).trim(), embeddingRules.tokensOfText);
  return clean === '' ? nothing : clean;
}

/** Of length 1: OpenAI's are, others' need not be. */
function unit(vector: readonly number[], { name, dimensions }: EmbeddingModel): readonly number[] {
  if (vector.length !== dimensions) {
    const what =
      `${name} answers with vectors of ${vector.length} dimensions, not of ${dimensions}: ` +
      'put OPENAI_EMBEDDING_DIMENSIONS right and restart';
    throw new AppError('misconfigured', what);
  }
  const length = Math.hypot(...vector);
  if (!Number.isFinite(length) || length === 0) {
    throw vendorError('bad-body', `${name} answered with a vector without a direction`, { creates: false });
  }
  return vector.map((part) => part / length);
}
