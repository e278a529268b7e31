import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Comment } from '#domain/comments/comment.js';
import { AccountId, CommentId, DocumentId, MediaId, PassageId } from '#domain/shared/ids.js';
import { OpenAiCommentClassifier } from '#infrastructure/openai/comment-classifier.js';
import { OpenAiApi } from '#infrastructure/openai/openai-api.js';
import { OpenAiReplyWriter } from '#infrastructure/openai/reply-writer.js';
import { TelegramApi } from '#infrastructure/telegram/telegram-api.js';
import { ChatBudget } from '#infrastructure/telegram/chat-budget.js';
import { TelegramNotifier } from '#infrastructure/telegram/telegram-notifier.js';
import { createSandbox } from '../../apps/sandbox/src/server.js';
import { readSettings } from '../../apps/sandbox/src/settings.js';
import { InMemoryAllowances } from '../fakes/in-memory-allowances.js';
import { VirtualClock } from '../fakes/virtual-clock.js';

const apiKey = 'contract-openai-key';
const telegramToken = '7000000021:contract';
let sandbox: FastifyInstance;
let url: string;

beforeAll(async () => {
  sandbox = await createSandbox(
    readSettings({
      OPENAI_API_KEY: apiKey,
      TG_TOKEN: telegramToken,
      TG_CHAT_ID: '-1001',
      TG_CHAT_ALERTS_THREAD_ID: '5',
    }),
  );
  url = await sandbox.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(async () => {
  await sandbox.close();
});

const comment = (text: string): Comment => ({
  id: CommentId.parse('17900000000000901'),
  accountId: AccountId.parse('17841400000000021'),
  mediaId: MediaId.parse('17900000000000101'),
  parentId: undefined,
  authorId: '77',
  username: 'anna',
  text,
  mediaKind: 'FEED',
  adId: undefined,
  stage: 'received',
  receivedAt: new Date(0),
  verdict: undefined,
  hidden: false,
  outcome: undefined,
});
const brand = { username: 'warm.bread' };
const passage = {
  id: PassageId.parse('00000000-0000-4000-8000-000000000001'),
  documentId: DocumentId.parse('00000000-0000-4000-8000-000000000002'),
  productId: undefined,
  title: 'Delivery',
  heading: undefined,
  text: 'We deliver every day. Delivery in the city costs 300 roubles.',
  place: undefined,
  score: 1,
  similarity: undefined,
};

describe.each(['responses', 'chat'] as const)('the model, in %s mode', (mode) => {
  const model = 'gpt-6-luna';
  let api: OpenAiApi;
  beforeAll(() => {
    const settings = {
      baseUrl: `${url}/openai/v1`,
      apiKey,
      classificationModels: [model],
      responseModels: [model],
      mode,
    };
    api = new OpenAiApi(settings);
  });
  afterAll(async () => {
    await api.close();
  });

  it.each([model, 'gpt-4.1-mini'])('accepts what we ask of %s, and gives a verdict', async (name) => {
    const asked = { comment: comment('How much is delivery?'), media: undefined, thread: [], brand };
    await expect(new OpenAiCommentClassifier(api, name).classify(asked)).resolves.toMatchObject({
      kind: 'verdict',
      repaired: false,
      verdict: { class: 'question', language: 'en', model: name },
    });
  });

  it('answers from a passage, and names it', async () => {
    const asked = { comment: comment('How much is delivery?'), media: undefined, thread: [], brand };
    const writing = await new OpenAiReplyWriter(api, model).write({
      ...asked,
      passages: [passage],
    });
    expect(writing).toMatchObject({
      kind: 'written',
      draft: { sources: [passage.id], text: expect.stringContaining('300') },
    });
  });
});

describe('the operators\u2019 chat', () => {
  it.each([
    ['in the topic for alerts', 5],
    ['in the general chat when the topic does not exist', 99],
  ])('gets the whole message %s', async (_, alertsThreadId) => {
    const api = new TelegramApi({ baseUrl: `${url}/telegram`, token: telegramToken });
    const book = new InMemoryAllowances(new VirtualClock());
    const notifier = new TelegramNotifier(
      api,
      { chatId: '-1001', alertsThreadId, logsThreadId: undefined },
      new ChatBudget(book, 18),
    );
    const text = `<script>&amp; 🍰 ${'&<>'.repeat(2_000)}`;
    const told = await notifier.tell({
      comment: comment(text),
      media: undefined,
      draft: { text, why: 'A person decides.' },
      parked: undefined,
      suggestsHiding: true,
      maybeRepeated: true,
    });
    expect(told).toMatch(/^\d+$/);
    await api.close();
  });
});
