import { bodyOf, frame, readWireText, wireText, type WireMessage } from './wire-message.js';

/**
 * All clients share one session, and two of them may call different statements by the same name. Each client's
 * names are therefore exchanged for names of its own. The new names are short: PostgreSQL cuts names at 63 bytes.
 */
export class PrivateNames {
  private readonly given = new Map<string, string>();

  constructor(private readonly clientId: number) {}

  rewrite(message: WireMessage): WireMessage {
    const body = bodyOf(message);
    switch (message.type) {
      case 'P':
      case 'E':
        return this.rename(message, body.subarray(0, 0), body, message.type === 'P' ? 's' : 'p');
      case 'C':
      case 'D':
        return this.rename(message, body.subarray(0, 1), body.subarray(1), body[0] === statementKind ? 's' : 'p');
      case 'B':
        return this.renameBind(message, body);
      default:
        return message;
    }
  }

  /** Messages which make the database forget every statement of this client; an unknown one is no error there. */
  closeStatements(): WireMessage[] {
    const statements = [...this.given].filter(([key]) => key.startsWith('s')).map(([, name]) => name);
    return statements.map((name) => frame('C', Buffer.concat([Buffer.from('S'), wireText(name)])));
  }

  private rename(message: WireMessage, before: Buffer, body: Buffer, kind: NameKind): WireMessage {
    const { text, next } = readWireText(body, 0);
    if (text === '') return message;
    return frame(message.type, Buffer.concat([before, wireText(this.own(kind, text)), body.subarray(next)]));
  }

  private renameBind(message: WireMessage, body: Buffer): WireMessage {
    const portal = readWireText(body, 0);
    const statement = readWireText(body, portal.next);
    if (portal.text === '' && statement.text === '') return message;
    const names = [this.own('p', portal.text), this.own('s', statement.text)].map(wireText);
    return frame('B', Buffer.concat([...names, body.subarray(statement.next)]));
  }

  private own(kind: NameKind, name: string): string {
    if (name === '') return '';
    const key = `${kind}${name}`;
    const known = this.given.get(key);
    if (known !== undefined) return known;
    const own = `client${this.clientId}_${kind}${this.given.size + 1}`;
    this.given.set(key, own);
    return own;
  }
}

type NameKind = 's' | 'p';
const statementKind = 'S'.charCodeAt(0);
