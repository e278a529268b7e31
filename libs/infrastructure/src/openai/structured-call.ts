import { zodTextFormat } from 'openai/helpers/zod';
import type { z } from 'zod';
import { cutText } from '#domain/shared/text.js';
import type { BudgetOwner } from '#domain/spending/budget.js';
import type { ModelRequest, Usage } from './model-request.js';
import type { OpenAiApi } from './openai-api.js';

/** A shape the model has to answer in: as JSON Schema for the server, as zod for what comes back. */
export interface OutputFormat<T> {
  readonly name: string;
  readonly schema: z.ZodType<T>;
  readonly jsonSchema: Record<string, unknown>;
  /** Of the JSON Schema as text. */
  readonly characters: number;
}

/** @param schema an object whose fields are all required, without transforms: what strict JSON Schema can say */
export function outputFormat<T>(name: string, schema: z.ZodType<T>): OutputFormat<T> {
  const jsonSchema = zodTextFormat(schema, name).schema;
  return { name, schema, jsonSchema, characters: JSON.stringify(jsonSchema).length };
}

export interface StructuredRequest<T> extends Omit<ModelRequest, 'turns' | 'format' | 'accepts'> {
  readonly format: OutputFormat<T>;
  /** The one user turn: data, as JSON. */
  readonly content: string;
}

/** What came of it, with the tokens of all requests that were made for it and the model that answered last. */
export type StructuredResult<T> = { readonly usage: Usage; readonly model: string } & (
  | { readonly kind: 'parsed'; readonly value: T; readonly repaired: boolean }
  | { readonly kind: 'refused' | 'incomplete' | 'invalid'; readonly detail: string }
  /** Nobody was asked. */
  | { readonly kind: 'over-budget'; readonly detail: BudgetOwner }
);

type Reading<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

// Enough to see what went wrong; a broken output can be megabytes.
const shownOutput = 1_000;
const shownProblem = 500;

/**
 * One structured model call. An output that does not fit the schema gets one repair turn, a refusal and an output that
 * broke off do not: asking again would end the same way.
 * @throws AppError as OpenAiApi.ask
 */
export async function structuredCall<T>(api: OpenAiApi, request: StructuredRequest<T>): Promise<StructuredResult<T>> {
  const { content, ...rest } = request;
  const accepts = (text: string): boolean => readOutput(text, request.format.schema).ok;
  const first = await api.ask({ ...rest, accepts, turns: [content] });
  if (first.kind !== 'text') return first;
  const reading = readOutput(first.text, request.format.schema);
  if (reading.ok)
    return { kind: 'parsed', value: reading.value, repaired: false, usage: first.usage, model: first.model };

  const second = await api.ask({ ...rest, accepts, turns: [content, repairTurn(first.text, reading.problem)] });
  const usage = sum(first.usage, second.usage);
  if (second.kind !== 'text') return { ...second, usage };
  const repaired = readOutput(second.text, request.format.schema);
  if (repaired.ok) return { kind: 'parsed', value: repaired.value, repaired: true, usage, model: second.model };
  return { kind: 'invalid', detail: repaired.problem, usage, model: second.model };
}

function readOutput<T>(text: string, schema: z.ZodType<T>): Reading<T> {
  let value: unknown;
  try {
    value = JSON.parse(withoutFence(text));
  } catch {
    return { ok: false, problem: text.trim() === '' ? 'it is empty' : 'it is not one JSON object' };
  }
  const result = schema.safeParse(value);
  if (result.success) return { ok: true, value: result.data };
  const issues = result.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);
  return { ok: false, problem: cutText(issues.join('; '), shownProblem) };
}

/** Small models like to wrap their JSON in a Markdown fence; that alone is not worth a second request. */
function withoutFence(text: string): string {
  return /^\s*```(?:json)?\s*\n(.*)\n\s*```\s*$/s.exec(text)?.[1] ?? text;
}

function repairTurn(output: string, problem: string): string {
  return [
    `Your output for the task above cannot be used: ${problem}.`,
    `It began: ${JSON.stringify(cutText(output, shownOutput))}`,
    'Do the same task again. Answer with one JSON object that fits the schema, and nothing else.',
  ].join('\n');
}

function sum(first: Usage, second: Usage): Usage {
  return {
    inputTokens: first.inputTokens + second.inputTokens,
    cachedTokens: first.cachedTokens + second.cachedTokens,
    outputTokens: first.outputTokens + second.outputTokens,
  };
}
