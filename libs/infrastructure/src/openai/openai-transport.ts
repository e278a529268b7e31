import type { ClientOptions } from 'openai';
import type { VendorHttp } from '../resilience/http.js';

/** Says what became of a call in our words; the SDK wraps it, and `modelError` takes it out again. */
export class TransportFailure extends Error {
  /** @param failure not as `cause`: the SDK reads causes, and takes one that says "timeout" for its own */
  constructor(readonly failure: unknown) {
    super('no answer');
    this.name = 'TransportFailure';
  }
}

/** These have no body, not even an empty one. */
const withoutBody: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * A `fetch` for the SDK over the transport that all vendors share: the same deadline, sizes and words for what went
 * wrong, and a third of the processor time of the global one. No redirects: the key goes to the server that was named.
 */
export function fetchOver(http: VendorHttp): NonNullable<ClientOptions['fetch']> {
  return async (address, init) => {
    const { headers, body, signal } = init ?? {};
    if (init?.method !== 'POST' || typeof body !== 'string') throw new TypeError('only POST with a text is made here');
    let answer;
    try {
      answer = await http.call({
        method: 'POST',
        url: new URL(address instanceof Request ? address.url : address),
        headers: Object.fromEntries(new Headers(headers)),
        body,
        creates: false, // what a model writes is seen by nobody until we publish it
        signal: signal ?? new AbortController().signal,
      });
    } catch (error) {
      throw new TransportFailure(error);
    }
    return new Response(withoutBody.has(answer.status) ? null : answer.text, {
      status: answer.status,
      headers: Object.entries(answer.headers).map(([name, value]) => [name, String(value)]),
    });
  };
}
