import { z } from 'zod';
import { invalid } from './openai-errors.js';
import { schemaProblem, type JsonSchema } from './openai-schema.js';
import type { VendorAnswer } from './vendor-desk.js';

interface Turn {
  readonly role: string;
  readonly text: string;
  /** Addresses of pictures, as data as a rule. */
  readonly images?: readonly string[];
}

/** A model call, whichever of the two endpoints it came by. */
export interface ModelRequest {
  readonly model: string;
  readonly turns: readonly Turn[];
  readonly schema: { readonly name: string; readonly schema: JsonSchema } | undefined;
  readonly maxOutputTokens: number | undefined;
}

export type Read =
  | { readonly kind: 'request'; readonly request: ModelRequest }
  | { readonly kind: 'refused'; readonly answer: VendorAnswer };

const image = z.union([z.string(), z.looseObject({ url: z.string() })]);
const part = z.looseObject({ type: z.string(), text: z.string().optional(), image_url: image.optional() });
const turn = z.looseObject({ role: z.string(), content: z.union([z.string(), z.array(part)]) });
const format = z.looseObject({
  type: z.enum(['text', 'json_object', 'json_schema']),
  name: z.string().optional(),
  strict: z.boolean().nullish(),
  schema: z.record(z.string(), z.unknown()).optional(),
});
const reasoning = z.looseObject({ effort: z.string().nullish() });

const responsesBody = z.looseObject({
  model: z.string().min(1),
  input: z.union([z.string(), z.array(turn)]),
  instructions: z.string().nullish(),
  text: z.looseObject({ format: format.optional() }).optional(),
  reasoning: reasoning.nullish(),
  max_output_tokens: z.number().int().nullish(),
  safety_identifier: z.string().max(64).optional(),
});

const chatBody = z.looseObject({
  model: z.string().min(1),
  messages: z.array(turn).min(1),
  response_format: z
    .looseObject({
      type: z.enum(['text', 'json_object', 'json_schema']),
      json_schema: z.record(z.string(), z.unknown()).optional(),
    })
    .optional(),
  reasoning_effort: z.string().nullish(),
  max_completion_tokens: z.number().int().nullish(),
  max_tokens: z.number().int().nullish(),
  safety_identifier: z.string().max(64).optional(),
});

const sharedNames =
  'model,metadata,parallel_tool_calls,prompt_cache_key,prompt_cache_retention,prompt_cache_options,safety_identifier,service_tier,store,stream,stream_options,temperature,tool_choice,tools,top_logprobs,top_p,user';
const responsesNames = new Set(
  `${sharedNames},background,context_management,conversation,include,input,instructions,max_output_tokens,max_tool_calls,moderation,previous_response_id,prompt,reasoning,text,truncation`.split(
    ',',
  ),
);
const chatNames = new Set(
  `${sharedNames},audio,frequency_penalty,function_call,functions,logit_bias,logprobs,max_completion_tokens,max_tokens,messages,modalities,moderation,n,prediction,presence_penalty,reasoning_effort,response_format,seed,stop,verbosity,web_search_options`.split(
    ',',
  ),
);

/** Families that reason: they take no temperature, and no max_tokens either. */
const reasons = (model: string): boolean => /^(?:gpt-[5-9]|o\d)/.test(model);
const efforts = ['none', 'low', 'medium', 'high', 'xhigh', 'max'];

export function readResponses(body: unknown): Read {
  const parsed = responsesBody.safeParse(body);
  if (!parsed.success) return refusedShape(parsed.error);
  const { data } = parsed;
  const wrong = commonProblem(data, responsesNames, data.reasoning?.effort, 'reasoning.effort');
  if (wrong) return refused(wrong);
  if (data.max_output_tokens !== undefined && data.max_output_tokens !== null && data.max_output_tokens < 16) {
    const message = `Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got ${data.max_output_tokens} instead.`;
    return refused(invalid(message, 'max_output_tokens', 'integer_below_min_value'));
  }
  const turns = typeof data.input === 'string' ? [{ role: 'user', text: data.input }] : data.input.map(toTurn);
  const instructions = data.instructions ? [{ role: 'system', text: data.instructions }] : [];
  const wanted = data.text?.format;
  return withSchema(
    { model: data.model, turns: [...instructions, ...turns], maxOutputTokens: data.max_output_tokens ?? undefined },
    wanted?.type === 'json_schema' ? wanted : undefined,
    'text.format',
  );
}

