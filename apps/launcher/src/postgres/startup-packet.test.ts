import { describe, expect, it } from 'vitest';

import { readOpening, readOptions } from './startup-packet.js';
import { wireText } from './wire-message.js';

function packet(code: number, ...texts: string[]): Buffer {
  const number = Buffer.alloc(4);
  number.writeInt32BE(code);
  return Buffer.concat([number, ...texts.map(wireText), ...(texts.length > 0 ? [Buffer.from([0])] : [])]);
}

describe('the first packet of a client', () => {
  it('asks for encryption, for a cancel, or for a session', () => {
    expect(readOpening(packet(80877103)).kind).toBe('encryption');
    expect(readOpening(packet(80877104)).kind).toBe('encryption');
    expect(readOpening(packet(80877102)).kind).toBe('cancel');
    expect(readOpening(packet(2 << 16))).toEqual({ kind: 'unknown-protocol', version: '2.0' });
  });

  it('brings settings, directly and in its options, but not who it is', () => {
    const sent = ['user', 'postgres', 'database', 'app', 'application_name', 'api', 'options', '-c TimeZone=UTC'];
    const opening = readOpening(packet(3 << 16, ...sent));
    const settings = opening.kind === 'session' ? Object.fromEntries(opening.settings) : undefined;
    expect(settings).toEqual({ application_name: 'api', TimeZone: 'UTC' });
  });

  it.each([
    [
      '-c a=1 -c b.c=2',
      [
        ['a', '1'],
        ['b.c', '2'],
      ],
    ],
    [
      '-ca=1 --work-mem=4MB',
      [
        ['a', '1'],
        ['work_mem', '4MB'],
      ],
    ],
    [
      String.raw`-c application_name=my\ app -c x=a\\b`,
      [
        ['application_name', 'my app'],
        ['x', String.raw`a\b`],
      ],
    ],
    ['-c search_path=a,b=c', [['search_path', 'a,b=c']]],
    ['nonsense -x -c', []],
  ])('reads the options %j', (options, expected) => {
    expect(readOptions(options)).toEqual(expected);
  });
});
