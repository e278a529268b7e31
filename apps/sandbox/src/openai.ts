import { createHash, randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { outputFor, questionOf, type ModelQuestion, type ModelTask } from './model/model.js';
import { obeyed } from './model/obedient.js';
import { chatAnswer, responsesAnswer, type Spoken } from './openai-answers.js';
import { embeddingAnswer } from './openai-embeddings.js';
import { badKey, openAiFailure, unknownModel } from './openai-errors.js';
import { readChat, readResponses, type ModelRequest, type Read } from './openai-request.js';
import type { Effect } from './faults.js';
import type { VendorAnswer, VendorDesk } from './vendor-desk.js';

export interface ModelEvent {
  readonly callId: string;
  readonly phase: 'begin' | 'end';
  readonly kind: ModelTask;
  readonly commentText: string;
}

export interface OpenAiParts {
  readonly desk: VendorDesk;
  readonly key: string | undefined;
  /** Hears when the model begins and ends to think about a comment. */
  readonly thinking: (event: ModelEvent) => void;
}

/** Announced ends of life, as `GET /models/{id}` answers them (read November 2026). */
const shutdownDates: readonly (readonly [RegExp, string])[] = [
  [/^gpt-5-(?:nano|mini)/, '2026-12-11'],
  [/^gpt-4(?:o|\.1)/, '2027-01-14'],
  [/^gpt-5(?:\.4-nano|\.1)/, '2027-04-01'],
];
const known = /^(?:gpt-|o\d|text-embedding-|omni-moderation-)/;

/** OpenAI under /openai/v1. */
export function registerOpenAi(app: FastifyInstance, parts: OpenAiParts): void {
  const wire =
    (read: (body: unknown) => Read, word: (request: ModelRequest, spoken: Spoken) => VendorAnswer) =>
    async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> =>
      generate(parts, request, reply, read(request.body), word);

  app.post('/openai/v1/responses', wire(readResponses, responsesAnswer));
  app.post('/openai/v1/chat/completions', wire(readChat, chatAnswer));
  app.post('/openai/v1/embeddings', (request, reply) =>
    other(parts, request, reply, 'embed', () => embeddingAnswer(request.body)),
  );
  app.get<{ Params: { id: string } }>('/openai/v1/models/:id', (request, reply) =>
    other(parts, request, reply, 'model', () => describeModel(request.params.id), request.params.id),
  );
}

async function generate(
  parts: OpenAiParts,
  request: FastifyRequest,
  reply: FastifyReply,
  read: Read,
  word: (request: ModelRequest, spoken: Spoken) => VendorAnswer,
): Promise<FastifyReply> {
  const question: ModelQuestion =
    read.kind === 'request' ? questionOf(read.request) : { task: 'other', text: '', passages: [] };
  const about = { callId: randomUUID(), kind: question.task, commentText: question.text };
  // The page shows thoughts beside comments; nobody waits there for a picture.
  const tell = question.task === 'describe' ? (): void => undefined : parts.thinking;
  tell({ ...about, phase: 'begin' });
  const served = await parts.desk.serve(
    reply.headers(rateHeaders()),
    { vendor: 'openai', call: question.task, target: question.text, text: question.text, request: request.body },
    (effect) => {
      if (!allowed(request, parts.key)) return badKey();
      if (read.kind === 'refused') return read.answer;
      if (!known.test(read.request.model)) return unknownModel(read.request.model);
      return word(read.request, speak(read.request, question, effect));
    },
    openAiFailure,
  );
  tell({ ...about, phase: 'end' });
  return served;
}

function speak(request: ModelRequest, question: ModelQuestion, effect: Effect | undefined): Spoken {
  if (effect?.kind === 'refusal') return { kind: 'refusal', text: "I'm sorry, I can't help with that." };
  if (effect?.kind === 'output') return { kind: 'text', text: effect.text };
  const text = (effect?.kind === 'obey' ? obeyed(request, question) : undefined) ?? outputFor(request, question);
  if (effect?.kind === 'incomplete') return { kind: 'cut', text: text.slice(0, Math.ceil(text.length / 2)) };
  return { kind: 'text', text };
}

function other(
  parts: OpenAiParts,
  request: FastifyRequest,
  reply: FastifyReply,
  call: string,
  work: () => VendorAnswer,
  target = '',
): Promise<FastifyReply> {
  return parts.desk.serve(
    reply.headers(rateHeaders()),
    { vendor: 'openai', call, target, text: target, request: request.body ?? null },
    () => (allowed(request, parts.key) ? work() : badKey()),
    openAiFailure,
  );
}

function describeModel(id: string): VendorAnswer {
  if (!known.test(id)) return unknownModel(id);
  const shutdown = shutdownDates.find(([pattern]) => pattern.test(id))?.[1];
  return {
    status: 200,
    body: {
      id,
      object: 'model',
      created: 1_758_000_000,
      owned_by: 'openai',
      ...(shutdown && { shutdown_date: shutdown }),
    },
  };
}

function allowed(request: FastifyRequest, key: string | undefined): boolean {
  return key !== undefined && request.headers.authorization === `Bearer ${key}`;
}

function rateHeaders(): Record<string, string> {
  return {
    'x-request-id': `req_${createHash('md5').update(randomUUID()).digest('hex')}`,
    'openai-processing-ms': '1',
    'x-ratelimit-limit-requests': '10000',
    'x-ratelimit-remaining-requests': '9999',
    'x-ratelimit-reset-requests': '6ms',
    'x-ratelimit-limit-tokens': '10000000',
    'x-ratelimit-remaining-tokens': '9999000',
    'x-ratelimit-reset-tokens': '6ms',
  };
}
