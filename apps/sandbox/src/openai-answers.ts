import { randomUUID } from 'node:crypto';
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
