import { z } from 'zod';
import { vectorOf } from './model/vectors.js';
import { invalid, unknownModel } from './openai-errors.js';
import type { VendorAnswer } from './vendor-desk.js';

/** What `dimensions` may be at most, and whether it may be given at all. */
const models: ReadonlyMap<string, { readonly dimensions: number; readonly shortens: boolean }> = new Map([
  ['text-embedding-3-small', { dimensions: 1536, shortens: true }],
  ['text-embedding-3-large', { dimensions: 3072, shortens: true }],
  ['text-embedding-ada-002', { dimensions: 1536, shortens: false }],
]);
// Read at OpenAI, November 2026. Lists of tokens, which it takes as well, are not understood here.
const mostInputs = 2_048;
const tokensPerInput = 8_192;
const tokensPerRequest = 300_000;
const charactersPerToken = 4;

const embeddingBody = z.looseObject({
  model: z.string(),
  input: z.union([z.string(), z.array(z.string())]),
  dimensions: z.number().int().min(1).optional(),
  encoding_format: z.enum(['float', 'base64']).default('float'),
});

/** The answer of POST /embeddings. */
export function embeddingAnswer(body: unknown): VendorAnswer {
  const parsed = embeddingBody.safeParse(body);
  if (!parsed.success) {
    const [problem] = parsed.error.issues;
    const param = String(problem?.path[0] ?? 'input');
    return invalid(`Invalid value for '${param}': ${problem?.message ?? 'not understood'}.`, param);
  }
  const { model, input, encoding_format: encoding } = parsed.data;
  const known = models.get(model);
  if (!known) return unknownModel(model);
  const { dimensions = known.dimensions } = parsed.data;
  if (parsed.data.dimensions !== undefined && !known.shortens)
    return invalid('This model does not support specifying dimensions.', 'dimensions');
  if (dimensions > known.dimensions) {
    const most = known.dimensions;
    return invalid(
      `Invalid value for 'dimensions' = ${dimensions}. Must be less than or equal to ${most}.`,
      'dimensions',
    );
  }
  const texts = typeof input === 'string' ? [input] : input;
  const problem = problemOf(texts);
  if (problem !== undefined) return invalid(problem, 'input');
  const data = texts.map((text, index) => {
    const vector = vectorOf(text, dimensions);
    const embedding = encoding === 'float' ? vector : Buffer.from(new Float32Array(vector).buffer).toString('base64');
    return { object: 'embedding', index, embedding };
  });
  const tokens = texts.reduce((sum, text) => sum + tokensOf(text), 0);
  return { status: 200, body: { object: 'list', data, model, usage: { prompt_tokens: tokens, total_tokens: tokens } } };
}

/** @returns why the whole request is refused */
function problemOf(texts: readonly string[]): string | undefined {
  if (texts.length === 0 || texts.some((text) => text === ''))
    return "Invalid 'input': input cannot be an empty string.";
  if (texts.length > mostInputs)
    return `Invalid 'input': array too long. Expected an array with maximum length ${mostInputs}, but got an array with length ${texts.length} instead.`;
  const longest = Math.max(...texts.map(tokensOf));
  if (longest > tokensPerInput)
    return `Invalid 'input': maximum context length is ${tokensPerInput} tokens, but an input has ${longest} tokens.`;
  const all = texts.reduce((sum, text) => sum + tokensOf(text), 0);
  if (all > tokensPerRequest) return `Requested ${all} tokens, max ${tokensPerRequest} tokens per request.`;
  return undefined;
}

function tokensOf(text: string): number {
  return Math.ceil(text.length / charactersPerToken);
}
