import { bodyOf, readWireText, type WireMessage, WireError } from './wire-message.js';

/**
 * Messages which the database must see in one go, because another client's message between them would change
 * their meaning: one simple query, or everything up to Sync. A Flush also ends a unit (the client waits for the
 * answer before it goes on), but then the client keeps the session until its Sync.
 */
export interface Unit {
  readonly messages: readonly WireMessage[];
  readonly ends: 'ready' | 'flushed';
}

const extended = new Set(['P', 'B', 'D', 'E', 'C']);
const copyData = new Set(['d', 'c', 'f']);

export class UnitCollector {
  private open: WireMessage[] = [];

  /** Returns the unit which this message completes, if it does. */
  add(message: WireMessage): Unit | undefined {
    if (extended.has(message.type)) {
      this.open.push(message);
      return undefined;
    }
    // PostgreSQL itself ignores copy data that arrives outside a COPY, and COPY FROM is refused by the session.
    if (copyData.has(message.type)) return undefined;
    if (message.type === 'H') return this.open.length > 0 ? this.close(message, 'flushed') : undefined;
    if (message.type === 'S' || message.type === 'Q' || message.type === 'F') return this.close(message, 'ready');
    throw new WireError(`a message of type "${message.type}" is not expected here`);
  }

  private close(last: WireMessage, ends: Unit['ends']): Unit {
    const unit: Unit = { messages: [...this.open, last], ends };
    this.open = [];
    return unit;
  }
}

/** The SQL texts which a unit carries. */
export function sqlOf(unit: Unit): string[] {
  return unit.messages.flatMap((message) => {
    const body = bodyOf(message);
    if (message.type === 'Q') return [readWireText(body, 0).text];
    if (message.type === 'P') return [readWireText(body, readWireText(body, 0).next).text];
    return [];
  });
}
