import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AccountId } from '#domain/shared/ids.js';
import { InMemoryAllowances } from '../../../../test/fakes/in-memory-allowances.js';
import { InMemoryIncidents } from '../../../../test/fakes/in-memory-incidents.js';
import { VirtualClock } from '../../../../test/fakes/virtual-clock.js';
import { json, StubVendor, type VendorAnswer } from '../../../../test/contracts/stub-vendor.js';
import { ModelBudget } from './model-budget.js';
import type { ModelAnswer } from './model-request.js';
import { OpenAiApi, type OpenAiSettings } from './openai-api.js';

const [first, second, third] = ['gpt-6-luna', 'gpt-5.6-luna', 'gpt-5.6-terra'] as const;
const deadlineMs = 900;

let stub: StubVendor;
let api: OpenAiApi;
let book: InMemoryAllowances;
/** How each model answers; all of them well when nothing is said. */
let answers: Record<string, VendorAnswer>;
let mode: OpenAiSettings['mode'];

function connect(timeoutMs = deadlineMs): OpenAiApi {
  const clock = new VirtualClock();
  book = new InMemoryAllowances(clock);
  const perMinute = { requests: undefined, tokens: undefined };
  return new OpenAiApi(
    {
      baseUrl: `${stub.url}/openai/v1`,
      apiKey: 'sk-very-secret',
      classificationModels: [first, second, third],
      responseModels: [first],
      mode,
    },
    timeoutMs,
    new ModelBudget(book, new InMemoryIncidents(clock), perMinute, () => clock.ms),
  );
}

const modelOf = ({ body }: { readonly body: string }): string => JSON.parse(body).model;
const asked = (): readonly string[] => stub.calls.map(modelOf);
const message = (part: object): object => ({ type: 'message', content: [part] });
const well: VendorAnswer = (call, response) => {
  const text = `by ${modelOf(call)}`;
  const answer =
    mode === 'chat'
      ? { choices: [{ finish_reason: 'stop', message: { content: text } }] }
      : { status: 'completed', output: [message({ type: 'output_text', text })] };
  json(answer)(call, response);
};

beforeEach(async () => {
  stub = await StubVendor.start();
  stub.answer = (call, response) => (answers[modelOf(call)] ?? well)(call, response);
  answers = {};
  mode = 'responses';
  api = connect();
});
afterEach(async () => {
  await api.close();
  stub.close();
});

const ask = async (fallbacks: readonly string[] = [second]): Promise<ModelAnswer> =>
  await api.ask({
    purpose: 'classification',
    model: first,
    fallbacks,
    promptVersion: 'classify-comment@1',
    spender: { accountId: AccountId.parse('17841400000000001') },
    instructions: 'classify',
    turns: ['{}'],
    format: { name: 'verdict', jsonSchema: {}, characters: 2 },
    maxOutputTokens: 10,
    safetyIdentifier: undefined,
  });

const refusals: Readonly<Record<OpenAiSettings['mode'], object>> = {
  responses: { status: 'completed', output: [message({ type: 'refusal', refusal: 'No.' })] },
  chat: { choices: [{ message: { refusal: 'No.' } }] },
};
const triggers: readonly (readonly [string, () => VendorAnswer])[] = [
  ['has too many requests (429)', () => json({ error: { code: 'rate_limit_exceeded' } }, 429)],
  ['cannot (500)', () => json({}, 500)],
  ['cannot (503)', () => json({}, 503)],
  ['does not answer in time', () => () => undefined],
  ['refuses', () => json(refusals[mode])],
  ['holds the prompt back', () => json({ error: { code: 'content_filter' } }, 400)],
  ['does not exist any more (404)', () => json({ error: { code: 'model_not_found' } }, 404)],
  ['breaks the connection', () => (_, response) => response.destroy()],
];

// CL-8, audit 29
describe.each(['responses', 'chat'] as const)('a second model in mode %s', (which) => {
  beforeEach(async () => {
    mode = which;
    await api.close();
    api = connect();
  });

  it.each(triggers)('is asked when the first one %s, by one request each', async (_, answer) => {
    answers = { [first]: answer() };
    await expect(ask()).resolves.toMatchObject({ kind: 'text', text: `by ${second}`, model: second });
    expect(asked()).toEqual([first, second]);
  });
});

