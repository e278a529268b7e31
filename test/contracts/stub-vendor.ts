import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { text } from 'node:stream/consumers';

/** One request as the vendor saw it. */
export interface VendorCall {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export type VendorAnswer = (call: VendorCall, response: ServerResponse) => void;

/** A vendor reduced to one answer, for tests of what an adapter sends and of what it makes of an answer. */
export class StubVendor {
  readonly calls: VendorCall[] = [];
  answer: VendorAnswer = json({});
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => void this.#note(request, response));
  }

  async #note(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://stub');
    const call = {
      method: request.method ?? '',
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: request.headers,
      body: await text(request),
    };
    this.calls.push(call);
    this.answer(call, response);
  }

  static async start(): Promise<StubVendor> {
    const stub = new StubVendor();
    stub.#server.listen(0, '127.0.0.1');
    await once(stub.#server, 'listening');
    return stub;
  }

  get url(): string {
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

export function json(body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): VendorAnswer {
  return (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };
}
