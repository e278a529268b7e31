import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AccountId } from '#domain/shared/ids.js';
import { json, StubVendor, type VendorAnswer } from '../../../../test/contracts/stub-vendor.js';
import type { Begun, CallBook, EndedCall, PlannedCall } from './call-book.js';
import { ModelCalls, onModelCall, type ModelCallEvent } from './model-calls.js';
import { usualPrices } from './model-prices.js';
import type { ModelRequest } from './model-request.js';
import { OpenAiApi, type OpenAiSettings } from './openai-api.js';
import { outputFormat, structuredCall } from './structured-call.js';

let stub: StubVendor;
let api: OpenAiApi;

const connect = (mode: OpenAiSettings['mode']): OpenAiApi =>
  new OpenAiApi({
    baseUrl: `${stub.url}/openai/v1`,
    apiKey: 'sk-very-secret',
    classificationModels: ['gpt-6-luna'],
    responseModels: ['gpt-6-luna'],
    mode,
  });

beforeEach(async () => {
  stub = await StubVendor.start();
  api = connect('responses');
});
afterEach(async () => {
  await api.close();
  stub.close();
});

const request: ModelRequest = {
  purpose: 'classification',
  model: 'gpt-6-luna',
  promptVersion: 'classify-comment@1',
  spender: { accountId: AccountId.parse('17841400000000001') },
  instructions: 'classify',
  turns: ['{}'],
  format: { name: 'verdict', jsonSchema: {}, characters: 2 },
  maxOutputTokens: 10,
  safetyIdentifier: undefined,
};

describe('the tokens of a call', () => {
  it.each([
    ['as many as the server says', { cached_tokens: 64 }, 64],
    ['none where it does not say', undefined, 0],
    ['none where it says nothing of use', { cached_tokens: 'many' }, 0],
  ])('that were read from the cache are %s, in both modes', async (_, details, cachedTokens) => {
    const expected = { usage: { inputTokens: 100, cachedTokens, outputTokens: 20 }, model: 'gpt-6-luna' };
    const message = { type: 'message', content: [{ type: 'output_text', text: '{}' }] };
    const usage = { input_tokens: 100, output_tokens: 20, input_tokens_details: details };
    stub.answer = json({ status: 'completed', output: [message], usage });
    await expect(api.ask(request)).resolves.toMatchObject(expected);
    await api.close();
    api = connect('chat');
    stub.answer = json({
      choices: [{ finish_reason: 'stop', message: { content: '{}' } }],
      usage: { prompt_tokens: 100, completion_tokens: 20, prompt_tokens_details: details },
    });
    await expect(api.ask(request)).resolves.toMatchObject(expected);
  });
});

/** A book in memory, with as much money as it is told. */
class InMemoryBook implements CallBook {
  readonly begun: PlannedCall[] = [];
  readonly ended: EndedCall[] = [];
  says: Begun = { kind: 'may-be-made', id: '1' };
  fails = false;

  async begin(call: PlannedCall): Promise<Begun> {
    this.begun.push(call);
    return await Promise.resolve(this.says);
  }

  async end(_: string, call: EndedCall): Promise<void> {
    await Promise.resolve();
    if (this.fails) throw new Error('the database is away');
    this.ended.push(call);
  }
}

