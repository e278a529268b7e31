import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import { AppError } from '#domain/shared/errors.js';
import { cutText } from '#domain/shared/text.js';
import { vendorError, type VendorFailure } from '../resilience/vendor-failures.js';
import { TransportFailure } from './openai-transport.js';

// developers.openai.com/api/docs/guides/error-codes, read in November 2026. Money is used up: waiting does not help.
const billingCodes = new Set(['insufficient_quota', 'billing_hard_limit_reached', 'billing_not_active']);
// The prompt itself was held back: Azure and OpenAI's safety checks answer 400 instead of a refusal.
const contentCodes = new Set(['content_filter', 'content_policy_violation', 'invalid_prompt']);

/** Whether the server will not let a model see this very text. */
export function isContentRefusal(error: unknown): boolean {
  return error instanceof APIError && error.status === 400 && contentCodes.has(error.code ?? '');
}

// What a model writes is seen by nobody until we publish it: asking twice does no harm.
const creates = false;

/** Any failure of a model call in our words. Decided by status and code, never by text. */
export function modelError(error: unknown, secret: string): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof APIUserAbortError || error instanceof APIConnectionTimeoutError) {
    return vendorError('timeout-after-send', 'the model did not answer in time', { creates });
  }
  const underneath = error instanceof APIConnectionError ? error.cause : undefined;
  if (underneath instanceof TransportFailure && underneath.failure instanceof AppError) return underneath.failure;
  if (!(error instanceof APIError) || error instanceof APIConnectionError) {
    // As a rule JSON that is none.
    return vendorError('bad-body', 'the model server gave no usable answer', { creates, cause: error });
  }
  const status: unknown = error.status;
  const failure = failureOfStatus(typeof status === 'number' ? status : 0, error.code, error.type);
  const retryAfterMs = failure === 'rate-limited' ? retryAfter(error) : undefined;
  // Whatever its type says: compatible servers send numbers here.
  const code: unknown = error.code ?? error.type ?? 'no code';
  return vendorError(failure, `the model server answered ${String(status)} (${cutText(String(code), 60)})`, {
    creates,
    detail: detailOf(error, secret),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

function failureOfStatus(status: number, code: unknown, type: unknown): VendorFailure {
  const billing = [code, type].some((word) => typeof word === 'string' && billingCodes.has(word));
  if (billing || status === 402) return 'quota'; // 402: OpenRouter and other resellers
  if (status === 429) return 'rate-limited';
  // A wrong key, a missing right, a model that does not exist, an address that has moved: not this comment's fault. It
  // waits until somebody has put the setting right, instead of parking everything that came meanwhile.
  if (status === 401 || status === 403 || status === 404 || (status >= 300 && status < 400)) return 'misconfigured';
  if (status >= 500 || status === 408 || status === 409) return 'unavailable';
  return 'rejected';
}

/** `retry-after-ms` is OpenAI's own and exact; `retry-after` is in seconds, or a date which we do not read. */
function retryAfter(error: APIError): number | undefined {
  const headers: unknown = error.headers;
  if (!(headers instanceof Headers)) return undefined;
  const exact = Number(headers.get('retry-after-ms') ?? Number.NaN);
  const wait = Number.isFinite(exact) ? exact : Number(headers.get('retry-after') ?? Number.NaN) * 1_000;
  return Number.isFinite(wait) && wait > 0 ? wait : undefined;
}

function detailOf(error: APIError, secret: string): Record<string, string | number> {
  const detail: Record<string, string | number> = { message: cutText(error.message.replaceAll(secret, '[key]'), 300) };
  const known = {
    status: error.status,
    code: error.code,
    type: error.type,
    param: error.param,
    request: error.requestID,
  };
  for (const [name, value] of Object.entries(known)) {
    if (typeof value === 'string' || typeof value === 'number') detail[name] = value;
  }
  return detail;
}
