import OpenAI from 'openai';
import type { z } from 'zod';
import { AppError } from '#domain/shared/errors.js';
import type { CircuitState } from '../resilience/guarded.js';
import { VendorHttp } from '../resilience/http.js';
import type { VendorConnection } from '../resilience/vendor-connection.js';
import { vendorError } from '../resilience/vendor-failures.js';
import type { CallOutcome } from './call-book.js';
import type { ModelBudget } from './model-budget.js';
import { outcomeOf, type ModelCalls } from './model-calls.js';
import { fallbackAfter, ModelLine } from './model-line.js';
import {
  nothingUsed,
  purposes,
  type ModelAnswer,
  type ModelOutput,
  type ModelRequest,
  type OverBudget,
  type PaidCall,
  type Purpose,
  type Spender,
  type Usage,
} from './model-request.js';
import { isContentRefusal, modelError } from './openai-errors.js';
import { chatAnswer, embeddingsAnswer, responsesAnswer } from './openai-schemas.js';
import { fetchOver } from './openai-transport.js';
import { chatMessages, responsesInput, tokensPerPicture } from './openai-turns.js';

export interface OpenAiSettings {
  readonly baseUrl: string;
  readonly apiKey: string;
  /** For each task the one that is preferred, and those that are asked instead, in this order. At least one. */
  readonly classificationModels: readonly string[];
  readonly responseModels: readonly string[];
  readonly visionModels?: readonly string[];
  /** What makes vectors of texts; none when searching by words only was chosen. */
  readonly embeddingModels?: readonly string[];
  /** Responses at OpenAI; Chat Completions is what most compatible servers know best. */
  readonly mode: 'responses' | 'chat';
  /** Calls at once; a few when it is not said. */
  readonly sockets?: number;
}

// Two calls (with a repair) fit into the lease of one minute. A model that takes longer is stuck in a queue.
const deadlineMs = 20_000;
// A model that runs wild until its tokens are used up is told so and asked once more; what is far beyond is not read.
const answerBytes = 16 * 1024 * 1024;
const charactersPerToken = 3;
/** Vectors are made without instructions; this is how we ask for them. */
const embeddingVersion = 'embed@1';
/** Of the time for one of several models, what may be spent on waiting for news about it. */
const waitingShare = 4;

/** Texts to be turned into vectors in one request. */
export interface EmbeddingRequest {
  readonly model: string;
  /** Sent only to models that can choose. */
  readonly dimensions: number | undefined;
  readonly texts: readonly string[];
  /** What they are estimated to take together. */
  readonly tokens: number;
  readonly spender: Spender;
}

export interface EmbeddingAnswer {
  readonly kind: 'vectors';
  /** In the order of the texts, as they came. */
  readonly vectors: readonly (readonly number[])[];
  readonly usage: Usage;
}

/** One call as it is seen by whoever limits and pays. */
interface Attempt<Answer> {
  readonly call: PaidCall;
  /** What it takes at most. */
  readonly tokens: Usage;
  readonly budget: Pick<ModelBudget, 'spend'> | undefined;
  readonly send: (signal: AbortSignal) => Promise<Answer>;
  readonly outcomeOf: (answer: Answer) => CallOutcome;
}

/** The only place that talks to the model. One request per try: retries live in the queue. */
export class OpenAiApi implements VendorConnection {
  readonly #client: OpenAI;
  readonly #http: VendorHttp;
  readonly #lines = new Map<string, ModelLine>();

