import net from 'node:net';

/**
 * One kept connection that carries one request at a time. No HTTP library: the load must cost less than what is
 * measured. Knows just what our servers answer: a status, and a body with a Content-Length.
 */
export class RawClient {
  private socket: net.Socket | undefined;
  private answered: ((status: number) => void) | undefined;
  private received: Buffer | undefined;
  private status = 0;
  private missing = 0;

  constructor(private readonly port: number) {}

  /** @param request head and body as they go over the wire @returns the status; 0 when the connection broke */
  send(request: Buffer): Promise<number> {
    return new Promise((resolve) => {
      this.answered = resolve;
      this.socket ??= this.connect();
      this.socket.write(request);
    });
  }

  close(): void {
    this.socket?.destroy();
  }

  private connect(): net.Socket {
    const socket = net.connect(this.port, '127.0.0.1');
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.take(chunk));
    socket.on('error', () => undefined); // told by close
    socket.on('close', () => {
      if (this.socket === socket) this.socket = undefined;
      this.finish(0);
    });
    return socket;
  }

  private take(chunk: Buffer): void {
    if (this.missing > 0) {
      this.missing -= chunk.length;
      if (this.missing <= 0) this.finish(this.status);
      return;
    }
    const all = this.received ? Buffer.concat([this.received, chunk]) : chunk;
    const headEnd = all.indexOf('\r\n\r\n');
    if (headEnd === -1) {
      this.received = all;
      return;
    }
    this.received = undefined;
    const head = all.toString('latin1', 0, headEnd);
    this.status = Number(head.slice(9, 12));
    const length = Number(/content-length: *(\d+)/iu.exec(head)?.[1] ?? 0);
    this.missing = length - (all.length - headEnd - 4);
    if (/^connection: *close/imu.test(head)) this.socket = undefined; // its last answer; the next goes over a new one
    if (this.missing <= 0) this.finish(this.status);
  }

  private finish(status: number): void {
    const tell = this.answered;
    this.answered = undefined;
    this.missing = 0;
    this.received = undefined;
    tell?.(status);
  }
}
