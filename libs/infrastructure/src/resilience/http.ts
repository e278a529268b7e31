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
// Sockets of one process at a vendor that nobody said how many calls at once are made to.
const usualSockets = 8;
// The largest honest answer is a page of a thread, some hundred kilobytes.
const usualAnswerBytes = 2 * 1024 * 1024;

export interface HttpSettings {
  /** Calls at once: with fewer sockets one would wait here, more would stay unused. */
  readonly sockets?: number | undefined;
  /** An answer that is larger is not read to its end. */
  readonly answerBytes?: number;
}

/**
 * One call, one answer: no retries, no redirects, deadline by signal. Its errors tell apart what surely did not happen
 * ('unavailable') from what may have happened ('ambiguous', only for calls that create something).
 */
export class VendorHttp {
  readonly #agent: Agent;

  /** @param vendor its name in messages */
  constructor(
    readonly vendor: string,
    { sockets = usualSockets, answerBytes = usualAnswerBytes }: HttpSettings = {},
  ) {
    this.#agent = new Agent({
      connections: sockets,
      connect: { timeout: connectTimeoutMs },
      maxResponseSize: answerBytes,
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

/**
 * One request on its way, and undici's handler of it: what `request` adds around this (a stream for the body, a promise
 * for each part of it) costs more than the call itself. `begun` turns true at the moment before its first byte is
 * written to a socket.
 */
class Exchange implements Dispatcher.DispatchHandler {
  begun = false;
  /** There was a connection, too late to begin. */
  late = false;
  readonly signal: AbortSignal;
  private readonly startBy: number;
  private readonly outcome = deferred<VendorAnswer>();
  private controller: Dispatcher.DispatchController | undefined;
  private status = 0;
  private headers: VendorAnswer['headers'] = {};
  private chunks: Buffer[] = [];

  constructor({ signal, startWithinMs = Number.POSITIVE_INFINITY }: VendorRequest) {
    this.signal = signal;
    this.startBy = performance.now() + startWithinMs;
  }

  async perform(agent: Agent, { method, url, headers, body, signal }: VendorRequest): Promise<VendorAnswer> {
    // Waiting for a connection, undici would notice an abort only when it gets one; we do not wait for that.
    const stop = (): void => {
      this.outcome.reject(signal.reason);
      this.controller?.abort(new Error('stopped'));
    };
    if (signal.aborted) throw signal.reason;
    signal.addEventListener('abort', stop, { once: true });
    try {
      const path = `${url.pathname}${url.search}`;
      agent.dispatch(
        { origin: url.origin, path, method, headers: { accept: 'application/json', ...headers }, body: body ?? null },
        this,
      );
      return await this.outcome.promise;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.late = performance.now() > this.startBy;
    if (this.late || this.signal.aborted) {
      controller.abort(new Error('too late to begin')); // nothing is written
      return;
    }
    this.controller = controller;
    this.begun = true;
  }

  /** Also called for a 1xx before the answer itself, which then replaces it. */
  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: VendorAnswer['headers']): void {
    this.status = status;
    this.headers = headers;
    this.chunks = [];
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.chunks.push(chunk);
  }

  onResponseEnd(): void {
    const text = Buffer.concat(this.chunks)
      .toString('utf8')
      .replace(/^\uFEFF/u, '');
    this.outcome.resolve({ status: this.status, headers: this.headers, text });
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.outcome.reject(error);
  }
}

interface Deferred<Value> {
  readonly promise: Promise<Value>;
  readonly resolve: (value: Value) => void;
  readonly reject: (reason: unknown) => void;
}

function deferred<Value>(): Deferred<Value> {
  let settle: Omit<Deferred<Value>, 'promise'> = { resolve: () => undefined, reject: () => undefined };
  const promise = new Promise<Value>((resolve, reject) => (settle = { resolve, reject }));
  return { promise, ...settle };
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
