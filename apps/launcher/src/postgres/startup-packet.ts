import { readWireText } from './wire-message.js';

/** What a client may say first. */
export type Opening =
  | { readonly kind: 'encryption' }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'unknown-protocol'; readonly version: string }
  | { readonly kind: 'session'; readonly settings: ReadonlyMap<string, string> };

const sslRequest = 80877103;
const gssRequest = 80877104;
const cancelRequest = 80877102;
// The answer is always UTF-8 and there is one database and one user, so these are taken for read.
const ignored = new Set(['user', 'database', 'replication', 'client_encoding']);

/** @param packet the first packet of a connection, without its length */
export function readOpening(packet: Buffer): Opening {
  const code = packet.readInt32BE(0);
  if (code === sslRequest || code === gssRequest) return { kind: 'encryption' };
  if (code === cancelRequest) return { kind: 'cancel' };
  const major = code >>> 16;
  if (major !== 3) return { kind: 'unknown-protocol', version: `${major}.${code & 0xffff}` };
  return { kind: 'session', settings: readSettings(packet) };
}

function readSettings(packet: Buffer): Map<string, string> {
  const settings = new Map<string, string>();
  for (let offset = 4; offset < packet.length && packet[offset] !== 0;) {
    const name = readWireText(packet, offset);
    const value = readWireText(packet, name.next);
    offset = value.next;
    if (name.text === 'options') for (const [key, given] of readOptions(value.text)) settings.set(key, given);
    else if (!ignored.has(name.text) && !name.text.startsWith('_pq_.')) settings.set(name.text, value.text);
  }
  return settings;
}

/** `-c name=value` and `--name=value`, blanks inside a value escaped by a backslash, as the postgres command line. */
export function readOptions(options: string): Array<[name: string, value: string]> {
  const words = options.match(/(?:\\.|[^\s\\])+/g) ?? [];
  const settings: Array<[string, string]> = [];
  let expectsSetting = false;
  for (const word of words) {
    const plain = word.replaceAll(/\\(.)/g, '$1');
    const setting = expectsSetting ? plain : /^(?:-c|--)(.+)$/.exec(plain)?.[1];
    expectsSetting = !expectsSetting && plain === '-c';
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(setting ?? '') ?? [];
    if (name !== undefined && value !== undefined) settings.push([name.replaceAll('-', '_'), value]);
  }
  return settings;
}
