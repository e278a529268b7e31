import OpenAI from 'openai';
import type { z } from 'zod';
import { AppError } from '#domain/shared/errors.js';
import type { CircuitState } from '../resilience/guarded.js';
import { VendorHttp } from '../resilience/http.js';
import type { VendorConnection } from '../resilience/vendor-connection.js';
import { vendorError } from '../resilience/vendor-failures.js';
import type { ModelBudget } from './model-budget.js';
import type { ModelCalls } from './model-calls.js';
import { fallbackAfter, ModelLine } from './model-line.js';
import {
  nothingUsed,
  purposes,
  type ModelAnswer,
  type ModelOutput,
  type ModelRequest,
  type Purpose,
  type Usage,
} from './model-request.js';
import { isContentRefusal, modelError } from './openai-errors.js';
import { chatAnswer, responsesAnswer } from './openai-schemas.js';
import { fetchOver } from './openai-transport.js';
import { chatMessages, responsesInput, tokensPerPicture } from './openai-turns.js';

export interface OpenAiSettings {
  readonly baseUrl: string;
  readonly apiKey: string;
  /** For each task the one that is preferred, and those that are asked instead, in this order. At least one. */
  readonly classificationModels: readonly string[];
  readonly responseModels: readonly string[];
  readonly visionModels?: readonly string[];
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
/** Of the time for one of several models, what may be spent on waiting for news about it. */
const waitingShare = 4;

/** The only place that talks to the model. One request per try: retries live in the queue. */
export class OpenAiApi implements VendorConnection {
  readonly #client: OpenAI;
  readonly #http: VendorHttp;
  readonly #lines = new Map<string, ModelLine>();

  /**
   * @param budget what all workers together may ask; without it everything is asked
   * @param timeoutMs shorter in tests
   * @param calls what calls cost, and who pays; without it nobody counts
   */
  constructor(
    private readonly settings: OpenAiSettings,
    private readonly timeoutMs: number = deadlineMs,
    private readonly budget?: Pick<ModelBudget, 'spend'>,
    private readonly calls?: Pick<ModelCalls, 'pay'>,
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
      this.#lineOf(purpose, this.#modelsFor(purpose)[0] ?? '');
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
        const answer = await this.#try(line, { ...request, model }, withinMs, others > 0);
        if (answer.kind !== 'refused' || others === 0) return answer;
      } catch (error) {
        if (others === 0 || fallbackAfter(error) === undefined) throw error;
        line.note(error);
      }
    }
    throw new Error('no model was named');
  }

  async #try(line: ModelLine, request: ModelRequest, withinMs: number, others: boolean): Promise<ModelAnswer> {
    if (line.pausedForMs > 0) {
      throw new AppError('rate-limited', `${request.model} asked us to wait`, { retryAfterMs: line.pausedForMs });
    }
    const { budget, calls } = this;
    const times = { withinMs, waitMs: others ? withinMs / waitingShare : undefined };
    const make = async (sent: () => void): Promise<ModelAnswer> =>
      await line.run<ModelAnswer>(
        times,
        // An open circuit asks nothing, so it takes nothing from the budget either.
        async (guarded) =>
          budget && !line.isOpen ? await budget.spend(estimatedTokens(request), guarded, others) : await guarded(),
        async (signal) => {
          sent();
          return await this.#send(request, signal);
        },
      );
    if (!calls || line.isOpen) return await make(() => undefined);
    const outputTokens = request.maxOutputTokens;
    const inputTokens = estimatedTokens(request) - outputTokens;
    return await calls.pay(request, { inputTokens, cachedTokens: 0, outputTokens }, make);
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
    const { classificationModels, responseModels, visionModels = [] } = this.settings;
    return { classification: classificationModels, answer: responseModels, vision: visionModels }[purpose];
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

function stopped(reason: string, usage: Usage): ModelOutput {
  return { kind: reason === 'content_filter' ? 'refused' : 'incomplete', detail: reason, usage };
}
