import { createClient } from 'redis';
import { type EmbeddedService, startEmbeddedRedis } from '../../apps/launcher/src/services.js';
import { startRedis } from './services.js';

/** A Redis that may lose everything, or die. */
export interface QueueServer {
  readonly url: string;
  /** Everything in it is gone at once. */
  wipe(): Promise<void>;
  /** Killed and started again, empty, on the same port. Undefined for a server that is not ours to kill. */
  readonly crashAndRestart: (() => Promise<void>) | undefined;
  readonly pids: () => readonly number[];
  stop(): Promise<void>;
}

export async function startQueueServer(): Promise<QueueServer> {
  const given = process.env['REDIS_URL'];
  if (given !== undefined && given !== '') {
    const service = await startRedis();
    const { url } = service;
    // Other suites use the same server: only our own database of it.
    const wipe = async (): Promise<void> => await command(url, 'FLUSHDB');
    return { url, wipe, crashAndRestart: undefined, pids: () => [], stop: async () => await service.stop() };
  }
  let service: EmbeddedService = await startEmbeddedRedis();
  const { url, port } = service;
  const pids = [service.pid];
  return {
    url,
    wipe: async () => await command(url, 'FLUSHALL'),
    crashAndRestart: async () => {
      await service.kill();
      service = await startEmbeddedRedis({ port });
      pids.push(service.pid);
    },
    pids: () => pids,
    stop: async () => await service.stop(),
  };
}

async function command(url: string, name: string): Promise<void> {
  const client = await createClient({ url }).connect();
  await client.sendCommand([name]);
  client.destroy();
}
