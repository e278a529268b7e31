import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError, type ErrorKind } from '#domain/shared/errors.js';
import { AccountId } from '#domain/shared/ids.js';
import { json, StubVendor, type VendorAnswer } from '../../../../test/contracts/stub-vendor.js';
import type { ModelAnswer } from './model-request.js';
import { OpenAiApi } from './openai-api.js';

const apiKey = 'sk-very-secret';
let stub: StubVendor;
let api: OpenAiApi;

const connect = (timeoutMs?: number): OpenAiApi =>
  new OpenAiApi(
    {
      baseUrl: `${stub.url}/openai/v1`,
      apiKey,
      classificationModels: ['gpt-6-luna'],
      responseModels: ['gpt-6-luna'],
      mode: 'responses',
    },
    timeoutMs,
  );

beforeEach(async () => {
  stub = await StubVendor.start();
  api = connect();
});
afterEach(async () => {
  await api.close();
  stub.close();
});

const ask = async (): Promise<ModelAnswer> =>
  await api.ask({
    purpose: 'classification',
    model: 'gpt-6-luna',
    promptVersion: 'classify-comment@1',
    spender: { accountId: AccountId.parse('17841400000000001') },
    instructions: 'classify',
    turns: ['{}'],
    format: { name: 'verdict', jsonSchema: {}, characters: 2 },
    maxOutputTokens: 10,
    safetyIdentifier: undefined,
  });

describe('what a failure of the model server means', () => {
  const failures: readonly (readonly [number, object, ErrorKind])[] = [
    [429, { code: 'insufficient_quota', type: 'insufficient_quota' }, 'exhausted'],
    [429, { code: null, type: 'insufficient_quota' }, 'exhausted'],
    [429, { code: 'billing_hard_limit_reached' }, 'exhausted'],
    [402, { code: 402 }, 'exhausted'],
    [429, { code: 'rate_limit_exceeded', type: 'tokens' }, 'rate-limited'],
    [429, {}, 'rate-limited'],
    [401, { code: 'invalid_api_key' }, 'misconfigured'],
    [403, { code: 'unsupported_country_region_territory' }, 'misconfigured'],
    [400, { code: 'unsupported_parameter' }, 'rejected'],
    [404, { code: 'model_not_found' }, 'misconfigured'],
    [422, {}, 'rejected'],
    [408, {}, 'unavailable'],
    [409, {}, 'unavailable'],
    [500, { code: 'server_error' }, 'unavailable'],
    [503, {}, 'unavailable'],
  ];
  it.each(failures)('%i %j: %s, after one call', async (status, error, kind) => {
    stub.answer = json({ error: { message: 'what it says', ...error } }, status);
    await expect(ask()).rejects.toMatchObject({ kind });
    expect(stub.calls).toHaveLength(1);
  });

  it.each([
    [{ 'retry-after': '7' }, 7_000],
    [{ 'retry-after-ms': '1500', 'retry-after': '7' }, 1_500],
    [{ 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' }, undefined],
    [{}, undefined],
  ])('keeps the wait that the server asks for: %j', async (headers, retryAfterMs) => {
    stub.answer = json({ error: { code: 'rate_limit_exceeded' } }, 429, headers);
    await expect(ask()).rejects.toMatchObject({ kind: 'rate-limited', retryAfterMs });
  });

  it('is unavailable when nobody listens, or the connection breaks', async () => {
    stub.answer = (_, response) => response.destroy();
    await expect(ask()).rejects.toMatchObject({ kind: 'unavailable', detail: { failure: 'reset' } });
    stub.close();
    await expect(ask()).rejects.toMatchObject({ kind: 'unavailable', detail: { failure: 'connect' } });
  });

  it.each([301, 307])('is a wrong address when it answers %i: the key is not carried elsewhere', async (status) => {
    stub.answer = json({}, status, { location: '/elsewhere' });
    await expect(ask()).rejects.toMatchObject({ kind: 'misconfigured' });
    expect(stub.calls).toHaveLength(1);
  });

  it.each([204, 304])('is that it cannot be used when it answers %i', async (status) => {
    stub.answer = (_, response) => response.writeHead(status).end();
    await expect(ask()).rejects.toBeInstanceOf(AppError);
    expect(stub.calls).toHaveLength(1);
  });

  it('is an unusable answer when there is no end to it', async () => {
    stub.answer = json({ status: 'completed', output: [], padding: 'x'.repeat(17 * 1024 * 1024) });
    await expect(ask()).rejects.toMatchObject({ kind: 'unavailable', detail: { failure: 'bad-body' } });
    expect(stub.calls).toHaveLength(1);
  });

  it.each<[string, VendorAnswer]>([
    ['does not answer', () => undefined],
    [
      'drips its answer',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' }).write('{"status":');
      },
    ],
  ])('is unavailable when the server %s in time', async (_, answer) => {
    await api.close();
    api = connect(50);
    stub.answer = answer;
    await expect(ask()).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('never shows the key', async () => {
    stub.answer = json({ error: { message: `Incorrect API key provided: ${apiKey}`, code: 'invalid_api_key' } }, 401);
    const error: unknown = await ask().catch((caught: unknown) => caught);
    expect(error).toMatchObject({ kind: 'misconfigured' });
    expect(inspect(error, { depth: 10 })).not.toContain(apiKey);
  });

  it('opens the circuit of classification only', async () => {
    stub.answer = json({}, 500);
    for (let count = 0; count < 10; count += 1) await expect(ask()).rejects.toMatchObject({ kind: 'unavailable' });
    expect(api.circuits().map(({ name, state }) => [name, state])).toEqual([
      ['openai classification', 'open'],
      ['openai answer', 'closed'],
      ['openai vision', 'closed'],
    ]);
  });
});
