import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { commentClasses } from '#domain/comments/verdict.js';
import { TestSandbox, type Body } from './testing/test-sandbox.js';

const labels = Object.values(commentClasses).map(({ label }) => label);
const verdictSchema = {
  type: 'object',
  properties: {
    class: { type: 'string', enum: labels },
    confidence: { type: 'integer', minimum: 0, maximum: 100 },
    reason: { type: 'string' },
    language: { type: 'string' },
  },
  required: ['class', 'confidence', 'reason', 'language'],
  additionalProperties: false,
};
const answerSchema = {
  type: 'object',
  properties: {
    answerable: { type: 'boolean' },
    answer: { type: 'string' },
    sources: { type: 'array', items: { type: 'string', enum: ['S1', 'S2'] } },
  },
  required: ['answerable', 'answer', 'sources'],
  additionalProperties: false,
};
const about = (text: string, more: object = {}): string =>
  JSON.stringify({ post: { caption: null, type: null }, thread: [], comment: { username: 'anna', text }, ...more });

function responses(content: string, schema: object, more: object = {}): object {
  return {
    model: 'gpt-6-luna',
    store: false,
    instructions: 'Static rules.',
    input: [{ role: 'user', content }],
    text: { format: { type: 'json_schema', name: 'shape', strict: true, schema } },
    ...more,
  };
}

const outputShape = z.object({ output: z.array(z.object({ content: z.array(z.object({ text: z.string() })) })) });
const outputOf = (body: Body): unknown => JSON.parse(outputShape.parse(body).output[0]?.content[0]?.text ?? '');
const chatShape = z.object({ choices: z.array(z.object({ message: z.object({ content: z.string() }) })) });