export function readChat(body: unknown): Read {
  const parsed = chatBody.safeParse(body);
  if (!parsed.success) return refusedShape(parsed.error);
  const { data } = parsed;
  const wrong = commonProblem(data, chatNames, data.reasoning_effort, 'reasoning_effort');
  if (wrong) return refused(wrong);
  if (data.max_tokens !== undefined && data.max_tokens !== null && reasons(data.model)) {
    const message =
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
    return refused(invalid(message, 'max_tokens', 'unsupported_parameter'));
  }
  const wanted = data.response_format;
  return withSchema(
    {
      model: data.model,
      turns: data.messages.map(toTurn),
      maxOutputTokens: data.max_completion_tokens ?? data.max_tokens ?? undefined,
    },
    wanted?.type === 'json_schema' ? (wanted.json_schema ?? {}) : undefined,
    'response_format',
  );
}

function commonProblem(
  data: { readonly model: string } & Readonly<Record<string, unknown>>,
  known: ReadonlySet<string>,
  effort: string | null | undefined,
  effortName: string,
): VendorAnswer | undefined {
  const unknown = Object.keys(data).find((name) => !known.has(name));
  if (unknown !== undefined) return invalid(`Unknown parameter: '${unknown}'.`, unknown, 'unknown_parameter');
  if (data['temperature'] !== undefined && data['temperature'] !== null && reasons(data.model)) {
    const message = "Unsupported parameter: 'temperature' is not supported with this model.";
    return invalid(message, 'temperature', 'unsupported_parameter');
  }
  if (typeof effort === 'string' && !efforts.includes(effort)) {
    const message = `Unsupported value: '${effort}' is not supported with the '${data.model}' model. Supported values are: ${efforts.map((name) => `'${name}'`).join(', ')}.`;
    return invalid(message, effortName, 'unsupported_value');
  }
  if (typeof effort === 'string' && !reasons(data.model)) {
    return invalid(
      `Unsupported parameter: '${effortName}' is not supported with this model.`,
      effortName,
      'unsupported_parameter',
    );
  }
  if (data['stream'] === true) return invalid('The sandbox does not stream.', 'stream', 'unsupported_value');
  return undefined;
}

function withSchema(
  request: Omit<ModelRequest, 'schema'>,
  wanted: Readonly<Record<string, unknown>> | undefined,
  param: string,
): Read {
  if (wanted === undefined) return { kind: 'request', request: { ...request, schema: undefined } };
  const { name, schema, strict } = wanted;
  if (typeof name !== 'string')
    return refused(
      invalid(`Missing required parameter: '${param}.name'.`, `${param}.name`, 'missing_required_parameter'),
    );
  if (!/^[a-zA-Z0-9_-]{1,64}$/.test(name)) {
    const message = `Invalid '${param}.name': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.`;
    return refused(invalid(message, `${param}.name`, 'invalid_value'));
  }
  const problem = strict === true || schema === undefined ? schemaProblem(schema) : undefined;
  if (problem !== undefined) {
    const message = `Invalid schema for response_format '${name}': ${problem}`;
    return refused(invalid(message, `${param}.schema`, 'invalid_json_schema'));
  }
  const shape = z.record(z.string(), z.unknown()).parse(schema);
  return { kind: 'request', request: { ...request, schema: { name, schema: shape } } };
}

function toTurn(value: z.infer<typeof turn>): Turn {
  const { role, content } = value;
  if (typeof content === 'string') return { role, text: content };
  const text = content.flatMap((each) => each.text ?? []).join('\n');
  const images = content.flatMap(({ image_url: at }) =>
    at === undefined ? [] : [typeof at === 'string' ? at : at.url],
  );
  return { role, text, images };
}

function refused(answer: VendorAnswer): Read {
  return { kind: 'refused', answer };
}

function refusedShape(error: z.ZodError): Read {
  const [issue] = error.issues;
  const param = issue?.path.join('.') ?? '';
  return refused(invalid(`Invalid value for '${param}': ${issue?.message ?? 'wrong shape'}.`, param, 'invalid_type'));
}
