import { bodyOf, frame, readWireText, wireText, type WireMessage } from './wire-message.js';

/** Transaction state as ReadyForQuery tells it; undefined when the answer has none (after a Flush). */
export type SessionState = 'idle' | 'in-transaction';

export function stateIn(messages: readonly WireMessage[]): SessionState | undefined {
  const ready = messages.findLast((message) => message.type === 'Z');
  if (!ready) return undefined;
  return bodyOf(ready).toString('latin1') === 'I' ? 'idle' : 'in-transaction';
}

export function failedIn(messages: readonly WireMessage[]): boolean {
  return messages.some((message) => message.type === 'E');
}

export function channelOf(notification: WireMessage): string {
  // Four bytes before the name are the number of the notifying process.
  return readWireText(bodyOf(notification), 4).text;
}

/** Rows of an answer in text format; null for SQL NULL. */
export function rowsIn(messages: readonly WireMessage[]): Array<Array<string | null>> {
  return messages.filter((message) => message.type === 'D').map((message) => readRow(bodyOf(message)));
}

function readRow(body: Buffer): Array<string | null> {
  const row: Array<string | null> = [];
  let offset = 2;
  for (let left = body.readInt16BE(0); left > 0; left -= 1) {
    const length = body.readInt32BE(offset);
    offset += 4;
    row.push(length < 0 ? null : body.toString('utf8', offset, offset + length));
    offset += Math.max(length, 0);
  }
  return row;
}

/** @param code SQLSTATE, see PostgreSQL's appendix A */
export function errorAnswer(severity: 'ERROR' | 'FATAL', code: string, text: string): Buffer {
  const fields = [`S${severity}`, `V${severity}`, `C${code}`, `M${text}`].map(wireText);
  return frame('E', Buffer.concat([...fields, Buffer.from([0])])).bytes;
}

export function readyAnswer(state: SessionState): Buffer {
  return frame('Z', Buffer.from(state === 'idle' ? 'I' : 'T')).bytes;
}

/** What a server says after a start-up packet: you are in, these are my parameters, go ahead. */
export function greeting(clientId: number, parameters: ReadonlyMap<string, string>): Buffer {
  const reports = [...parameters].map(([name, value]) => frame('S', Buffer.concat([wireText(name), wireText(value)])));
  // The second number is the key for cancel requests, which this front does not honour.
  const key = frame('K', Buffer.concat([number(clientId), number(0)]));
  const all = [frame('R', number(0)), ...reports, key].map((message) => message.bytes);
  return Buffer.concat([...all, readyAnswer('idle')]);
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