describe('OpenAI', () => {
  let sandbox: TestSandbox;
  beforeEach(async () => {
    sandbox = await TestSandbox.start();
  });
  afterEach(() => sandbox.app.close());

  it('classifies a comment in both modes alike', async () => {
    const content = about('Сколько стоит доставка?');
    const { body } = await sandbox.openai('/responses', responses(content, verdictSchema));
    expect(outputOf(body)).toMatchObject({ class: 'question / inquiry', language: 'ru' });
    expect(body).toMatchObject({ status: 'completed', usage: { total_tokens: expect.any(Number) } });

    const chat = await sandbox.openai('/chat/completions', {
      model: 'gpt-6-luna',
      messages: [
        { role: 'system', content: 'Static rules.' },
        { role: 'user', content },
      ],
      response_format: { type: 'json_schema', json_schema: { name: 'shape', strict: true, schema: verdictSchema } },
    });
    expect(JSON.parse(chatShape.parse(chat.body).choices[0]?.message.content ?? '')).toEqual(outputOf(body));
  });

  it('answers from the passages alone, and cites them', async () => {
    const passages = [
      { id: 'S1', title: 'Hours', text: 'We are open every day from 8:00.' },
      { id: 'S2', title: 'Delivery', text: 'Delivery costs 250 ₽. Pickup is free.' },
    ];
    const known = await sandbox.openai(
      '/responses',
      responses(about('How much is delivery?', { passages }), answerSchema),
    );
    expect(outputOf(known.body)).toEqual({ answerable: true, answer: 'Delivery costs 250 ₽.', sources: ['S2'] });
    const unknown = await sandbox.openai(
      '/responses',
      responses(about('Is there parking?', { passages }), answerSchema),
    );
    expect(outputOf(unknown.body)).toEqual({ answerable: false, answer: '', sources: [] });
  });

  it('says the same when it is asked to repair its output', async () => {
    const input = [
      { role: 'user', content: about('Thank you!') },
      { role: 'assistant', content: 'nonsense' },
      { role: 'user', content: 'That was not valid. Answer in the schema.' },
    ];
    const { body } = await sandbox.openai('/responses', responses('', verdictSchema, { input }));
    expect(outputOf(body)).toMatchObject({ class: 'positive feedback' });
    expect(await sandbox.ledger('vendor=openai&call=classify&target=Thank+you!')).toHaveLength(1);
  });

  it('fills a schema that it has never seen', async () => {
    const schema = {
      type: 'object',
      properties: { topic: { enum: ['bread', 'cake'] }, grade: { type: 'integer', minimum: 1, maximum: 5 } },
      required: ['topic', 'grade'],
      additionalProperties: false,
    };
    const { body } = await sandbox.openai('/responses', responses(about('I like your cake'), schema));
    expect(outputOf(body)).toEqual({ topic: 'cake', grade: 3 });
  });

  it.each([
    ['an open object', { ...verdictSchema, additionalProperties: undefined }, 'additionalProperties'],
    ['an optional property', { ...verdictSchema, required: ['class'] }, "Missing 'confidence'"],
    ['a list at the top', { type: 'array', items: {} }, 'got \'type: "array"\''],
    [
      'an open object inside',
      { ...verdictSchema, properties: { class: { type: 'object' } }, required: ['class'] },
      "'class'",
    ],
  ])('refuses a strict schema with %s', async (_name, schema, message) => {
    const { status, body } = await sandbox.openai('/responses', responses(about('Hi'), schema));
    expect({ status, body }).toMatchObject({ status: 400, body: { error: { code: 'invalid_json_schema' } } });
    expect(JSON.stringify(body)).toContain(JSON.stringify(message).slice(1, -1));
  });

  it.each([
    ['a temperature for a model that reasons', { temperature: 0 }, 'temperature', 'unsupported_parameter'],
    [
      'an effort that the model does not know',
      { reasoning: { effort: 'minimal' } },
      'reasoning.effort',
      'unsupported_value',
    ],
    ['too few output tokens', { max_output_tokens: 1 }, 'max_output_tokens', 'integer_below_min_value'],
    ['a parameter of another endpoint', { max_tokens: 100 }, 'max_tokens', 'unknown_parameter'],
  ])('refuses %s', async (_name, more, param, code) => {
    const request = responses(about('Hi'), verdictSchema, more);
    const { status, body } = await sandbox.openai('/responses', request);
    expect({ status, body }).toMatchObject({ status: 400, body: { error: { param, code } } });
  });

  it('refuses a wrong key and an unknown model', async () => {
    const request = { model: 'gpt-6-luna', input: 'Hi' };
    const wrong = await sandbox.app.inject({
      method: 'POST',
      url: '/openai/v1/responses',
      headers: { authorization: 'Bearer wrong' },
      payload: request,
    });
    expect([wrong.statusCode, wrong.json()]).toMatchObject([401, { error: { code: 'invalid_api_key' } }]);
    const unknown = await sandbox.openai('/responses', { ...request, model: 'llama' });
    expect(unknown).toMatchObject({ status: 404, body: { error: { code: 'model_not_found' } } });
  });

  it('says when a model ends', async () => {
    const headers = { authorization: 'Bearer test-openai-key' };
    const read = async (id: string) =>
      (await sandbox.app.inject({ url: `/openai/v1/models/${id}`, headers })).json<Body>();
    expect(await read('gpt-5-nano')).toMatchObject({ id: 'gpt-5-nano', shutdown_date: '2026-12-11' });
    expect(await read('gpt-6-luna')).not.toHaveProperty('shutdown_date');
  });

  it('gives the same text the same vector', async () => {
    const embed = (input: string) =>
      sandbox.openai('/embeddings', {
        model: 'text-embedding-3-small',
        input,
        dimensions: 64,
        encoding_format: 'float',
      });
    const [first, again, other] = await Promise.all([embed('свежий хлеб'), embed('свежий хлеб'), embed('delivery')]);
    expect(first.body['data']).toEqual(again.body['data']);
    expect(first.body['data']).not.toEqual(other.body['data']);
    expect(first.body).toMatchObject({ data: [{ embedding: expect.objectContaining({ length: 64 }) }] });
  });

  it('places paraphrases near each other, over both languages', async () => {
    const shape = z.object({ data: z.array(z.object({ embedding: z.array(z.number()) })) });
    const input = ['How fresh does your sourdough stay?', 'Сколько лежит хлеб на закваске?', 'Can I pay by card?'];
    const { body } = await sandbox.openai('/embeddings', {
      model: 'text-embedding-3-small',
      input,
      encoding_format: 'float',
    });
    const [asked = [], paraphrased = [], other = []] = shape.parse(body).data.map(({ embedding }) => embedding);
    const similarity = (one: readonly number[]): number =>
      one.reduce((sum, part, at) => sum + part * (asked[at] ?? 0), 0);
    expect(similarity(asked)).toBeCloseTo(1);
    expect(similarity(paraphrased)).toBeGreaterThan(similarity(other) + 0.2);
  });

  it.each([
    ['an unknown model', { model: 'text-embedding-4', input: 'Bread' }, 404],
    ['more dimensions than the model has', { model: 'text-embedding-3-small', input: 'Bread', dimensions: 3072 }, 400],
    [
      'dimensions of a model that has one length',
      { model: 'text-embedding-ada-002', input: 'Bread', dimensions: 64 },
      400,
    ],
    ['an empty text', { model: 'text-embedding-3-small', input: ['Bread', ''] }, 400],
    ['no text', { model: 'text-embedding-3-small', input: [] }, 400],
    ['too many texts', { model: 'text-embedding-3-small', input: Array.from({ length: 2_049 }, () => 'a') }, 400],
    ['a text that is too long', { model: 'text-embedding-3-small', input: 'word '.repeat(7_000) }, 400],
    [
      'too much at once',
      { model: 'text-embedding-3-small', input: Array.from({ length: 50 }, () => 'word '.repeat(6_000)) },
      400,
    ],
  ])('makes no vectors for %s', async (_name, request, status) => {
    expect(await sandbox.openai('/embeddings', request)).toMatchObject({ status, body: { error: {} } });
  });

  it.each([
    [{ kind: 'output', text: 'not JSON' }, { output: [{ content: [{ type: 'output_text', text: 'not JSON' }] }] }],
    [{ kind: 'refusal' }, { status: 'completed', output: [{ content: [{ type: 'refusal' }] }] }],
    [{ kind: 'incomplete' }, { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }],
  ])('misbehaves on order: %o', async (effect, expected) => {
    await sandbox.control('POST', '/faults', { vendor: 'openai', call: 'classify', match: { text: 'poison' }, effect });
    const spared = await sandbox.openai('/responses', responses(about('Hi'), verdictSchema));
    expect(spared.body).not.toMatchObject(expected);
    const struck = await sandbox.openai('/responses', responses(about('poison'), verdictSchema));
    expect(struck).toMatchObject({ status: 200, body: expected });
  });
});
