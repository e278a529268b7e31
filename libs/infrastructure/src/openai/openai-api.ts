import OpenAI from 'openai';
import type { z } from 'zod';
import type { AccountId, CommentId } from '#domain/shared/ids.js';
import { CarefulStart } from '../resilience/careful-start.js';
import { Guard, type CircuitState } from '../resilience/guarded.js';
import { VendorHttp } from '../resilience/http.js';
import type { VendorConnection } from '../resilience/vendor-connection.js';
import { vendorError } from '../resilience/vendor-failures.js';
import type { ModelBudget } from './model-budget.js';
import { isContentRefusal, modelError } from './openai-errors.js';
import { chatAnswer, responsesAnswer } from './openai-schemas.js';
import { fetchOver } from './openai-transport.js';
import { chatMessages, responsesInput, tokensPerPicture } from './openai-turns.js';

export interface OpenAiSettings {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly classificationModel: string;
  readonly responseModel: string;
  /** Responses at OpenAI; Chat Completions is what most compatible servers know best. */
  readonly mode: 'responses' | 'chat';
  /** Calls at once; a few when it is not said. */
  readonly sockets?: number;
}

export type Purpose = 'classification' | 'answer' | 'vision';

/** Whose money a call is, and for what. */
export interface Spender {
  readonly accountId: AccountId;
  readonly authorId?: string | undefined;
  readonly commentId?: CommentId | undefined;
}

export interface ModelRequest {
  readonly purpose: Purpose;
  readonly model: string;
  readonly promptVersion: string;
  readonly spender: Spender;
  /** Static text first: equal beginnings are cached by the vendor. */
  readonly instructions: string;
  /** One user turn each. */
  readonly turns: readonly string[];
  /** Pictures that the first turn is about, as data URLs. */
  readonly images?: readonly string[];
  readonly format: {
    readonly name: string;
    readonly jsonSchema: Record<string, unknown>;
    /** Of the schema as text. */
    readonly characters: number;
  };
  readonly maxOutputTokens: number;
  /** A hash that stands for the author, so that the vendor can act on one abuser instead of on us. */
  readonly safetyIdentifier: string | undefined;
}

export interface Usage {
  /** All of them, also those that were read from the vendor's cache. */
  readonly inputTokens: number;
  /** Of these, the ones that the vendor had read before and charges less for. */
  readonly cachedTokens: number;
  readonly outputTokens: number;
}

export type ModelAnswer = ModelOutput & {
  /** The one that really answered. */
  readonly model: string;
};

type ModelOutput = { readonly usage: Usage } & (
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'refused'; readonly detail: string }
  /** Broken off, for instance because the tokens were used up. */
  | { readonly kind: 'incomplete'; readonly detail: string }
);

// Two calls (with a repair) fit into the lease of one minute. A model that takes longer is stuck in a queue.
const deadlineMs = 20_000;
// A model that runs wild until its tokens are used up is told so and asked once more; what is far beyond is not read.
const answerBytes = 16 * 1024 * 1024;
const charactersPerToken = 3;
const nothingUsed: Usage = { inputTokens: 0, cachedTokens: 0, outputTokens: 0 };

/** The only place that talks to the model. One request per call: retries live in the queue. */
export class OpenAiApi implements VendorConnection {
  readonly #client: OpenAI;
  readonly #http: VendorHttp;
  readonly #guards: Readonly<Record<Purpose, Guard>>;
  readonly #start: Readonly<Record<Purpose, CarefulStart>>;

