import CircuitBreaker from 'opossum';
import { AppError, type AppErrorOptions } from '#domain/shared/errors.js';
import { tellVendorEvent, type CircuitPosition } from './vendor-events.js';
import { failureOf, failures, provesNothing, vendorError } from './vendor-failures.js';

export interface GuardSettings {
  /** Vendor and kind of call, for people: `instagram publish`. */
  readonly name: string;
  /** Longest time one call may take, in milliseconds; must be shorter than the lease of the job around it. */
  readonly timeoutMs: number;
  /** How long an open circuit keeps calls away before it lets one through, in milliseconds. */
  readonly pauseMs?: number;
}

/** What the health page shows about one kind of call. Each process has breakers of its own. */
export interface CircuitState {
  readonly name: string;
  readonly state: CircuitPosition;
  /** Until the next call is let through, in milliseconds; only when open. */
  readonly nextTryInMs?: number;
}

// Fewer calls say nothing about a vendor: opossum's own 0 would open the circuit at the very first failure.
const volumeThreshold = 10;
// One call in three may fail before waiting is better than trying: retries in the queue carry the rest.
const failurePercentage = 33;
// Long enough to collect ten calls on a quiet evening, short enough to forget a hiccup.
const windowMs = 30_000;
// A vendor that is back is to be used again within half a minute: the pause that began just before it came back, with
// the jitter of the work that waits for it and a comment's whole way after it. One probe in a quarter hammers nobody.
const defaultPauseMs = 15_000;
// Asked to wait while the one probe is on its way: it answers within a call's time, usually a second.
const whileProbingMs = 1_000;

type Settled<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown };

/**
 * A deadline that really cancels, and a breaker, around one kind of call to one vendor. Never retries.
 *
 * opossum's own timeout stays off: it has one AbortController per breaker, so that a single slow call aborts all that
 * are on their way, and it rejects without stopping the action. And an error that its filter lets pass counts as a
 * success, which would close a half-open circuit because of a 429: so business errors leave the action as values.
 */
export class Guard {
  readonly name: string;
  readonly #timeoutMs: number;
  readonly #pauseMs: number;
  readonly #breaker: CircuitBreaker<[() => Promise<void>], void>;
  #openedAt = 0;

  constructor({ name, timeoutMs, pauseMs = defaultPauseMs }: GuardSettings) {
    this.name = name;
    this.#timeoutMs = timeoutMs;
    this.#pauseMs = pauseMs;
    // A fresh object: opossum keeps and changes the one it is given.
    this.#breaker = new CircuitBreaker(async (call: () => Promise<void>) => await call(), {
      name,
      timeout: false,
      volumeThreshold,
      errorThresholdPercentage: failurePercentage,
      rollingCountTimeout: windowMs,
      resetTimeout: pauseMs,
      rollingPercentilesEnabled: false,
      enableSnapshots: false,
    });
    // toJSON().state.lastTimerAt is when the breaker was built, not when it opened.
    this.#breaker.on('open', () => (this.#openedAt = performance.now()));
    this.#breaker.on('open', () => tellVendorEvent({ kind: 'circuit', circuit: name, state: 'open' }));
    this.#breaker.on('halfOpen', () => tellVendorEvent({ kind: 'circuit', circuit: name, state: 'half-open' }));
    this.#breaker.on('close', () => tellVendorEvent({ kind: 'circuit', circuit: name, state: 'closed' }));
  }

  /**
   * Runs the call once, unless the circuit is open.
   * @param call gets the signal of its deadline and must stop when it fires
   * @param signal of the caller, who may want to stop earlier
   * @param withinMs a shorter deadline than usual
   * @throws what the call throws; AppError 'unavailable' with `retryAfterMs` when the circuit is open: nothing was sent
   */
  async run<T>(
    call: (signal: AbortSignal) => Promise<T>,
    signal?: AbortSignal,
    withinMs = this.#timeoutMs,
  ): Promise<T> {
    const box: { settled?: Settled<T> } = {};
    try {
      await this.#breaker.fire(async () => {
        box.settled = await this.#settle(call, signal, withinMs);
        if (!box.settled.ok && this.#countsAsFailure(box.settled.error, signal)) throw box.settled.error;
      });
    } catch (error) {
      if (box.settled === undefined) throw this.#notTried(error);
    }
    if (box.settled === undefined) throw this.#error('not tried');
    if (box.settled.ok) return box.settled.value;
    throw box.settled.error;
  }

  state(): CircuitState {
    if (this.#breaker.opened) return { name: this.name, state: 'open', nextTryInMs: this.#untilProbe() };
    return { name: this.name, state: this.#breaker.halfOpen ? 'half-open' : 'closed' };
  }

  /** Ends the timers. Calls made later are refused. */
  shutdown(): void {
    this.#breaker.shutdown();
  }

  /** The deadline is a timer of its own, cleared when the call ends: an AbortSignal.timeout() would keep running. */
  async #settle<T>(
    call: (signal: AbortSignal) => Promise<T>,
    caller: AbortSignal | undefined,
    withinMs: number,
  ): Promise<Settled<T>> {
    const deadline = new AbortController();
    const timer = setTimeout(
      () => deadline.abort(new Error(`${this.name}: no answer within ${withinMs} ms`)),
      withinMs,
    );
    const stop = (): void => deadline.abort(caller?.reason);
    caller?.addEventListener('abort', stop, { once: true });
    const began = performance.now();
    try {
      if (caller?.aborted) throw this.#error('stopped before it began');
      const value = await call(deadline.signal);
      tellVendorEvent({ kind: 'called', circuit: this.name, outcome: 'ok', ms: performance.now() - began });
      return { ok: true, value };
    } catch (error) {
      const outcome = failureOf(error);
      tellVendorEvent({ kind: 'called', circuit: this.name, outcome, ms: performance.now() - began });
      return { ok: false, error };
    } finally {
      clearTimeout(timer);
      caller?.removeEventListener('abort', stop);
    }
  }

  #countsAsFailure(error: unknown, caller: AbortSignal | undefined): boolean {
    const halfOpen = this.#breaker.halfOpen;
    // The caller's wish, not the vendor's fault; but no proof that the vendor works either.
    if (caller?.aborted) return halfOpen;
    // In a probe every other answer is as good as a success: a vendor that knows the comment is gone works.
    return !(error instanceof AppError) || (halfOpen ? provesNothing : failures).has(error.kind);
  }

  #notTried(error: unknown): AppError {
    const retryAfterMs = this.#breaker.opened ? this.#untilProbe() : whileProbingMs;
    tellVendorEvent({ kind: 'called', circuit: this.name, outcome: 'not-tried', ms: 0 });
    return this.#error('paused after repeated failures', { cause: error, retryAfterMs, detail: { circuit: 'open' } });
  }

  #error(why: string, options: AppErrorOptions = {}): AppError {
    return vendorError('not-tried', `${this.name}: ${why}`, { ...options, creates: false });
  }

  #untilProbe(): number {
    return Math.max(1, Math.ceil(this.#openedAt + this.#pauseMs - performance.now()));
  }
}
