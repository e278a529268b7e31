import { AppError } from '#domain/shared/errors.js';
import { CarefulStart } from '../resilience/careful-start.js';
import { Guard, type CircuitState } from '../resilience/guarded.js';
import { failureOf, type VendorFailure } from '../resilience/vendor-failures.js';

/** Why the next model of a list is asked instead. Used-up money is none of these: it is the same for all of them. */
export const fallbackTriggers = ['rate-limited', 'server-error', 'timeout', 'refusal', 'missing', 'paused'] as const;
export type FallbackTrigger = (typeof fallbackTriggers)[number];

const triggers: Partial<Record<VendorFailure, FallbackTrigger>> = {
  'rate-limited': 'rate-limited',
  unavailable: 'server-error',
  reset: 'server-error',
  'bad-body': 'server-error',
  connect: 'server-error',
  dns: 'server-error',
  tls: 'server-error',
  'timeout-before-send': 'timeout',
  'timeout-after-send': 'timeout',
  'not-tried': 'paused',
};

/** @returns undefined when the next model would do no better, or must not be asked */
export function fallbackAfter(error: unknown): FallbackTrigger | undefined {
  const failure = failureOf(error);
  if (failure === 'misconfigured' && error instanceof AppError && error.detail['status'] === 404) return 'missing';
  return failure === 'other' ? undefined : triggers[failure];
}

/** When the vendor does not say how long. */
const usualPauseMs = 10_000;
/** A model that is not there today is not there in a second; a setting may bring it back. */
const missingPauseMs = 60_000;

export interface LineTimes {
  /** What the call may take. */
  readonly withinMs: number;
  /** How long it may stand behind calls that find out whether the model answers; undefined: as long as that takes. */
  readonly waitMs: number | undefined;
}

/** One model for one task: its circuit, its careful start, and the pauses that it asked for in this process. */
export class ModelLine {
  readonly #guard: Guard;
  readonly #start = new CarefulStart();
  #pausedUntil = 0;

  constructor(name: string, timeoutMs: number) {
    this.#guard = new Guard({ name, timeoutMs });
  }

  state(): CircuitState {
    return this.#guard.state();
  }

  /** Asking it now would be in vain. */
  get isPaused(): boolean {
    return this.isOpen || this.pausedForMs > 0;
  }

  /** An open circuit asks nothing. */
  get isOpen(): boolean {
    return this.#guard.state().state === 'open';
  }

  get pausedForMs(): number {
    return Math.max(0, Math.ceil(this.#pausedUntil - performance.now()));
  }

  /** What became of a call, when another model is there to be asked in the meantime. */
  note(error: unknown): void {
    const trigger = fallbackAfter(error);
    const asked = error instanceof AppError ? error.retryAfterMs : undefined;
    if (trigger === 'rate-limited') this.#pausedUntil = performance.now() + (asked ?? usualPauseMs);
    if (trigger === 'missing') this.#pausedUntil = performance.now() + missingPauseMs;
  }

  /** @param around what stands between the careful start and the call itself */
  async run<T>(
    { withinMs, waitMs }: LineTimes,
    around: (guarded: () => Promise<T>) => Promise<T>,
    call: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    return await this.#start.run(
      async () => await around(async () => await this.#guard.run(call, undefined, withinMs)),
      waitMs,
    );
  }

  shutdown(): void {
    this.#guard.shutdown();
  }
}
