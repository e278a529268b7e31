/**
 * Why something could not be done, told by what the reader does next. HTTP and the worker each hold a
 * complete table over this list, so a new kind does not compile until both have decided.
 */
export const errorKinds = [
  'invalid', // a rule says no; asking again does not help
  'not-found', // the thing is not ours or never was
  'gone', // the vendor no longer has it: deleted comment, deleted media
  'conflict', // the state does not allow it now
  'forbidden', // we lack a right or a scope
  'reconnect', // the account's access is dead: a person must connect it again
  'misconfigured', // our own key, model or chat is refused: a person must put a setting right
  'rejected', // the vendor refuses this very request
  'duplicate', // the vendor says it has done this already
  'ambiguous', // it may or may not have happened: look before doing it again
  'rate-limited', // later; no try is spent
  'blocked', // the vendor punishes the account for its behaviour: a long pause
  'exhausted', // money or quota is used up: a person must act
  'unavailable', // did not happen; try again with backoff
] as const;
export type ErrorKind = (typeof errorKinds)[number];

export interface AppErrorOptions {
  /** What was caught; always kept. */
  readonly cause?: unknown;
  /** When the vendor said how long to wait, in milliseconds. */
  readonly retryAfterMs?: number;
  /** The vendor's own words for the log: code, subcode, trace id. Never shown to customers. */
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
  /** What helps whoever asked, beside the message: what stands there now, what was found. Shown to operators. */
  readonly shown?: Readonly<Record<string, unknown>>;
}

export class AppError extends Error {
  readonly retryAfterMs: number | undefined;
  readonly detail: Readonly<Record<string, string | number | boolean>>;
  readonly shown: Readonly<Record<string, unknown>>;

  constructor(
    readonly kind: ErrorKind,
    message: string,
    options: AppErrorOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.retryAfterMs = options.retryAfterMs;
    this.detail = options.detail ?? {};
    this.shown = options.shown ?? {};
  }
}

/** Any caught value as an AppError's kind; what we did not expect is a bug and is treated as one. */
export function kindOf(error: unknown): ErrorKind | 'bug' {
  return error instanceof AppError ? error.kind : 'bug';
}

/** A caught value's message, for logs and ledgers. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