// CL-5, audit 34
describe('the book of calls', () => {
  let book: InMemoryBook;
  let withoutPrice: string[];
  let events: ModelCallEvent[];
  let stopListening: () => void;
  beforeEach(async () => {
    await api.close();
    book = new InMemoryBook();
    withoutPrice = [];
    events = [];
    stopListening = onModelCall((event) => events.push(event));
    api = counting();
  });
  afterEach(() => stopListening());

  const counting = (timeoutMs?: number): OpenAiApi =>
    new OpenAiApi(
      {
        baseUrl: `${stub.url}/openai/v1`,
        apiKey: 'sk-very-secret',
        classificationModels: ['gpt-6-luna'],
        responseModels: ['gpt-6-luna'],
        mode: 'responses',
      },
      timeoutMs,
      undefined,
      new ModelCalls(book, usualPrices, (model) => withoutPrice.push(model)),
    );
  const output = (text: string): VendorAnswer =>
    json({
      status: 'completed',
      output: [{ type: 'message', content: [{ type: 'output_text', text }] }],
      usage: { input_tokens: 1_000, output_tokens: 100, input_tokens_details: { cached_tokens: 600 } },
    });
  const used = { inputTokens: 1_000, cachedTokens: 600, outputTokens: 100 };
  const format = outputFormat('verdict', z.object({ good: z.boolean() }));
  const call = async (model = 'gpt-6-luna'): ReturnType<typeof structuredCall> =>
    await structuredCall(api, { ...request, model, content: '{}', format });

  it('hears of a call before it is made, with more than it will cost, and of what it took', async () => {
    stub.answer = output('{"good":true}');
    await call();
    const { spender, promptVersion } = request;
    expect(book.begun).toEqual([
      { task: 'classification', model: 'gpt-6-luna', promptVersion, spender, estimate: expect.any(Number) },
    ]);
    expect(book.ended).toMatchObject([{ outcome: 'ok', failure: undefined, usage: used, cost: 96 }]);
    expect(events).toEqual([{ task: 'classification', model: 'gpt-6-luna', outcome: 'ok', usage: used, cost: 96 }]);
  });

  it('promises the price of all that may be read and written', async () => {
    stub.answer = output('{"good":true}');
    await structuredCall(api, {
      ...request,
      instructions: 'x'.repeat(30_000),
      maxOutputTokens: 1_000,
      content: '{}',
      format,
    });
    const { estimate = 0 } = book.begun[0] ?? {};
    expect(estimate).toBeGreaterThan(10_000 * 0.1 + 1_000 * 0.5);
    expect(estimate).toBeLessThan(12_000 * 0.1 + 1_000 * 0.5);
  });

  it.each<[string, VendorAnswer, readonly object[]]>([
    ['unreadable, twice', output('no JSON'), [{ outcome: 'unreadable' }, { outcome: 'unreadable' }]],
    [
      'unreadable, then repaired',
      (request_, response) => output(stub.calls.length === 1 ? 'no JSON' : '{"good":true}')(request_, response),
      [
        { outcome: 'unreadable', cost: 96 },
        { outcome: 'repaired', cost: 96 },
      ],
    ],
    [
      'refused',
      json({ output: [{ type: 'message', content: [{ type: 'refusal', refusal: 'No.' }] }] }),
      [{ outcome: 'refused' }],
    ],
    ['broken off', json({ status: 'incomplete', output: [] }), [{ outcome: 'unreadable' }]],
    ['an error', json({}, 500), [{ outcome: 'failed', failure: 'unavailable', cost: 0 }]],
    ['too many requests', json({}, 429), [{ outcome: 'failed', failure: 'rate-limited' }]],
  ])('keeps what became of each: %s', async (_, answer, ended) => {
    stub.answer = answer;
    await call().catch(() => undefined);
    expect(book.ended).toMatchObject(ended);
    expect(events).toHaveLength(ended.length);
  });

  it('counts a call that was not answered in time', async () => {
    await api.close();
    api = counting(50);
    stub.answer = () => undefined;
    await expect(call()).rejects.toMatchObject({ kind: 'unavailable' });
    expect(book.ended).toMatchObject([{ outcome: 'failed', failure: 'timeout-after-send' }]);
  });

  it('knows a call that its circuit held back as not made', async () => {
    stub.answer = json({}, 500);
    for (let count = 0; count < 12; count += 1) await call().catch(() => undefined);
    expect(stub.calls).toHaveLength(10);
    expect(book.ended.filter(({ outcome }) => outcome === 'failed')).toHaveLength(10);
    expect(events).toHaveLength(10);
  });

  it('is asked for money first: without it nobody is called', async () => {
    book.says = { kind: 'over-budget', whose: 'author' };
    await expect(call()).resolves.toMatchObject({ kind: 'over-budget', detail: 'author' });
    book.says = { kind: 'wait' };
    await expect(call()).rejects.toMatchObject({ kind: 'rate-limited', retryAfterMs: expect.any(Number) });
    expect(stub.calls).toHaveLength(0);
  });

  it('counts tokens without money where no price is known, and says so once', async () => {
    stub.answer = output('{"good":true}');
    await call('llama3.1:8b');
    await call('llama3.1:8b');
    expect(book.begun).toMatchObject([{ estimate: 0 }, { estimate: 0 }]);
    expect(book.ended).toMatchObject([{ usage: used, cost: undefined }, { usage: used }]);
    expect(withoutPrice).toEqual(['llama3.1:8b']);
  });

  it('costs no answer when it cannot be written', async () => {
    stub.answer = output('{"good":true}');
    book.fails = true;
    await expect(call()).resolves.toMatchObject({ kind: 'parsed' });
  });
});
