import { mkdtempSync, readdirSync, statSync, truncateSync } from 'node:fs';
import { cp, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createClient } from 'redis';
import { freePort } from '../../../apps/launcher/src/ports.js';
import type { QueueServer } from '../../support/queue-server.js';
import { until } from '../../support/until.js';
import { findBinaries } from './binaries.js';
import { ServerProcess } from './server-process.js';

const readyWithinMs = 30_000;

/** A Redis of a test's own as the product wants it: append-only file, flushed each second, and no eviction. */
export class RealRedis implements QueueServer {
  private constructor(
    readonly port: number,
    private readonly base: string,
    private readonly server: ServerProcess,
  ) {}

  static async start(): Promise<RealRedis> {
    const base = mkdtempSync(path.join(tmpdir(), 'instachatico-faults-redis-'));
    const port = await freePort();
    const settings = {
      port,
      bind: '127.0.0.1',
      dir: path.join(base, 'data'),
      appendonly: 'yes',
      appendfsync: 'everysec',
      // What a cut file holds is read as far as it goes, as after a power cut.
      'aof-load-truncated': 'yes',
      'maxmemory-policy': 'noeviction',
    };
    const parameters = [
      ...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]),
      '--save',
      '',
    ];
    const redis = new RealRedis(port, base, new ServerProcess({ file: findBinaries().redis, parameters }));
    await redis.restart();
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async wipe(): Promise<void> {
    await this.command('FLUSHALL');
  }

  async kill(): Promise<void> {
    await this.server.kill();
  }

  async restart(): Promise<void> {
    await mkdir(this.data, { recursive: true });
    this.server.start();
    await until(
      'Redis',
      readyWithinMs,
      async () =>
        await this.command('PING').then(
          () => true,
          () => false,
        ),
    );
  }

  readonly crashAndRestart = async (): Promise<void> => {
    await this.kill();
    await this.restart();
  };

  /** As after the loss of its disk. */
  async crashAndRestartEmpty(): Promise<void> {
    await this.kill();
    await rm(this.data, { recursive: true, force: true });
    await this.restart();
  }

  /** As after a power cut: the last bytes of the append-only file were never written. */
  async crashAndRestartCut(bytes: number): Promise<void> {
    await this.kill();
    const newest = this.appendOnlyFile();
    if (newest) truncateSync(newest, Math.max(0, statSync(newest).size - bytes));
    await this.restart();
  }

  /** The same, by time: what was written in the last moments is gone. @returns how many bytes that were */
  async crashAndRestartWithoutLast(ms: number): Promise<number> {
    const size = (): number => statSync(this.appendOnlyFile() ?? this.data).size;
    const before = size();
    await wait(ms);
    const written = Math.max(0, size() - before);
    await this.crashAndRestartCut(written);
    return written;
  }

  /** Keeps what it holds now, for `failOverToCopy`. */
  async copy(): Promise<void> {
    await rm(this.stale, { recursive: true, force: true });
    await cp(this.data, this.stale, { recursive: true });
  }

  /** As after a fail-over to a replica that was behind: what was written since `copy` is gone. */
  async failOverToCopy(): Promise<void> {
    await this.kill();
    await rm(this.data, { recursive: true, force: true });
    await cp(this.stale, this.data, { recursive: true });
    await this.restart();
  }

  async command(...words: string[]): Promise<void> {
    const client = createClient({ url: this.url, socket: { connectTimeout: 1_000, reconnectStrategy: false } });
    client.on('error', () => undefined);
    await client.connect();
    try {
      await client.sendCommand(words);
    } finally {
      client.destroy();
    }
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.base, { recursive: true, force: true });
  }

  readonly pids = (): readonly number[] => (this.server.pid === undefined ? [] : [this.server.pid]);

  private appendOnlyFile(): string | undefined {
    const folder = path.join(this.data, 'appendonlydir');
    return readdirSync(folder)
      .filter((name) => name.endsWith('.incr.aof'))
      .map((name) => path.join(folder, name))
      .at(-1);
  }

  private get data(): string {
    return path.join(this.base, 'data');
  }

  private get stale(): string {
    return path.join(this.base, 'stale');
  }
}
