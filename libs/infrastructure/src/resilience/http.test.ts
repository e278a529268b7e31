import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer, type Socket } from 'node:net';
import { once } from 'node:events';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VendorHttp, type VendorRequest } from './http.js';
import type { VendorFailure } from './vendor-failures.js';

let respond: (request: IncomingMessage, response: ServerResponse) => void;
let server: Server;
let http: VendorHttp;
const secret = 'bot12345-token';

beforeEach(async () => {
  http = new VendorHttp('vendor');
  server = createServer((request, response) => respond(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  await http.close();
  server.closeAllConnections();
  server.close();
});

const portOf = (of: Server | TcpServer): number => {
  const address: AddressInfo | string | null = of.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
};
const request = (over: Partial<VendorRequest> = {}): VendorRequest => ({
  method: 'POST',
  url: new URL(`http://127.0.0.1:${portOf(server)}/${secret}/send?a=1`),
  creates: true,
  signal: new AbortController().signal,
  ...over,
});

describe('a call to a vendor', () => {
  it('brings back status, headers and text, whatever the status is', async () => {
    respond = (incoming, response) => {
      response.writeHead(503, { 'x-usage': '7' }).end(`${incoming.method} ${incoming.url}`);
    };
    const answer = await http.call(request({ body: 'x=1' }));
    expect(answer).toMatchObject({ status: 503, text: `POST /${secret}/send?a=1` });
    expect(answer.headers['x-usage']).toBe('7');
  });

  it('follows no redirect', async () => {
    let calls = 0;
    respond = (_, response) => {
      calls += 1;
      response.writeHead(302, { location: '/elsewhere' }).end();
    };
    await expect(http.call(request({ method: 'GET', creates: false }))).resolves.toMatchObject({ status: 302 });
    expect(calls).toBe(1);
  });

  it('is not begun any more when the connection came too late: nothing was sent, and it surely did not happen', async () => {
    let calls = 0;
    respond = (_, response) => {
      calls += 1;
      response.end('ok');
    };
    const late = http.call(request({ startWithinMs: -1 }));
    await expect(late).rejects.toMatchObject({ kind: 'unavailable', detail: { failure: 'timeout-before-send' } });
    await http.call(request({ startWithinMs: 60_000 }));
    expect(calls).toBe(1);
  });

  it('keeps connections for the next calls', async () => {
    const sockets = new Set<Socket>();
    respond = (incoming, response) => {
      sockets.add(incoming.socket);
      response.end('ok');
    };
    for (let count = 0; count < 10; count += 1) await http.call(request());
    // Two: the pool may open the second before it knows that the first is free again.
    expect(sockets.size).toBeLessThanOrEqual(2);
  });
});

describe('what surely did not happen', () => {
  it('is a refused connection', async () => {
    const closed = createTcpServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const port = portOf(closed);
    closed.close();
    await once(closed, 'close');
    await expect(http.call(request({ url: new URL(`http://127.0.0.1:${port}/`) }))).rejects.toMatchObject({
      kind: 'unavailable',
      message: 'vendor was not reached (ECONNREFUSED)',
      detail: { failure: 'connect' },
    });
  });

  it('is a name that nobody knows', async () => {
    await expect(http.call(request({ url: new URL('http://vendor.invalid/') }))).rejects.toMatchObject({
      kind: 'unavailable',
      detail: { failure: 'dns' },
    });
  });

  it('is a failed TLS handshake', async () => {
    const url = new URL(`https://127.0.0.1:${portOf(server)}/`);
    await expect(http.call(request({ url }))).rejects.toMatchObject({
      kind: 'unavailable',
      detail: { failure: 'tls' },
    });
  });

  it('is a call that was stopped while it waited for a connection', async () => {
    // Accepts the connection, never finishes the TLS handshake.
    const mute = createTcpServer(() => undefined).listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const stop = new AbortController();
    mute.once('connection', () => stop.abort(new Error('late')));
    const url = new URL(`https://127.0.0.1:${portOf(mute)}/`);
    await expect(http.call(request({ url, signal: stop.signal }))).rejects.toMatchObject({
      kind: 'unavailable',
      detail: { failure: 'timeout-before-send' },
    });
    mute.close();
  });

  it('is a call that was stopped before it began', async () => {
    respond = (_, response) => response.end('must not be asked');
    await expect(http.call(request({ signal: AbortSignal.abort() }))).rejects.toMatchObject({ kind: 'unavailable' });
  });
});

describe('what may have happened', () => {
  const endings: [string, VendorFailure, (incoming: IncomingMessage, response: ServerResponse) => void][] = [
    ['a reset after the request', 'reset', (incoming) => incoming.socket.destroy()],
    [
      'an answer that breaks off',
      'reset',
      (_, response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('{"id":');
        setImmediate(() => response.destroy());
      },
    ],
    ['an answer beyond two megabytes', 'bad-body', (_, response) => response.end('x'.repeat(3 * 1024 * 1024))],
    ['an answer that is no HTTP', 'bad-body', (incoming) => incoming.socket.end('hello\r\n\r\n')],
  ];
  it.each(endings)('is %s', async (_, failure, ending) => {
    // audit 28, 67
    respond = ending;
    await expect(http.call(request())).rejects.toMatchObject({ kind: 'ambiguous', detail: { failure } });
    const twice = request({ creates: false });
    await expect(http.call(twice)).rejects.toMatchObject({ kind: 'unavailable', detail: { failure } });
  });

  it('is a call that was stopped while the vendor was thinking', async () => {
    const stop = new AbortController();
    respond = () => stop.abort(new Error('late'));
    await expect(http.call(request({ signal: stop.signal }))).rejects.toMatchObject({
      kind: 'ambiguous',
      detail: { failure: 'timeout-after-send' },
    });
  });

  it('is a call that was stopped in the middle of a slow answer', async () => {
    const stop = new AbortController();
    respond = (_, response) => {
      response.writeHead(200);
      response.write('{"id":');
      setImmediate(() => stop.abort(new Error('late')));
    };
    await expect(http.call(request({ signal: stop.signal }))).rejects.toMatchObject({
      kind: 'ambiguous',
      detail: { failure: 'timeout-after-send' },
    });
  });
});

it('never tells the address in an error: it may hold a token', async () => {
  respond = (incoming) => incoming.socket.destroy();
  const error: unknown = await http.call(request()).catch((caught: unknown) => caught);
  expect(inspect(error, { depth: 10 })).not.toContain(secret);
  const other: unknown = await http
    .call(request({ url: new URL(`http://127.0.0.1:1/${secret}`) }))
    .catch((caught: unknown) => caught);
  expect(inspect(other, { depth: 10 })).not.toContain(secret);
});
