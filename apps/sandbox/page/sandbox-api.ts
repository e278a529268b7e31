import type { Explanation, SandboxState, Suggestion } from './wire.js';

/** A request that did not work, with a sentence that may be shown to the visitor. */
export class SandboxError extends Error {
  constructor(
    message: string,
    /** HTTP status; 0 when nothing answered. */
    readonly status: number,
  ) {
    super(message);
    this.name = 'SandboxError';
  }
}

export interface NewComment {
  readonly text: string;
  readonly username: string;
  readonly mediaId: string;
  readonly parentId?: string;
}

export const readState = (): Promise<SandboxState> => call('/_sandbox/state');

export const readSuggestions = (): Promise<readonly Suggestion[]> => call('/_sandbox/suggestions');

/** Status 404 while the system has not heard of the comment, 502 while it does not answer. */
export const readExplanation = (commentId: string): Promise<Explanation> =>
  call(`/_sandbox/decisions/${encodeURIComponent(commentId)}`);

export const writeComment = (comment: NewComment): Promise<{ readonly id: string }> =>
  call('/_sandbox/comments', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(comment),
  });

async function call<T>(path: string, init?: RequestInit): Promise<T> {
  const response = await fetch(path, init).catch(() => {
    throw new SandboxError('The sandbox does not answer. Is it still running?', 0);
  });
  if (!response.ok) throw new SandboxError(await sentenceOf(response), response.status);
  return response.json();
}

/** The `detail` of a problem+json body, or the plain status. */
async function sentenceOf(response: Response): Promise<string> {
  const problem: unknown = await response.json().catch(() => undefined);
  if (typeof problem === 'object' && problem !== null && 'detail' in problem && typeof problem.detail === 'string') {
    return problem.detail;
  }
  return `The sandbox answered ${response.status} ${response.statusText}`.trim();
}
