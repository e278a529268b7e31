import { AppError, type AppErrorOptions, type ErrorKind } from '#domain/shared/errors.js';

interface FailureRule {
  /** What happened, in a sentence for docs/failures.md. */
  readonly what: string;
  /** For a call that makes something new: whether that thing may exist now decides. */
  readonly creating: ErrorKind;
  /** For a call that may be made twice without harm. */
  readonly otherwise: ErrorKind;
}

const alike = (kind: ErrorKind, what: string): FailureRule => ({ what, creating: kind, otherwise: kind });
const unclear = (what: string): FailureRule => ({ what, creating: 'ambiguous', otherwise: 'unavailable' });

/**
 * Everything that can become of a call to a vendor, in words that logs, ledger and metrics share. Adapters choose a
 * failure by error code, HTTP status and the vendor's own code, never by its text; this table says what kind of error
 * that is, and PerformJob what the kind means for the work. docs/failures.md is made from both.
 */
export const vendorFailures = {
  'not-tried': alike('unavailable', 'The circuit is open, or the caller had stopped: nothing was sent.'),
  dns: alike('unavailable', 'The vendor\u2019s name could not be looked up.'),
  connect: alike('unavailable', 'No connection came about: refused, unreachable, or not within three seconds.'),
  tls: alike('unavailable', 'The TLS handshake failed: a certificate, a protocol, or something in between.'),
  'timeout-before-send': alike('unavailable', 'The deadline passed while the call still waited for a connection.'),
  'timeout-after-send': unclear('The deadline passed after the first byte was sent.'),
  reset: unclear('The connection ended before the whole answer was there.'),
  'bad-body': unclear('The answer is no HTTP, too large, broken, or in a shape that we do not know.'),
  unavailable: unclear(
    'The vendor answered that it cannot: 5xx, a gateway\u2019s page, or a code that says "try again".',
  ),
  'created-but-refused': unclear('The vendor answered with an error that it is known to give after it did the work.'),
  'refused-for-now': alike('unavailable', 'Refused without a code that says why, before anything was done.'),
  'rate-limited': alike('rate-limited', 'Too many requests; the vendor may say how long to wait.'),
  'action-block': alike('blocked', 'The platform punishes the account for its behaviour.'),
  quota: alike('exhausted', 'Money or quota is used up.'),
  reconnect: alike('reconnect', 'The account\u2019s token is no longer accepted.'),
  misconfigured: alike('misconfigured', 'Our key, model, bot or chat is refused.'),
  permission: alike('forbidden', 'A right or scope is missing.'),
  gone: alike('gone', 'The thing does not exist any more, or not for us.'),
  duplicate: alike('duplicate', 'The vendor says that it has done this already.'),
  rejected: alike('rejected', 'The vendor refuses this very request.'),
} as const satisfies Record<string, FailureRule>;
export type VendorFailure = keyof typeof vendorFailures;

export const failureNames = Object.keys(vendorFailures) as VendorFailure[]; // the keys of a closed record

/** The failure as an error; `detail.failure` carries its name. */
export function vendorError(
  failure: VendorFailure,
  message: string,
  { creates, detail, ...rest }: AppErrorOptions & { readonly creates: boolean },
): AppError {
  const kind = vendorFailures[failure][creates ? 'creating' : 'otherwise'];
  return new AppError(kind, message, { ...rest, detail: { failure, ...detail } });
}

/** The name that an error carries; what nobody translated is a bug of ours, or an error that is not a vendor's. */
export function failureOf(error: unknown): VendorFailure | 'other' {
  const named = error instanceof AppError ? error.detail['failure'] : undefined;
  return failureNames.find((name) => name === named) ?? 'other';
}

const dnsCodes = /^(?:ENOTFOUND|EAI_)/u;
const tlsCodes =
  /^(?:ERR_TLS_|ERR_SSL_|CERT_|EPROTO$|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|CRL_)/u;
const connectCodes =
  /^(?:ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|ETIMEDOUT|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT)$/u;
const bodyCodes =
  /^(?:HPE_|HTTPParserError$|UND_ERR_RES_EXCEEDED_MAX_SIZE$|UND_ERR_RES_CONTENT_LENGTH_MISMATCH$|UND_ERR_HEADERS_OVERFLOW$)/u;

/** How it failed before a request could be sent, by Node's error code; undefined when the code does not say. */
export function connectionFailure(code: string): 'dns' | 'connect' | 'tls' | undefined {
  if (dnsCodes.test(code)) return 'dns';
  if (tlsCodes.test(code)) return 'tls';
  return connectCodes.test(code) ? 'connect' : undefined;
}

/** Whether this code of undici's says that an answer came which cannot be used. */
export function isBodyFailure(code: string): boolean {
  return bodyCodes.test(code);
}

/** The vendor could not be reached or did not answer properly. Every other kind is an answer: the vendor works. */
export const failures: ReadonlySet<ErrorKind> = new Set(['unavailable', 'ambiguous']);
/** Whoever wants to know whether the vendor works learns nothing from these: neither from "too many requests". */
export const provesNothing: ReadonlySet<ErrorKind> = new Set([...failures, 'rate-limited']);
