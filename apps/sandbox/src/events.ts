import type { FastifyReply } from 'fastify';

/** A comment in the stream keeps proxies and idle timers from closing it. */
const heartbeatMs = 15_000;

/** Server-sent events for every page that looks on. */
export class EventStream {
  readonly #pages = new Set<FastifyReply['raw']>();
  readonly #heartbeat = setInterval(() => this.#write(': still here\n\n'), heartbeatMs).unref();
  #lastId = 0;

  join(reply: FastifyReply): FastifyReply {
    reply.hijack();
    reply.raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      connection: 'keep-alive',
      'x-accel-buffering': 'no',
    });
    // A page that comes back after a break reads the state again instead of asking what it missed.
    reply.raw.write('retry: 1000\nevent: reset\ndata: {}\n\n');
    this.#pages.add(reply.raw);
    reply.raw.on('close', () => this.#pages.delete(reply.raw));
    return reply;
  }

  send(name: string, data: unknown): void {
    this.#lastId += 1;
    this.#write(`id: ${this.#lastId}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  close(): void {
    clearInterval(this.#heartbeat);
    for (const page of this.#pages) page.end();
    this.#pages.clear();
  }

  #write(text: string): void {
    for (const page of this.#pages) page.write(text);
  }
}
