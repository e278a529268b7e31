import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AccountId } from '#domain/shared/ids.js';
import { json, StubVendor } from '../../../../test/contracts/stub-vendor.js';
import { OpenAiApi, type ModelRequest, type OpenAiSettings } from './openai-api.js';

let stub: StubVendor;
let api: OpenAiApi;

const connect = (mode: OpenAiSettings['mode']): OpenAiApi =>
  new OpenAiApi({
    baseUrl: `${stub.url}/openai/v1`,
    apiKey: 'sk-very-secret',
    classificationModel: 'gpt-6-luna',
    responseModel: 'gpt-6-luna',
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
