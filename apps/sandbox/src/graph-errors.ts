import { newTraceId } from './ids.js';
import type { VendorAnswer } from './vendor-desk.js';

interface GraphError {
  readonly message: string;
  readonly code: number;
  readonly type?: string;
  readonly subcode?: number;
  readonly transient?: boolean;
  readonly userMessage?: string;
}

/** A refusal in the Graph API's words: often HTTP 400, told apart by code and subcode. */
export function graphError(status: number, error: GraphError): VendorAnswer {
  return {
    status,
    body: {
      error: {
        message: error.message,
        type: error.type ?? 'OAuthException',
        code: error.code,
        ...(error.subcode !== undefined && { error_subcode: error.subcode }),
        ...(error.transient !== undefined && { is_transient: error.transient }),
        ...(error.userMessage !== undefined && { error_user_msg: error.userMessage }),
        fbtrace_id: newTraceId(),
      },
    },
  };
}

export const noToken = (): VendorAnswer =>
  graphError(400, { message: 'An access token is required to request this resource.', code: 104 });

export const wrongToken = (): VendorAnswer =>
  graphError(400, { message: 'Invalid OAuth access token - Cannot parse access token', code: 190 });

export const missingObject = (method: string, id: string): VendorAnswer =>
  graphError(400, {
    message: `Unsupported ${method.toLowerCase()} request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation`,
    type: 'GraphMethodException',
    code: 100,
    subcode: 33,
  });

export const badParameter = (message: string): VendorAnswer =>
  graphError(400, { message: `(#100) ${message}`, code: 100 });

export const unknownPath = (path: string): VendorAnswer =>
  graphError(400, { message: `Unknown path components: ${path}`, code: 2500 });

/** What a spoiled call answers when the fault names no body of its own. */
export function graphFailure(status: number): unknown {
  if (status === 429) {
    return graphError(status, { message: '(#4) Application request limit reached', code: 4, transient: true }).body;
  }
  const message = 'An unexpected error has occurred. Please retry your request later.';
  return graphError(status, { message, code: status >= 500 ? 2 : 1, transient: true }).body;
}
