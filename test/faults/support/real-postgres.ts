import { execFileSync } from 'node:child_process';
import { chownSync, mkdtempSync } from 'node:fs';
import { chmod, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { freePort } from '../../../apps/launcher/src/ports.js';
import { until } from '../../support/until.js';
import { findBinaries, serverUser } from './binaries.js';
import { ServerProcess } from './server-process.js';

const readyWithinMs = 60_000; // recovery after a kill reads the log that was written since the last checkpoint

export interface PostgresOptions {
  /** `max_connections`; few of them make a server that is easily full. */
  readonly connections?: number;
  /** Folder for its data instead of one of its own, for instance on a small disk. */
  readonly folder?: string;
  /** Further settings of the server. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A PostgreSQL of a test's own, with every durability setting as in production. */
export class RealPostgres {
  private constructor(
    readonly port: number,
    private readonly folder: string,
    private readonly server: ServerProcess,
  ) {}

  static async start({ connections = 60, folder, settings: more = {} }: PostgresOptions = {}): Promise<RealPostgres> {
    const binaries = findBinaries();
    const user = serverUser();
    const base = folder ?? mkdtempSync(path.join(tmpdir(), 'instachatico-faults-pg-'));
    if (user.uid !== undefined && user.gid !== undefined) chownSync(base, user.uid, user.gid);
    await chmod(base, 0o700);
    const data = path.join(base, 'data');
    const how = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'];
    execFileSync(binaries.initdb, how, { ...user, stdio: 'ignore', cwd: '/' });
    const port = await freePort();
    const settings = {
      port,
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      max_connections: connections,
      ...more,
    };
    const parameters = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const server = new ServerProcess({ file: binaries.postgres, parameters: ['-D', data, ...parameters], user });
    const postgres = new RealPostgres(port, base, server);
    await postgres.restart();
    await postgres.command('CREATE DATABASE instachatico', 'postgres');
    return postgres;
  }

  get url(): string {
    return `postgres://postgres@127.0.0.1:${this.port}/instachatico`;
  }

  /** kill -9 of the server and of every process of it. */
  async kill(): Promise<void> {
    await this.server.kill();
  }

  /** Starts it again and waits until it takes connections. */
  async restart(): Promise<void> {
    await until('PostgreSQL', readyWithinMs, async () => {
      // It ends again while a process of the one before still holds the shared memory.
      if (this.server.isGone) this.server.start();
      const client = this.client('postgres');
      try {
        await client.connect();
        await client.query('SELECT 1');
        return true;
      } catch {
        return false;
      } finally {
        await client.end().catch(() => undefined);
      }
    });
  }

  /** Whether it takes a connection now. */
  async answers(): Promise<boolean> {
    return await this.command('SELECT 1').then(
      () => true,
      () => false,
    );
  }

  /** Takes every connection that there is, away from those who have one, too. @returns what gives them back */
  async takeAllConnections(): Promise<() => Promise<void>> {
    const held: pg.Client[] = [];
    const takeFreeOnes = async (): Promise<void> => {
      for (let client = this.client('postgres'); await connects(client); client = this.client('postgres')) {
        held.push(client);
      }
    };
    await takeFreeOnes();
    await until('every connection', readyWithinMs, async () => {
      const others = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'instachatico'`;
      const ended = await held[0]?.query(others);
      await takeFreeOnes();
      return ended?.rowCount === 0;
    });
    return async () => void (await Promise.all(held.map(async (client) => await client.end())));
  }

  client(database = 'instachatico'): pg.Client {
    const client = new pg.Client({ host: '127.0.0.1', port: this.port, user: 'postgres', database });
    client.on('error', () => undefined);
    return client;
  }

  async command(statement: string, database = 'instachatico'): Promise<void> {
    const client = this.client(database);
    await client.connect();
    await client.query(statement);
    await client.end();
  }

  async stop(): Promise<void> {
    await this.server.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  pids(): readonly number[] {
    return this.server.pid === undefined ? [] : [this.server.pid];
  }
}

async function connects(client: pg.Client): Promise<boolean> {
  return await client.connect().then(
    () => true,
    () => false,
  );
}
