import type { VendorAnswer } from './vendor-desk.js';

interface OpenAiError {
  readonly message: string;
  readonly type?: string;
  readonly param?: string;
  readonly code?: string;
}

export function openAiError(status: number, error: OpenAiError): VendorAnswer {
  return {
    status,
    body: {
      error: {
        message: error.message,
        type: error.type ?? 'invalid_request_error',
        param: error.param ?? null,
        code: error.code ?? null,
      },
    },
  };
}

export const badKey = (): VendorAnswer =>
  openAiError(401, {
    message: 'Incorrect API key provided. You can find your API key at https://platform.openai.com/account/api-keys.',
    code: 'invalid_api_key',
  });

export const unknownModel = (model: string): VendorAnswer =>
  openAiError(404, {
    message: `The model \`${model}\` does not exist or you do not have access to it.`,
    code: 'model_not_found',
  });

export const invalid = (message: string, param?: string, code?: string): VendorAnswer =>
  openAiError(400, { message, ...(param !== undefined && { param }), ...(code !== undefined && { code }) });

/** What a spoiled call answers when the fault names no body of its own. */
export function openAiFailure(status: number): unknown {
  if (status === 429) {
    return openAiError(status, { message: 'Rate limit reached.', type: 'requests', code: 'rate_limit_exceeded' }).body;
  }
  const message = 'The server had an error while processing your request. Sorry about that!';
  return openAiError(status, { message, type: status >= 500 ? 'server_error' : 'invalid_request_error' }).body;
}
