import { createServer, type Server, type Socket } from 'node:net';

import { Connection } from './connection.js';
import { type Engine, Session } from './session.js';
import { type SessionClient } from './session-client.js';
import { Turns } from './turns.js';
import { type Unit } from './unit.js';

export interface FrontOptions {
  /** What a server reports about itself at the start of a connection (server_version, TimeZone …). */
  readonly parameters: ReadonlyMap<string, string>;
  /** A client that leaves a transaction open this long without a word is cut off; milliseconds. */
  readonly idleInTransactionMs: number;
  /** The engine broke; nothing is answered any more. */
  readonly onBroken: (error: unknown) => void;
  /** One line for people. */
  readonly log: (line: string) => void;
}

/**
 * Serves one single-session database to many clients over the PostgreSQL wire protocol.
 * A transaction keeps the session, so transactions queue behind each other and a slow query stalls everyone.
 */
export class Front {
  private readonly session: Session;
  private readonly turns: Turns<SessionClient>;
  private readonly connections = new Map<number, Connection>();
  private readonly idle = new Map<SessionClient, NodeJS.Timeout>();
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;
  private lastId = 0;

  constructor(
    engine: Engine,
    private readonly options: FrontOptions,
  ) {
    this.session = new Session(engine);
    this.turns = new Turns(options.onBroken);
    this.server = createServer({ noDelay: true }, (socket) => this.connect(socket));
  }

  /** Listens on loopback only; port 0 takes a free one. Returns the port. */
  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, '127.0.0.1', resolve);
    });
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('the database front has no port');
    return address.port;
  }

  close(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    for (const timer of this.idle.values()) clearTimeout(timer);
  }

  private connect(socket: Socket): void {
    this.lastId += 1;
    const id = this.lastId;
    let joined: SessionClient | undefined;
    const connection = new Connection(id, socket, this.options.parameters, {
      joined: (client) => {
        joined = client;
        this.session.join(client);
      },
      unit: (client, unit) => this.turns.add(client, () => this.run(client, unit)),
    });
    this.sockets.add(socket);
    this.connections.set(id, connection);
    socket.on('close', () => {
      this.sockets.delete(socket);
      this.connections.delete(id);
      if (joined) this.leave(joined);
    });
  }

  private async run(client: SessionClient, unit: Unit): Promise<boolean> {
    this.stopIdleTimer(client);
    const answer = await this.session.run(client, unit);
    this.connections.get(client.id)?.send(answer.bytes);
    this.deliverNotifications();
    if (answer.keeps && this.connections.has(client.id)) this.startIdleTimer(client);
    return answer.keeps;
  }

  private leave(client: SessionClient): void {
    this.stopIdleTimer(client);
    this.turns.drop(client);
    this.turns.add(client, async () => {
      await this.session.leave(client);
      this.deliverNotifications();
      return false;
    });
  }

  private deliverNotifications(): void {
    for (const { bytes, listeners } of this.session.takeNotifications()) {
      for (const listener of listeners) this.connections.get(listener.id)?.send(bytes);
    }
  }

  private startIdleTimer(client: SessionClient): void {
    const limit = client.idleInTransactionMs > 0 ? client.idleInTransactionMs : this.options.idleInTransactionMs;
    const timer = setTimeout(() => {
      this.options.log(
        `connection ${client.id} was closed: it left a transaction open for ${limit} ms while others waited`,
      );
      this.connections.get(client.id)?.refuse('25P03', 'terminating connection due to idle-in-transaction timeout');
    }, limit);
    this.idle.set(client, timer);
  }

  private stopIdleTimer(client: SessionClient): void {
    clearTimeout(this.idle.get(client));
    this.idle.delete(client);
  }
}
