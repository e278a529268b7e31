import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { connect } from 'node:net';
import path from 'node:path';

import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, describe, expect, it } from 'vitest';

import { findRedisServer } from '../../apps/launcher/src/redis/find-redis.js';
import { startEmbeddedRedis } from '../../apps/launcher/src/services.js';

describe('the embedded Redis', () => {
  it('carries a queue', async () => {
    const redis = await startEmbeddedRedis();
    const connection = { host: '127.0.0.1', port: redis.port, maxRetriesPerRequest: null };
    const queue = new Queue('work', { connection });
    const worked: number[] = [];
    const worker = new Worker<number>('work', async ({ data }) => void worked.push(data), {
      connection,
      concurrency: 5,
    });
    const drained = once(worker, 'drained');
    await queue.addBulk(Array.from({ length: 20 }, (_, index) => ({ name: 'job', data: index })));
    await drained;
    await worker.close();
    await queue.close();
    await redis.stop();
    expect(worked.toSorted((one, other) => one - other)).toEqual(Array.from({ length: 20 }, (_, index) => index));
  });

  it('answers on loopback only', async () => {
    const redis = await startEmbeddedRedis();
    const outside = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
    const refused = outside
      .filter(({ internal, family }) => !internal && family === 'IPv4')
      .map(({ address }) => {
        const socket = connect({ host: address, port: redis.port });
        return new Promise<boolean>((resolve) => {
          socket.once('connect', () => resolve(false));
          socket.once('error', () => resolve(true));
        }).finally(() => socket.destroy());
      });
    expect(await Promise.all(refused)).not.toContain(false);
    await redis.stop();
  });
});

const binary = findRedisServer(process.env['PATH']);

describe.runIf(binary !== undefined)('an installed Redis', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'embedded-redis-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('keeps its jobs when everything is killed, and its server does not outlive its keeper', async () => {
    const native = { binary: binary ?? '', dataDir: path.join(folder, 'redis') };
    const first = await startEmbeddedRedis({ native });
    const server: unknown = JSON.parse(readFileSync(path.join(native.dataDir, 'server.json'), 'utf8'));
    const client = new Redis(first.url, { retryStrategy: () => null });
    client.on('error', () => {});
    await client.set('job', 'kept');
    expect(await client.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
    await first.kill();
    expect(server).toMatchObject({ port: first.port });
    const serverPid = server !== null && typeof server === 'object' && 'pid' in server ? server.pid : undefined;
    expect(existsSync(`/proc/${String(serverPid)}/exe`)).toBe(false);

    const second = await startEmbeddedRedis({ native, port: first.port });
    const again = new Redis(second.url);
    expect(await again.get('job')).toBe('kept');
    again.disconnect();
    await second.stop();
  });
});
