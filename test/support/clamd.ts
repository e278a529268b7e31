import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

/** The virus test file of EICAR, written so that this source is not one. */
export const testVirus = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}', '$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!', '$H+H*'].join('');

/** A virus scanner that speaks clamd's INSTREAM over TCP and knows one virus. */
export class TestClamd {
  scanned = 0;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((socket) => this.#scan(socket));
  }

  static async start(): Promise<TestClamd> {
    const clamd = new TestClamd();
    clamd.#server.listen(0, '127.0.0.1');
    await once(clamd.#server, 'listening');
    return clamd;
  }

  get address(): string {
    const address = this.#server.address();
    return `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  }

  async stop(): Promise<void> {
    this.#server.close();
    await once(this.#server, 'close');
  }

  #scan(socket: Socket): void {
    let received = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, Buffer.from(chunk)]);
      const content = contentOf(received);
      if (content === undefined) return;
      this.scanned += 1;
      socket.end(content.includes(testVirus) ? 'stream: Eicar-Signature FOUND\0' : 'stream: OK\0');
    });
  }
}

/** Undefined until the piece of length zero has come. */
function contentOf(received: Buffer): Buffer | undefined {
  const pieces: Buffer[] = [];
  let at = 'zINSTREAM\0'.length;
  while (received.length >= at + 4) {
    const length = received.readUInt32BE(at);
    if (length === 0) return Buffer.concat(pieces);
    pieces.push(received.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return undefined;
}
