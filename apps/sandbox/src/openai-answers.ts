import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { invalid, unknownModel } from './openai-errors.js';
import type { ModelRequest } from './openai-request.js';
import type { VendorAnswer } from './vendor-desk.js';

/** What came out of the model: a text, a refusal, or a text cut at the limit. */
export interface Spoken {
  readonly kind: 'text' | 'refusal' | 'cut';
  readonly text: string;
}

/** The answer of POST /responses. */
export function responsesAnswer(request: ModelRequest, spoken: Spoken): VendorAnswer {
  const usage = usageOf(request, spoken);
  const incomplete = spoken.kind === 'cut';
  const content =
    spoken.kind === 'refusal'
      ? { type: 'refusal', refusal: spoken.text }
      : { type: 'output_text', text: spoken.text, annotations: [], logprobs: [] };
  const status = incomplete ? 'incomplete' : 'completed';
  return {
    status: 200,
    body: {
      id: newId('resp'),
      object: 'response',
      created_at: seconds(),
      status,
      error: null,
      incomplete_details: incomplete ? { reason: 'max_output_tokens' } : null,
      max_output_tokens: request.maxOutputTokens ?? null,
      model: request.model,
      output: [{ type: 'message', id: newId('msg'), status, role: 'assistant', content: [content] }],
      parallel_tool_calls: true,
      previous_response_id: null,
      store: false,
      tool_choice: 'auto',
      tools: [],
      usage: {
        input_tokens: usage.input,
        input_tokens_details: { cached_tokens: 0 },
        output_tokens: usage.output,
        output_tokens_details: { reasoning_tokens: 0 },
        total_tokens: usage.input + usage.output,
      },
      metadata: {},
    },
  };
}

/** The answer of POST /chat/completions. */
export function chatAnswer(request: ModelRequest, spoken: Spoken): VendorAnswer {
  const usage = usageOf(request, spoken);
  const refused = spoken.kind === 'refusal';
  const message = {
    role: 'assistant',
    content: refused ? null : spoken.text,
    refusal: refused ? spoken.text : null,
    annotations: [],
  };
  return {
    status: 200,
    body: {
      id: newId('chatcmpl'),
      object: 'chat.completion',
      created: seconds(),
      model: request.model,
      choices: [{ index: 0, message, logprobs: null, finish_reason: spoken.kind === 'cut' ? 'length' : 'stop' }],
      usage: {
        prompt_tokens: usage.input,
        completion_tokens: usage.output,
        total_tokens: usage.input + usage.output,
        prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
        completion_tokens_details: { reasoning_tokens: 0 },
      },
      service_tier: 'default',
    },
  };
}

const embeddingBody = z.looseObject({
  model: z.string(),
  input: z.union([z.string().min(1), z.array(z.string().min(1)).min(1).max(2048)]),
  dimensions: z.number().int().min(1).max(3072).optional(),
  encoding_format: z.enum(['float', 'base64']).default('float'),
});

/** The answer of POST /embeddings: vectors by words, so that texts with the same words are near each other. */
export function embeddingAnswer(body: unknown): VendorAnswer {
  const parsed = embeddingBody.safeParse(body);
  if (!parsed.success) return invalid("Invalid value for 'input' or another parameter.", 'input');
  const { model, input, dimensions = 1536, encoding_format: encoding } = parsed.data;
  if (!model.startsWith('text-embedding-')) return unknownModel(model);
  const texts = typeof input === 'string' ? [input] : input;
  const data = texts.map((text, index) => {
    const vector = vectorOf(text, dimensions);
    const embedding = encoding === 'float' ? vector : Buffer.from(new Float32Array(vector).buffer).toString('base64');
    return { object: 'embedding', index, embedding };
  });
  const tokens = Math.ceil(texts.join(' ').length / 4);
  return { status: 200, body: { object: 'list', data, model, usage: { prompt_tokens: tokens, total_tokens: tokens } } };
}

function vectorOf(text: string, dimensions: number): number[] {
  const vector: number[] = Array.from({ length: dimensions }, () => 0);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ['']) {
    const hash = createHash('sha256').update(word.slice(0, 6)).digest();
    for (let at = 0; at < 32; at += 4) {
      const place = hash.readUInt32LE(at) % dimensions;
      vector[place] = (vector[place] ?? 0) + ((hash[at] ?? 0) % 2 === 0 ? 1 : -1);
    }
  }
  const length = Math.hypot(...vector) || 1;
  return vector.map((part) => part / length);
}

/** About four characters make a token. */
function usageOf(request: ModelRequest, spoken: Spoken): { readonly input: number; readonly output: number } {
  const characters = request.turns.reduce((sum, { text }) => sum + text.length, 0);
  return { input: Math.ceil(characters / 4) + 8, output: Math.ceil(spoken.text.length / 4) + 1 };
}

function newId(prefix: string): string {
  return `${prefix}_${randomUUID().replaceAll('-', '')}`;
}

function seconds(): number {
  return Math.floor(Date.now() / 1000);
}
