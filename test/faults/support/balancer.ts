import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { Agent, request } from 'undici';

const lookEveryMs = 150;
const lookWithinMs = 1_500;
/** So long a request waits for somebody who is ready. */
const heldForMs = 9_000;

export interface BalancerReport {
  readonly forwarded: number;
  /** Refused by one and then taken by the other: nothing had been sent, so nothing was lost. */
  readonly takenByAnother: number;
  /** Broken after it was sent; no balancer may send such a request again. */
  readonly broken: readonly string[];
  /** Answered by a server that is closing, and not by the api. */
  readonly sentAway: number;
}

/**
 * What stands before several apis, as small as it can be: one after the other, those that say that they are ready.
 * A refused connection is tried elsewhere; a request that was sent is not.
 */
export class Balancer {
  private readonly agent = new Agent({ connections: 64 });
  private readonly ready = new Set<string>();
  private readonly broken: string[] = [];
  private forwarded = 0;
  private turn = 0;
  private takenByAnother = 0;
  private sentAway = 0;
  private stopped = false;

  private constructor(
    private readonly server: Server,
    private readonly targets: readonly string[],
  ) {}

  static async start(targets: readonly string[]): Promise<Balancer> {
    const server = createServer((incoming, answer) => void balancer.serve(incoming, answer));
    const balancer = new Balancer(server, targets);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    for (const target of targets) void balancer.watch(target);
    return balancer;
  }

  get url(): string {
    const address = this.server.address();
    return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  }

  isReady(target: string): boolean {
    return this.ready.has(target);
  }

  report(): BalancerReport {
    const { forwarded, takenByAnother, broken, sentAway } = this;
    return { forwarded, takenByAnother, broken: broken.slice(0, 10), sentAway };
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.server.closeAllConnections();
    this.server.close();
    await this.agent.destroy();
  }

  private async watch(target: string): Promise<void> {
    while (!this.stopped) {
      const ready = await looksReady(target);
      if (ready === true) this.ready.add(target);
      else if (ready === false) this.ready.delete(target);
      await wait(lookEveryMs);
    }
  }

  private async serve(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
    const body = Buffer.concat(chunks);
    const until = performance.now() + heldForMs;
    while (performance.now() < until) {
      const target = this.next();
      const status = target === undefined ? undefined : await this.forward(target, incoming, body);
      if (target === undefined) await wait(lookEveryMs);
      else if (status === 'refused') this.takenByAnother += 1;
      else return void answer.writeHead(status ?? 502).end();
    }
    answer.writeHead(504).end();
  }

  /** In turn; while nobody is ready, requests are held. */
  private next(): string | undefined {
    const usable = this.targets.filter((target) => this.ready.has(target));
    return usable[(this.turn += 1) % usable.length];
  }

  private async forward(
    target: string,
    { method = 'GET', url = '/', headers }: IncomingMessage,
    body: Buffer,
  ): Promise<number | 'refused' | undefined> {
    const { host: _host, connection: _connection, 'content-length': _length, ...kept } = headers;
    try {
      this.forwarded += 1;
      const {
        statusCode,
        headers: told,
        body: content,
      } = await request(`${target}${url}`, {
        dispatcher: this.agent,
        method: method === 'POST' ? 'POST' : 'GET',
        headers: kept,
        ...(method === 'POST' && { body }),
      });
      await content.dump();
      // The api's own refusals are problems in its words; a server that closes answers for itself.
      if (statusCode === 503 && !String(told['content-type']).includes('problem+json')) this.sentAway += 1;
      return statusCode;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      if (code === 'ECONNREFUSED') {
        this.ready.delete(target);
        return 'refused';
      }
      this.broken.push(code);
      return undefined;
    }
  }
}

/** @returns undefined when there was no answer in time, which says nothing */
async function looksReady(target: string): Promise<boolean | undefined> {
  try {
    const answer = await fetch(`${target}/health/ready`, { signal: AbortSignal.timeout(lookWithinMs) });
    await answer.arrayBuffer();
    return answer.status === 200;
  } catch (error) {
    return error instanceof DOMException && error.name === 'TimeoutError' ? undefined : false;
  }
}