describe('a list of models', () => {
  it('is asked no further than the first that answers', async () => {
    await expect(ask([second, third])).resolves.toMatchObject({ model: first });
    expect(asked()).toEqual([first]);
  });

  it('fails as its last one did', async () => {
    answers = {
      [first]: json({}, 500),
      [second]: json({ error: { code: 'server_error' } }, 503),
      [third]: json({}, 429),
    };
    await expect(ask([second, third])).rejects.toMatchObject({ kind: 'rate-limited' });
    expect(asked()).toEqual([first, second, third]);
  });

  it('says what the last one would not say', async () => {
    answers = { [first]: json({}, 500), [second]: json(refusals.responses) };
    await expect(ask()).resolves.toEqual(expect.objectContaining({ kind: 'refused', detail: 'No.', model: second }));
  });

  it.each([
    ['quota that is used up: it is the same for all of them', 429, 'insufficient_quota', 'exhausted'],
    ['a wrong key', 401, 'invalid_api_key', 'misconfigured'],
    ['a request that nobody would take', 400, 'unsupported_parameter', 'rejected'],
  ])('ends at %s', async (_, status, code, kind) => {
    answers = { [first]: json({ error: { code } }, status) };
    await expect(ask()).rejects.toMatchObject({ kind });
    expect(asked()).toEqual([first]);
  });

  it('shares one deadline: with the last of them it is over', async () => {
    // Soon enough for a deadline of its own, too late for what the others left of this one.
    const late: VendorAnswer = (call, response) => void setTimeout(() => well(call, response), (deadlineMs * 2) / 3);
    answers = { [first]: () => undefined, [second]: () => undefined, [third]: late };
    await expect(ask([second, third])).rejects.toMatchObject({ kind: 'unavailable' });
    expect(asked()).toEqual([first, second, third]);
  });

  it('leaves a model alone that asked for it, without stopping the others or other workers', async () => {
    answers = { [first]: json({ error: { code: 'rate_limit_exceeded' } }, 429, { 'retry-after-ms': '300' }) };
    for (let count = 0; count < 3; count += 1) await ask();
    expect(asked()).toEqual([first, second, second, second]);
    expect(await book.held('model')).toBeUndefined();
    answers = {};
    await sleep(350);
    await expect(ask()).resolves.toMatchObject({ model: first });
  });

  it('waits as it was asked to when all of them ask for it', async () => {
    const busy = json({ error: { code: 'rate_limit_exceeded' } }, 429, { 'retry-after': '60' });
    answers = { [first]: busy, [second]: busy };
    await expect(ask()).rejects.toMatchObject({ kind: 'rate-limited', retryAfterMs: 60_000 });
    expect(await book.held('model')).toMatchObject({ why: 'vendor-asked' });
    await expect(ask()).rejects.toMatchObject({ kind: 'rate-limited' });
    expect(asked()).toEqual([first, second]);
  });

  it('does without a model that is down: its circuit opens, and after that it costs nobody any time', async () => {
    answers = { [first]: json({}, 500) };
    for (let count = 0; count < 10; count += 1) await expect(ask()).resolves.toMatchObject({ model: second });
    const state = Object.fromEntries(api.circuits().map(({ name, state: now }) => [name, now]));
    expect(state).toMatchObject({
      'openai classification': 'open',
      [`openai classification ${second}`]: 'closed',
      'openai answer': 'closed',
    });
    const before = asked().length;
    await expect(ask()).resolves.toMatchObject({ model: second });
    expect(asked().slice(before)).toEqual([second]);
  });

  it('costs a crowd little when the first one hangs: nobody stands behind it for longer than its share', async () => {
    answers = { [first]: () => undefined };
    const all = await Promise.all(Array.from({ length: 30 }, async () => await ask()));
    expect(all.every(({ model }) => model === second)).toBe(true);
    expect(asked().filter((model) => model === first).length).toBeLessThanOrEqual(10);
  });
});
