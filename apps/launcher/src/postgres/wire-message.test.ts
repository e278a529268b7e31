import { describe, expect, it } from 'vitest';

import { bodyOf, frame, MessageReader, readWireText, splitMessages, WireError, wireText } from './wire-message.js';

const query = frame('Q', wireText('select 1'));
const sync = frame('S');

describe('wire messages', () => {
  it('come out whole wherever the network cut them', () => {
    const stream = Buffer.concat([query.bytes, sync.bytes, query.bytes]);
    for (let cut = 1; cut < stream.length; cut += 1) {
      const reader = new MessageReader();
      const types: string[] = [];
      for (const chunk of [stream.subarray(0, cut), stream.subarray(cut)]) {
        reader.push(chunk);
        for (let message = reader.takeMessage(); message; message = reader.takeMessage()) types.push(message.type);
      }
      expect(types.join('')).toBe('QSQ');
    }
  });

  it('come out whole when every byte arrives alone, long ones too', () => {
    const long = frame('P', Buffer.alloc(3_000, 7));
    const reader = new MessageReader();
    for (const byte of long.bytes.subarray(0, -1)) {
      reader.push(Buffer.from([byte]));
      expect(reader.takeMessage()).toBeUndefined();
    }
    reader.push(Buffer.from([7]));
    expect(reader.takeMessage()?.bytes.equals(long.bytes)).toBe(true);
  });

  it('keep their text and tell where it ends', () => {
    expect(readWireText(bodyOf(query), 0)).toEqual({ text: 'select 1', next: 9 });
    expect(() => readWireText(Buffer.from('no end'), 0)).toThrow(WireError);
  });

  it('with an impossible length are refused', () => {
    const reader = new MessageReader();
    reader.push(Buffer.from([0x51, 0, 0, 0, 3, 0]));
    expect(() => reader.takeMessage()).toThrow('3 bytes');
  });

  it('of an answer that was cut off are not taken for the whole answer', () => {
    expect(splitMessages(Buffer.concat([sync.bytes, query.bytes])).map(({ type }) => type)).toEqual(['S', 'Q']);
    expect(() => splitMessages(query.bytes.subarray(0, 8))).toThrow(WireError);
  });

  it('start with a packet without a type, and anything else is no PostgreSQL client', () => {
    const reader = new MessageReader();
    reader.push(Buffer.from([0, 0, 0, 8, 4, 210, 22]));
    expect(reader.takeStartup()).toBeUndefined();
    reader.push(Buffer.from([47]));
    expect(reader.takeStartup()?.readInt32BE(0)).toBe(80877103);

    const browser = new MessageReader();
    browser.push(Buffer.from('GET / HTTP/1.1\r\n'));
    expect(() => browser.takeStartup()).toThrow('not a PostgreSQL client');
  });
});