  /**
   * @param budget what all workers together may ask; without it everything is asked
   * @param timeoutMs shorter in tests
   * @param calls what calls cost, and who pays; without it nobody counts
   * @param embeddingBudget the same for vectors: vendors count them apart, and nobody's answer waits for them
   */
  constructor(
    private readonly settings: OpenAiSettings,
    private readonly timeoutMs: number = deadlineMs,
    private readonly budget?: Pick<ModelBudget, 'spend'>,
    private readonly calls?: Pick<ModelCalls, 'pay'>,
    private readonly embeddingBudget = budget,
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
    for (const purpose of purposes) {
      if (purpose !== 'embed') this.#lineOf(purpose, this.#modelsFor(purpose)[0] ?? '');
      for (const model of this.#modelsFor(purpose)) this.#lineOf(purpose, model);
    }
  }

  /**
   * Asks the preferred model, and the next one when it does not answer; all of them within one deadline.
   * @throws AppError 'unavailable' | 'rate-limited' | 'exhausted' | 'misconfigured' | 'rejected'
   */
  async ask(request: ModelRequest): Promise<ModelAnswer> {
    const until = performance.now() + this.timeoutMs;
    const models = [request.model, ...(request.fallbacks ?? [])];
    for (const [index, model] of models.entries()) {
      const line = this.#lineOf(request.purpose, model);
      const others = models.slice(index + 1).filter((other) => !this.#lineOf(request.purpose, other).isPaused).length;
      if (others > 0 && line.isPaused) continue;
      try {
        const withinMs = Math.max(1, (until - performance.now()) / (others + 1));
        const answer = await this.#try(line, this.#asking({ ...request, model }), withinMs, others > 0);
        if (answer.kind !== 'refused' || others === 0) return answer;
      } catch (error) {
        if (others === 0 || fallbackAfter(error) === undefined) throw error;
        line.note(error);
      }
    }
    throw new Error('no model was named');
  }

  /** @throws AppError as `ask` */
  async embed({ texts, tokens, dimensions, spender, model }: EmbeddingRequest): Promise<EmbeddingAnswer | OverBudget> {
    const send = async (signal: AbortSignal): Promise<EmbeddingAnswer> => {
      try {
        const body: unknown = await this.#client.embeddings.create(
          // Compatible servers know no other format.
          { model, input: [...texts], encoding_format: 'float', ...(dimensions !== undefined && { dimensions }) },
          { signal },
        );
        return readEmbeddings(read(embeddingsAnswer, body), texts.length);
      } catch (error) {
        throw modelError(error, this.settings.apiKey);
      }
    };
    const attempt: Attempt<EmbeddingAnswer> = {
      call: { purpose: 'embed', model, promptVersion: embeddingVersion, spender },
      tokens: { inputTokens: tokens, cachedTokens: 0, outputTokens: 0 },
      budget: this.embeddingBudget,
      send,
      outcomeOf: () => 'ok',
    };
    return await this.#try(this.#lineOf('embed', model), attempt, this.timeoutMs, false);
  }

  #asking(request: ModelRequest): Attempt<ModelAnswer> {
    const outputTokens = request.maxOutputTokens;
    const inputTokens = estimatedTokens(request) - outputTokens;
    return {
      call: request,
      tokens: { inputTokens, cachedTokens: 0, outputTokens },
      budget: this.budget,
      send: async (signal) => await this.#send(request, signal),
      outcomeOf: (answer) => outcomeOf(request, answer),
    };
  }

  async #try<Answer extends { readonly usage: Usage }>(
    line: ModelLine,
    { call, tokens, budget, send, outcomeOf: worth }: Attempt<Answer>,
    withinMs: number,
    others: boolean,
  ): Promise<Answer | OverBudget> {
    if (line.pausedForMs > 0) {
      throw new AppError('rate-limited', `${call.model} asked us to wait`, { retryAfterMs: line.pausedForMs });
    }
    const times = { withinMs, waitMs: others ? withinMs / waitingShare : undefined };
    const all = tokens.inputTokens + tokens.outputTokens;
    const make = async (sent: () => void): Promise<Answer> =>
      await line.run<Answer>(
        times,
        // An open circuit asks nothing, so it takes nothing from the budget either.
        async (guarded) => (budget && !line.isOpen ? await budget.spend(all, guarded, others) : await guarded()),
        async (signal) => {
          sent();
          return await send(signal);
        },
      );
    if (!this.calls || line.isOpen) return await make(() => undefined);
    return await this.calls.pay(call, tokens, make, worth);
  }

  async #send(request: ModelRequest, signal: AbortSignal): Promise<ModelAnswer> {
    const { model } = request;
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
  }

  circuits(): readonly CircuitState[] {
    return [...this.#lines.values()].map((line) => line.state());
  }

  async close(): Promise<void> {
    for (const line of this.#lines.values()) line.shutdown();
    await this.#http.close();
  }

  #modelsFor(purpose: Purpose): readonly string[] {
    const { classificationModels, responseModels, visionModels = [], embeddingModels = [] } = this.settings;
    return {
      classification: classificationModels,
      answer: responseModels,
      vision: visionModels,
      embed: embeddingModels,
    }[purpose];
  }

  /** The preferred model's circuit is named as its task; one that nobody configured shares a circuit with its like. */
  #lineOf(purpose: Purpose, model: string): ModelLine {
    const known = this.#modelsFor(purpose);
    const place = known.indexOf(model);
    const first = place === 0 || known.length === 0;
    const name = ['openai', purpose, ...(first ? [] : [place === -1 ? 'other models' : model])].join(' ');
    const line = this.#lines.get(name) ?? new ModelLine(name, this.timeoutMs);
    this.#lines.set(name, line);
    return line;
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

function readEmbeddings({ data, usage }: z.output<typeof embeddingsAnswer>, asked: number): EmbeddingAnswer {
  const vectors = data.toSorted((one, other) => one.index - other.index);
  if (vectors.length !== asked || vectors.some(({ index }, place) => index !== place)) {
    const what = `the model server answered with ${data.length} vectors for ${asked} texts`;
    throw vendorError('bad-body', what, { creates: false });
  }
  const inputTokens = usage?.prompt_tokens ?? 0;
  return {
    kind: 'vectors',
    vectors: vectors.map(({ embedding }) => embedding),
    usage: { ...nothingUsed, inputTokens },
  };
}

function stopped(reason: string, usage: Usage): ModelOutput {
  return { kind: reason === 'content_filter' ? 'refused' : 'incomplete', detail: reason, usage };
}
