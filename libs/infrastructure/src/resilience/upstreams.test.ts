import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AccountId, CommentId } from '#domain/shared/ids.js';
import { json, StubVendor, type VendorAnswer } from '../../../../test/contracts/stub-vendor.js';
import { OpenAiApi } from '../openai/openai-api.js';
import { instagram } from '../platforms/instagram/instagram.js';
import { TelegramApi } from '../telegram/telegram-api.js';
import type { VendorConnection } from './vendor-connection.js';
import type { VendorFailure } from './vendor-failures.js';

/** Longer than any deadline of ours. */
const anyDeadlineMs = 30_000;

let stub: StubVendor;
let opened: VendorConnection[];

beforeEach(async () => {
  stub = await StubVendor.start();
  opened = [];
});
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(opened.map(async (connection) => await connection.close()));
  stub.close();
});

function keep<Connection extends VendorConnection>(connection: Connection): Connection {
  opened.push(connection);
  return connection;
}

const accountId = AccountId.parse('17841400000000001');
const commentId = CommentId.parse('17900000000000001');

function graph(): ReturnType<typeof instagram> {
  const api = { baseUrl: stub.url, version: 'v26.0', token: 'a-token-of-the-account' };
  return keep(instagram({ ...api, accountId, appSecrets: ['0123456789abcdef'], verifyToken: 'v' }));
}

function model(): OpenAiApi {
  const models = { classificationModels: ['gpt-6-luna'], responseModels: ['gpt-6-luna'] };
  return keep(new OpenAiApi({ baseUrl: stub.url, apiKey: 'sk-a-key-of-ours', mode: 'responses', ...models }));
}

const question = {
  purpose: 'classification',
  model: 'gpt-6-luna',
  promptVersion: 'classify-comment@1',
  spender: { accountId: AccountId.parse('17841400000000001') },
  instructions: 'classify',
  turns: ['{}'],
  format: { name: 'verdict', jsonSchema: {}, characters: 2 },
  maxOutputTokens: 10,
  safetyIdentifier: undefined,
} as const;

interface Upstream {
  readonly call: () => Promise<unknown>;
  readonly creates: boolean;
  readonly tooMany: VendorAnswer;
}

const throttled = { error: { message: 'slow down', type: 'OAuthException', code: 4 } };
const upstreams: Readonly<Record<string, Upstream>> = {
  'Instagram, publishing': {
    call: async () => await graph().replies.publish({ accountId, commentId, text: 'Yes' }),
    creates: true,
    tooMany: json(throttled, 400),
  },
  'Instagram, hiding': {
    call: async () => await graph().moderation.hide({ accountId, commentId }),
    creates: false,
    tooMany: json(throttled, 400),
  },
  'the model': {
    call: async () => await model().ask(question),
    creates: false,
    tooMany: json({ error: { code: 'rate_limit_exceeded', message: 'slow down' } }, 429),
  },
  Telegram: {
    call: async () => {
      const api = keep(new TelegramApi({ baseUrl: stub.url, token: '1:token' }));
      return await api.send({ chatId: '-1', threadId: undefined, text: 'x', html: false });
    },
    creates: true,
    tooMany: json({ ok: false, error_code: 429, description: 'x', parameters: { retry_after: 3 } }, 429),
  },
};

const text =
  (body: string, status = 200): VendorAnswer =>
  (_, response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);

const troubles: readonly (readonly [string, VendorFailure, VendorAnswer])[] = [
  ['500', 'unavailable', text('{}', 500)],
  ['a reset', 'reset', (_, response) => response.destroy()],
  ['bad JSON', 'bad-body', text('{"id":')],
  ['an empty answer', 'bad-body', text('')],
  ['a huge answer', 'bad-body', text('x'.repeat(3 * 1024 * 1024))],
];

const endless: readonly (readonly [string, VendorAnswer])[] = [
  ['no answer', () => undefined],
  ['a slow answer', (_, response) => void response.writeHead(200, { 'content-type': 'application/json' }).write('{')],
];

// audit 67
describe.each(Object.entries(upstreams))('%s', (_name, { call, creates, tooMany }) => {
  const kind = creates ? 'ambiguous' : 'unavailable';

  it('that says "too many" is "rate-limited"', async () => {
    stub.answer = tooMany;
    await expect(call()).rejects.toMatchObject({ kind: 'rate-limited', detail: { failure: 'rate-limited' } });
    expect(stub.calls).toHaveLength(1);
  });

  it.each(troubles)('with %s is "%s", after one call', async (_trouble, failure, answer) => {
    stub.answer = answer;
    await expect(call()).rejects.toMatchObject({ kind, detail: { failure } });
    expect(stub.calls).toHaveLength(1);
  });

  it.each(endless)('with %s is left alone at the deadline', async (_trouble, answer) => {
    stub.answer = answer;
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const ended = call().catch((error: unknown) => error);
    while (stub.calls.length === 0) await turn();
    for (let left = 20; left > 0; left -= 1) await turn(); // the head of a slow answer arrives
    await vi.advanceTimersByTimeAsync(anyDeadlineMs);
    expect(await ended).toMatchObject({ kind, detail: { failure: 'timeout-after-send' } });
    expect(stub.calls).toHaveLength(1);
  });
});
