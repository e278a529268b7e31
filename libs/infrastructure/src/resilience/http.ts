import { Agent, type Dispatcher } from 'undici';
import type { AppError } from '#domain/shared/errors.js';
import { connectionFailure, isBodyFailure, vendorError, type VendorFailure } from './vendor-failures.js';

export interface VendorRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** The whole address. May hold a secret (Telegram's token is part of it): it never appears in an error. */
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** True when the call makes something new, so that an unclear end must not be followed by a second call. */
  readonly creates: boolean;
  /**
   * Its first byte leaves within so many milliseconds, or never: whoever was stopped while it waited for a connection may
   * no longer be the one to make this call. Measured at the socket, because a timer of a stopped process comes too late.
   */
  readonly startWithinMs?: number;
  readonly signal: AbortSignal;
}

export interface VendorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
}

// A vendor that does not even open a connection within this time is not going to.
const connectTimeoutMs = 3_000;
// Sockets per vendor and process: as many as the lanes run at once, with room; more would only queue at the vendor.
const maxSockets = 32;
// The largest honest answer is a page of a thread, some hundred kilobytes.
const maxAnswerBytes = 2 * 1024 * 1024;

/**
 * One call, one answer: no retries, no redirects, deadline by signal. Its errors tell apart what surely did not happen
 * ('unavailable') from what may have happened ('ambiguous', only for calls that create something).
 */
export class VendorHttp {
  readonly #agent: Agent;

  /** @param vendor its name in messages */
  constructor(readonly vendor: string) {
    this.#agent = new Agent({
      connections: maxSockets,
      connect: { timeout: connectTimeoutMs },
      maxResponseSize: maxAnswerBytes,
      // The signal is the deadline; undici's own limits would be a second one.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  /** @throws AppError 'unavailable' | 'ambiguous' when there is no whole answer; any status is an answer */
  async call(request: VendorRequest): Promise<VendorAnswer> {
    const exchange = new Exchange(request);
    try {
      return await exchange.perform(this.#agent, request);
    } catch (error) {
      throw this.#failure(error, exchange, request.creates);
    }
  }

  async close(): Promise<void> {
    if (!this.#agent.destroyed) await this.#agent.destroy();
  }

  #failure(error: unknown, { begun, late, signal }: Exchange, creates: boolean): AppError {
    const code = codeOf(error);
    const failure = failureOf(code, begun, late || signal.aborted);
    const what = begun ? 'gave no whole answer' : 'was not reached';
    return vendorError(failure, `${this.vendor} ${what} (${code})`, { creates, cause: bare(error) });
  }
}

function failureOf(code: string, begun: boolean, stopped: boolean): VendorFailure {
  if (stopped) return begun ? 'timeout-after-send' : 'timeout-before-send';
  if (begun) return isBodyFailure(code) ? 'bad-body' : 'reset';
  return connectionFailure(code) ?? 'connect'; // whatever else ends it here: no connection came about
}

/** One request on its way. `begun` turns true at the moment before its first byte is written to a socket. */
class Exchange {
  begun = false;
  /** There was a connection, too late to begin. */
  late = false;
  readonly signal: AbortSignal;
  private readonly startBy: number;

  constructor({ signal, startWithinMs = Number.POSITIVE_INFINITY }: VendorRequest) {
    this.signal = signal;
    this.startBy = performance.now() + startWithinMs;
  }

  async perform(agent: Agent, request: VendorRequest): Promise<VendorAnswer> {
    const { method, url, headers, body, signal } = request;
    const aborted = this.#abortedBeforeBegin();
    try {
      const sending = agent
        .compose((dispatch) => (options, handler) => dispatch(options, this.#watch(handler)))
        .request({
          origin: url.origin,
          path: `${url.pathname}${url.search}`,
          method,
          headers: { accept: 'application/json', ...headers },
          body: body ?? null,
          signal,
        });
      // Waiting for a connection, undici notices an abort only when it gets one; we do not wait for that.
      sending.catch(() => undefined);
      const answer = await Promise.race([sending, aborted.promise]);
      return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
    } finally {
      aborted.dispose();
    }
  }

  #abortedBeforeBegin(): { readonly promise: Promise<never>; readonly dispose: () => void } {
    const { promise, reject } = deferred();
    const stop = (): void => {
      if (!this.begun) reject(this.signal.reason);
    };
    this.signal.addEventListener('abort', stop, { once: true });
    if (this.signal.aborted) stop();
    return { promise, dispose: () => this.signal.removeEventListener('abort', stop) };
  }

  #watch(handler: Dispatcher.DispatchHandler): Dispatcher.DispatchHandler {
    return {
      onRequestStart: (controller, context) => {
        // An aborted request is dropped right here by undici itself: nothing is written.
        this.late = performance.now() > this.startBy;
        if (!this.signal.aborted && !this.late) this.begun = true;
        handler.onRequestStart?.(controller, context);
        if (this.late) controller.abort(new Error('too late to begin'));
      },
      onResponseStart: (controller, status, headers, message) =>
        handler.onResponseStart?.(controller, status, headers, message),
      onResponseData: (controller, chunk) => handler.onResponseData?.(controller, chunk),
      onResponseEnd: (controller, trailers) => handler.onResponseEnd?.(controller, trailers),
      onResponseError: (controller, error) => handler.onResponseError?.(controller, error),
    };
  }
}

function deferred(): { readonly promise: Promise<never>; readonly reject: (reason: unknown) => void } {
  let reject: (reason: unknown) => void = () => undefined;
  const promise = new Promise<never>((_, refuse) => (reject = refuse));
  promise.catch(() => undefined);
  return { promise, reject };
}

/** ECONNRESET, UND_ERR_CONNECT_TIMEOUT, TimeoutError …: a fixed word, never text that could carry an address. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.name === 'Error' ? 'deadline' : error.name;
}

/** The cause for the log, without the fields in which undici keeps request and socket. */
function bare(error: unknown): Error {
  const cause = new Error(error instanceof Error ? `${error.name} ${codeOf(error)}` : 'unknown');
  if (error instanceof Error && error.stack !== undefined) cause.stack = error.stack;
  return cause;
}
