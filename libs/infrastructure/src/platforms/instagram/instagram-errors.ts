import type { AppError } from '#domain/shared/errors.js';
import type { VendorAnswer } from '../../resilience/http.js';
import { vendorError, type VendorFailure } from '../../resilience/vendor-failures.js';
import { parseLossless } from './lossless-json.js';
import { errorBody, type GraphError } from './instagram-schemas.js';
import { usageOf } from './instagram-usage.js';

/** What was asked, in words, and whether it makes something new. */
export interface Asked {
  readonly what: string;
  readonly creates: boolean;
}

// Told apart by code and subcode, never by text. developers.facebook.com/docs/instagram-platform/instagram-graph-api/
// reference/error-codes and /docs/graph-api/guides/error-handling, both read in November 2026.
const bySubcode: Readonly<Record<string, VendorFailure>> = {
  '4/2207051': 'action-block', // "We restrict certain activity to protect our community": looks like a limit, is none
  '20/1772107': 'created-but-refused', // seen in the wild: the comment is created, then refused; retries posted four copies
  '10/2534022': 'rejected', // a message outside of its window: too late, no missing right
  '100/2018292': 'gone', // a message to a comment that does not exist (restfb#1165)
  '100/33': 'gone', // the object does not exist, or not for us
};

const byCode: Readonly<Record<number, VendorFailure>> = {
  [-2]: 'unavailable', // a time-out inside Meta
  [-1]: 'unavailable',
  1: 'unavailable',
  2: 'unavailable',
  3: 'permission', // the app lacks the capability
  4: 'rate-limited',
  10: 'permission',
  17: 'rate-limited',
  24: 'gone', // the media could not be found
  25: 'action-block', // the Instagram account is restricted
  32: 'rate-limited',
  100: 'rejected',
  102: 'reconnect',
  104: 'reconnect', // no token arrived
  190: 'reconnect',
  341: 'rate-limited',
  368: 'action-block',
  506: 'duplicate',
  613: 'rate-limited',
  10_900: 'duplicate', // this comment has its one private reply: "Activity already replied to"
  803: 'gone', // an alias that does not exist
};

// All documented windows are a day at most; a longer wait would be a misread header.
const longestWaitMs = 24 * 3_600_000;

/** @param answer any that is not a usable success */
export function graphError(answer: VendorAnswer, asked: Asked): AppError {
  const error = readError(answer.text);
  const failure = error ? failureOf(error, answer.status) : failureOfStatus(answer.status, asked.creates);
  const retryAfterMs = failure === 'rate-limited' ? regainMs(answer) : undefined;
  return vendorError(failure, `${asked.what}: Instagram answered ${describe(answer.status, error)}`, {
    creates: asked.creates,
    detail: detailOf(answer.status, error),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

/** A success without the fields that make it one. */
export function unusableSuccess(answer: VendorAnswer, { what, creates }: Asked): AppError {
  const message = `${what}: Instagram answered ${answer.status} in a shape that we do not know`;
  return vendorError('bad-body', message, { creates, detail: { status: answer.status } });
}

function failureOf(error: GraphError, status: number): VendorFailure {
  const { code, error_subcode: subcode, is_transient: transient } = error;
  const known = bySubcode[`${code}/${subcode ?? ''}`] ?? byCode[code];
  if (known !== undefined) return known;
  if (code >= 200 && code <= 299) return 'permission'; // one missing permission each
  if (code >= 80_000 && code <= 80_014) return 'rate-limited'; // business use case limits; Instagram's is 80002
  if (transient === true || status >= 500) return 'unavailable';
  if (status === 429) return 'rate-limited';
  // Instagram also answers 401 for "too many actions" (postiz v1.62.1): without code 190 it does not mean a dead token.
  return status === 401 ? 'refused-for-now' : 'rejected';
}

/** Without an error of Graph's own somebody in between may have answered: after the work was done, or instead of it. */
function failureOfStatus(status: number, creates: boolean): VendorFailure {
  return status === 429 && !creates ? 'rate-limited' : 'unavailable';
}

/** How long the platform asks us to wait, in milliseconds: the longest of what it says; undefined when it says nothing. */
function regainMs(answer: VendorAnswer): number | undefined {
  const seconds = Number(answer.headers['retry-after'] ?? Number.NaN);
  const waits = [usageOf(answer)?.regainMs ?? 0, seconds * 1_000].filter((wait) => Number.isFinite(wait) && wait > 0);
  return waits.length === 0 ? undefined : Math.min(Math.max(...waits), longestWaitMs);
}

function readError(text: string): GraphError | undefined {
  return errorBody.safeParse(tryParse(text)).data?.error;
}

function tryParse(text: string): unknown {
  try {
    return parseLossless(text);
  } catch {
    return undefined; // HTML of a gateway, or half an answer: told by the schema that does not fit
  }
}

function describe(status: number, error: GraphError | undefined): string {
  if (!error) return `${status} without an error of its own`;
  return error.error_subcode ? `code ${error.code}, subcode ${error.error_subcode}` : `code ${error.code}`;
}

function detailOf(status: number, error: GraphError | undefined): Record<string, string | number | boolean> {
  if (!error) return { status };
  return {
    status,
    code: error.code,
    ...(error.error_subcode && { subcode: error.error_subcode }),
    ...(error.fbtrace_id && { fbtrace_id: error.fbtrace_id }),
    ...(error.message && { message: error.message.slice(0, 300) }),
  };
}
