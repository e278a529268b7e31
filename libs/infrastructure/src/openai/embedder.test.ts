import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { json, StubVendor, type VendorAnswer, type VendorCall } from '../../../../test/contracts/stub-vendor.js';
import { account } from '../../../../test/support/rows.js';
import { embeddingBatches, embeddingRules } from '#domain/knowledge/embedder.js';
import type { Begun, CallBook, EndedCall, PlannedCall } from './call-book.js';
import { OpenAiEmbedder } from './embedder.js';
import { ModelCalls } from './model-calls.js';
import { usualPrices } from './model-prices.js';
import { OpenAiApi } from './openai-api.js';

const small = { name: 'text-embedding-3-small', dimensions: 3 };
let stub: StubVendor;
let api: OpenAiApi;
let begun: Begun;
let planned: PlannedCall[];
let ended: EndedCall[];

beforeEach(async () => {
  stub = await StubVendor.start();
  begun = { kind: 'may-be-made', id: '1' };
  planned = [];
  ended = [];
  const book: CallBook = {
    begin: async (call) => await Promise.resolve((planned.push(call), begun)),
    end: async (_, call) => {
      ended.push(call);
      await Promise.resolve();
    },
  };
  api = new OpenAiApi(
    {
      baseUrl: `${stub.url}/v1`,
      apiKey: 'sk-very-secret',
      classificationModels: ['m'],
      responseModels: ['m'],
      embeddingModels: [small.name],
      mode: 'responses',
    },
    undefined,
    undefined,
    new ModelCalls(book, usualPrices, () => undefined),
  );
});
afterEach(async () => {
  await api.close();
  stub.close();
});

interface Asked {
  readonly model: string;
  readonly input: readonly string[];
  readonly encoding_format: string;
  readonly dimensions?: number;
}
const askedBy = ({ body }: VendorCall): Asked => JSON.parse(body) as Asked; // what we sent ourselves
/** For each text its length in the first place; told last text first. */
const lengths: VendorAnswer = (call, response) => {
  const { input } = askedBy(call);
  const data = input.map((text, index) => ({ index, embedding: [text.length, 0, 0] })).toReversed();
  json({ data, usage: { prompt_tokens: 50 } })(call, response);
};
const answering = (...embeddings: readonly (readonly number[])[]): VendorAnswer =>
  json({ data: embeddings.map((embedding, index) => ({ index, embedding })) });

describe('vectors of texts', () => {
  const embedder = (): OpenAiEmbedder => new OpenAiEmbedder(api, small);

  it('are asked for as plain numbers, and come back in the order of the texts, of length 1', async () => {
    stub.answer = (call, response) =>
      json({
        data: [
          { index: 1, embedding: [0, 0, 5] },
          { index: 0, embedding: [3, 4, 0] },
        ],
      })(call, response);
    await expect(embedder().embed(account.id, ['bread', 'cake'], small)).resolves.toEqual([
      [0.6, 0.8, 0],
      [0, 0, 1],
    ]);
    expect(stub.calls.map(askedBy)).toEqual([
      { model: small.name, input: ['bread', 'cake'], encoding_format: 'float', dimensions: 3 },
    ]);
  });

  it('are asked for without a length where the model cannot choose one', async () => {
    stub.answer = answering([1, 0, 0]);
    await embedder().embed(account.id, ['bread'], { name: 'nomic-embed-text', dimensions: 3 });
    expect(stub.calls.map(askedBy)).toEqual([
      { model: 'nomic-embed-text', input: ['bread'], encoding_format: 'float' },
    ]);
  });

  it('are paid for by the account, at the price of their model', async () => {
    stub.answer = lengths;
    await embedder().embed(account.id, ['bread'], small);
    expect(planned).toMatchObject([{ task: 'embed', model: small.name, spender: { accountId: account.id } }]);
    expect(ended).toMatchObject([{ outcome: 'ok', usage: { inputTokens: 50, outputTokens: 0 }, cost: 1 }]);
  });

  it('are not asked for when nothing may be spent', async () => {
    begun = { kind: 'over-budget', whose: 'account' };
    await expect(embedder().embed(account.id, ['bread'], small)).resolves.toBeUndefined();
    expect(stub.calls).toEqual([]);
  });

  it('are asked for in requests of bounded size, and none is lost or mixed up between them', async () => {
    stub.answer = lengths;
    const texts = Array.from({ length: 2 * embeddingRules.textsAtOnce + 1 }, (_, index) => 'x'.repeat(index + 1));
    await expect(embedder().embed(account.id, texts, small)).resolves.toHaveLength(texts.length);
    expect(stub.calls.flatMap((call) => askedBy(call).input)).toEqual(texts);
    expect(stub.calls.map((call) => askedBy(call).input.length)).toEqual([64, 64, 1]);
  });

  it('of a text that is too long are those of its beginning; of nothing, those of a dash', async () => {
    stub.answer = lengths;
    await embedder().embed(account.id, ['ж'.repeat(100_000), ' \u0000 ', '\uD800'], small);
    const [long, none, broken] = stub.calls.flatMap((call) => askedBy(call).input);
    expect(long).toMatch(/^ж{9000,10000}…$/u);
    expect(none).toBe('-');
    expect(broken).not.toMatch(/\p{Surrogate}/u);
  });

  // KN-6
  it('of another length than the settings say are refused, with what to do', async () => {
    stub.answer = answering([1, 0, 0, 0]);
    await expect(embedder().embed(account.id, ['bread'], small)).rejects.toMatchObject({
      kind: 'misconfigured',
      message: expect.stringContaining('4 dimensions, not of 3: put OPENAI_EMBEDDING_DIMENSIONS right'),
    });
  });

  it.each([
    ['one too few', answering([1, 0, 0])],
    ['one too many', answering([1, 0, 0], [1, 0, 0], [1, 0, 0])],
    ['the same place twice', json({ data: [0, 0].map((index) => ({ index, embedding: [1, 0, 0] })) })],
    ['nothing at all', json({})],
    ['no direction', answering([0, 0, 0], [1, 0, 0])],
    ['text in the place of numbers', json({ data: [0, 1].map((index) => ({ index, embedding: 'AAAA' })) })],
  ])('are worth nothing when the answer has %s: asked for again later', async (_, answer) => {
    stub.answer = answer;
    await expect(embedder().embed(account.id, ['bread', 'cake'], small)).rejects.toMatchObject({ kind: 'unavailable' });
  });
});

describe('batches of texts', () => {
  it('hold no more tokens than one request may', () => {
    const batches = embeddingBatches(
      Array.from({ length: 40 }, () => 'ж'.repeat(2_000)),
      (text) => text,
    );
    expect(batches.map(({ length }) => length)).toEqual([24, 16]);
  });

  it('of nothing are none', () => {
    expect(embeddingBatches([], String)).toEqual([]);
  });
});
