import { type Socket } from 'node:net';

import { errorAnswer, greeting } from './answers.js';
import { SessionClient } from './session-client.js';
import { readOpening } from './startup-packet.js';
import { type Unit, UnitCollector } from './unit.js';
import { MessageReader, WireError, type WireMessage } from './wire-message.js';

export interface ConnectionEvents {
  /** The client has said who it is and may send units from now on. */
  joined(client: SessionClient): void;
  unit(client: SessionClient, unit: Unit): void;
}

/** The client's side of the wire: reads what arrives, in order, and says nothing to the database itself. */
export class Connection {
  private readonly reader = new MessageReader();
  private readonly units = new UnitCollector();
  private client: SessionClient | undefined;

  constructor(
    readonly id: number,
    private readonly socket: Socket,
    private readonly parameters: ReadonlyMap<string, string>,
    private readonly events: ConnectionEvents,
  ) {
    socket.on('data', (chunk) => this.receive(chunk));
    // A reset is followed by "close", where everything is put in order.
    socket.on('error', () => {});
  }

  send(bytes: Buffer): void {
    if (!this.socket.destroyed) this.socket.write(bytes);
  }

  /** @param code SQLSTATE which tells the client why */
  refuse(code: string, text: string): void {
    if (this.socket.destroyed) return;
    this.socket.end(errorAnswer('FATAL', code, text));
    // A client that has stopped reading must not keep the session.
    setTimeout(() => this.socket.destroy(), 1_000).unref();
  }

  private receive(chunk: Buffer): void {
    this.reader.push(chunk);
    try {
      while (!this.socket.writableEnded && this.step());
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.refuse('08P01', error.message);
    }
  }

  /** False when more bytes are needed first. */
  private step(): boolean {
    if (!this.client) return this.open();
    const message = this.reader.takeMessage();
    if (message) this.accept(this.client, message);
    return message !== undefined;
  }

  private accept(client: SessionClient, message: WireMessage): void {
    if (message.type === 'X') {
      this.socket.end();
      return;
    }
    const unit = this.units.add(message);
    if (unit) this.events.unit(client, unit);
  }

  private open(): boolean {
    const packet = this.reader.takeStartup();
    if (!packet) return false;
    const opening = readOpening(packet);
    switch (opening.kind) {
      case 'encryption':
        this.send(Buffer.from('N'));
        break;
      case 'cancel':
        this.socket.end();
        break;
      case 'unknown-protocol':
        this.refuse('0A000', `protocol ${opening.version} is not spoken here, only 3.0`);
        break;
      case 'session':
        this.client = new SessionClient(this.id, opening.settings);
        this.events.joined(this.client);
        this.send(greeting(this.id, this.parameters));
    }
    return true;
  }
}
