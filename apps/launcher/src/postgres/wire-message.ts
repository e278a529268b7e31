/**
 * PostgreSQL wire protocol 3: one type byte, a length which counts itself, a body.
 * Only what a front has to know is read here; everything else is passed on as it came.
 */
export interface WireMessage {
  /** One letter; the same letter may mean different things to and from the server. */
  readonly type: string;
  /** The whole message as on the wire. */
  readonly bytes: Buffer;
}

/** The peer does not speak the protocol; nothing after this point can be trusted. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

const headerLength = 5;
const longestMessage = 2 ** 30;
// PostgreSQL's own limit for the packet before authentication.
const longestStartup = 10_000;

export function frame(type: string, body: Buffer = Buffer.alloc(0)): WireMessage {
  const header = Buffer.alloc(headerLength);
  header.write(type, 0, 'latin1');
  header.writeInt32BE(body.length + 4, 1);
  return { type, bytes: Buffer.concat([header, body]) };
}

export function bodyOf(message: WireMessage): Buffer {
  return message.bytes.subarray(headerLength);
}

/** A string as the protocol writes it: UTF-8 and a zero byte. */
export function wireText(text: string): Buffer {
  return Buffer.from(`${text}\0`, 'utf8');
}

/** Reads a zero-ended string; `next` is the offset behind it. */
export function readWireText(body: Buffer, offset: number): { text: string; next: number } {
  const end = body.indexOf(0, offset);
  if (end < 0) throw new WireError('a string has no end');
  return { text: body.toString('utf8', offset, end), next: end + 1 };
}

/** Cuts a stretch of complete messages, such as one answer of the server. */
export function splitMessages(bytes: Buffer): WireMessage[] {
  const reader = new MessageReader();
  reader.push(bytes);
  const messages: WireMessage[] = [];
  for (let message = reader.takeMessage(); message; message = reader.takeMessage()) messages.push(message);
  if (reader.hasRest()) throw new WireError('an answer ends in the middle of a message');
  return messages;
}

/** Turns arriving chunks into messages, wherever the network cut them. */
export class MessageReader {
  private chunks: Buffer[] = [];
  private length = 0;

  push(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.length += chunk.length;
  }

  hasRest(): boolean {
    return this.length > 0;
  }

  /** The first packet of a connection has no type byte. Returned without its length. */
  takeStartup(): Buffer | undefined {
    if (this.length < 4) return undefined;
    const length = this.joined().readInt32BE(0);
    if (length < 8 || length > longestStartup) throw new WireError('this is not a PostgreSQL client');
    return this.take(length)?.subarray(4);
  }

  takeMessage(): WireMessage | undefined {
    if (this.length < headerLength) return undefined;
    const [first] = this.chunks;
    // While a long message is still arriving its pieces stay apart: joining at every chunk would copy it again and again.
    const head = first && first.length >= headerLength ? first : this.joined();
    const length = head.readInt32BE(1);
    if (length < 4 || length > longestMessage) throw new WireError(`a message claims to be ${length} bytes long`);
    const bytes = this.take(length + 1);
    return bytes && { type: bytes.toString('latin1', 0, 1), bytes };
  }

  private take(count: number): Buffer | undefined {
    if (this.length < count) return undefined;
    const all = this.joined();
    const rest = all.subarray(count);
    this.chunks = rest.length > 0 ? [rest] : [];
    this.length = rest.length;
    return all.subarray(0, count);
  }

  private joined(): Buffer {
    const [only] = this.chunks;
    if (only && this.chunks.length === 1) return only;
    const all = Buffer.concat(this.chunks, this.length);
    this.chunks = [all];
    return all;
  }
}