  /**
   * @param budget what all workers together may ask; without it everything is asked
   * @param timeoutMs shorter in tests
   */
  constructor(
    private readonly settings: OpenAiSettings,
    timeoutMs: number = deadlineMs,
    private readonly budget?: Pick<ModelBudget, 'spend'>,
  ) {
    this.#http = new VendorHttp('the model server', { sockets: settings.sockets, answerBytes });
    this.#client = new OpenAI({
      baseURL: settings.baseUrl,
      apiKey: settings.apiKey,
      maxRetries: 0,
      timeout: timeoutMs,
      fetch: fetchOver(this.#http),
      logLevel: 'off',
      // Otherwise the SDK would read these from the environment.
      organization: null,
      project: null,
    });
    this.#start = { classification: new CarefulStart(), answer: new CarefulStart(), vision: new CarefulStart() };
    this.#guards = {
      classification: new Guard({ name: 'openai classification', timeoutMs }),
      answer: new Guard({ name: 'openai answer', timeoutMs }),
      vision: new Guard({ name: 'openai vision', timeoutMs }),
    };
  }

  /** @throws AppError 'unavailable' | 'rate-limited' | 'exhausted' | 'misconfigured' | 'rejected' */
  async ask(request: ModelRequest): Promise<ModelAnswer> {
    return await this.#start[request.purpose].run(async () => {
      // An open circuit asks nothing, so it takes nothing from the budget either.
      if (!this.budget || this.#guards[request.purpose].state().state === 'open') return await this.#guarded(request);
      return await this.budget.spend(estimatedTokens(request), async () => await this.#guarded(request));
    });
  }

  async #guarded(request: ModelRequest): Promise<ModelAnswer> {
    const { model } = request;
    return await this.#guards[request.purpose].run(async (signal) => {
      try {
        const output = await (this.settings.mode === 'chat'
          ? this.#chat(request, signal)
          : this.#respond(request, signal));
        return { ...output, model };
      } catch (error) {
        if (isContentRefusal(error))
          return { kind: 'refused', detail: 'held back by the server', usage: nothingUsed, model };
        throw modelError(error, this.settings.apiKey);
      }
    });
  }

  circuits(): readonly CircuitState[] {
    return Object.values(this.#guards).map((guard) => guard.state());
  }

  async close(): Promise<void> {
    for (const guard of Object.values(this.#guards)) guard.shutdown();
    await this.#http.close();
  }

  async #respond(request: ModelRequest, signal: AbortSignal): Promise<ModelOutput> {
    const { format } = request;
    const body: unknown = await this.#client.responses.create(
      {
        model: request.model,
        store: false,
        // What is the same for all comments first, also in the bytes: input and author last.
        instructions: request.instructions,
        text: { format: { type: 'json_schema', name: format.name, strict: true, schema: format.jsonSchema } },
        max_output_tokens: request.maxOutputTokens,
        ...(reasons(request.model) && { reasoning: { effort: 'low' as const } }),
        input: responsesInput(request),
        ...(request.safetyIdentifier !== undefined && { safety_identifier: request.safetyIdentifier }),
      },
      { signal },
    );
    return readResponse(read(responsesAnswer, body));
  }

  async #chat(request: ModelRequest, signal: AbortSignal): Promise<ModelOutput> {
    const { format, maxOutputTokens } = request;
    const body: unknown = await this.#client.chat.completions.create(
      {
        model: request.model,
        response_format: {
          type: 'json_schema',
          json_schema: { name: format.name, strict: true, schema: format.jsonSchema },
        },
        // OpenAI's reasoning models refuse the old name of the limit, compatible servers often know only that one.
        ...(reasons(request.model)
          ? { max_completion_tokens: maxOutputTokens, reasoning_effort: 'low' as const }
          : { max_tokens: maxOutputTokens }),
        messages: [{ role: 'system', content: request.instructions }, ...chatMessages(request)],
        ...(request.safetyIdentifier !== undefined && { safety_identifier: request.safetyIdentifier }),
      },
      { signal },
    );
    return readChat(read(chatAnswer, body));
  }
}

/** More than it will be, as a rule: English has four characters to a token, Russian three, emoji one. */
function estimatedTokens({ instructions, turns, images = [], format, maxOutputTokens }: ModelRequest): number {
  const characters = turns.reduce((sum, turn) => sum + turn.length, instructions.length + format.characters);
  return Math.ceil(characters / charactersPerToken) + images.length * tokensPerPicture + maxOutputTokens;
}

/**
 * Reasoning models by their names at OpenAI. They get effort `low`: a comment needs a moment's thought, not an essay,
 * and `minimal` is not accepted by the newest. Others get no such field, because compatible servers refuse what they
 * do not know; for the same reason `temperature` is never sent.
 */
function reasons(model: string): boolean {
  return /^(?:gpt-[5-9]|o\d)(?:\D|$)/.test(model);
}

function read<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw vendorError('bad-body', 'the model server answered in a shape that we do not know', { creates: false });
}

function readResponse(answer: z.output<typeof responsesAnswer>): ModelOutput {
  const usage = {
    inputTokens: answer.usage?.input_tokens ?? 0,
    cachedTokens: answer.usage?.input_tokens_details?.cached_tokens ?? 0,
    outputTokens: answer.usage?.output_tokens ?? 0,
  };
  if (answer.status === 'failed') {
    const code = answer.error?.code ?? 'no code';
    const failure = code === 'rate_limit_exceeded' ? 'rate-limited' : 'unavailable';
    throw vendorError(failure, `the model failed (${code})`, { creates: false });
  }
  const parts = answer.output.flatMap((item) => (item.type === 'message' ? (item.content ?? []) : []));
  const refusal = parts.find((part) => part.type === 'refusal');
  if (refusal) return { kind: 'refused', detail: refusal.refusal ?? 'no reason given', usage };
  if (answer.status === 'incomplete') return stopped(answer.incomplete_details?.reason ?? 'no reason given', usage);
  const text = parts.map((part) => (part.type === 'output_text' ? (part.text ?? '') : '')).join('');
  return { kind: 'text', text, usage };
}

function readChat(answer: z.output<typeof chatAnswer>): ModelOutput {
  const usage = {
    inputTokens: answer.usage?.prompt_tokens ?? 0,
    cachedTokens: answer.usage?.prompt_tokens_details?.cached_tokens ?? 0,
    outputTokens: answer.usage?.completion_tokens ?? 0,
  };
  const choice = answer.choices[0];
  if (choice?.message.refusal) return { kind: 'refused', detail: choice.message.refusal, usage };
  const reason = choice?.finish_reason;
  if (reason === 'length' || reason === 'content_filter') return stopped(reason, usage);
  return { kind: 'text', text: choice?.message.content ?? '', usage };
}

function stopped(reason: string, usage: Usage): ModelOutput {
  return { kind: reason === 'content_filter' ? 'refused' : 'incomplete', detail: reason, usage };
}
