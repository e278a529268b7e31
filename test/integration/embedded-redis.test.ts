import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { connect } from 'node:net';
import path from 'node:path';

import { Queue, Worker } from 'bullmq';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

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
    await queue.addBulk(Array.from({ length: 20 }, (_, index) => ({ name: 'job', data: index })));
    // 'drained' says only that a worker found nothing: it is said before the first job, too.
    while (worked.length < 20) await once(worker, 'completed');
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

// Stands in for redis-server, which a bare machine does not have: it answers PING, notes how it was called, and shows
// its address in its title as Redis does.
const standIn = `#!${process.execPath}
const at = (name) => process.argv[process.argv.indexOf('--' + name) + 1];
process.title = 'redis-server ' + at('bind') + ':' + at('port');
require('node:fs').writeFileSync(at('dir') + '/called.json', JSON.stringify(process.argv.slice(2)));
require('node:net')
  .createServer((socket) => socket.on('data', () => socket.write('+PONG\\r\\n')).on('error', () => {}))
  .listen(Number(at('port')), at('bind'));
`;

describe('an installed Redis', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'embedded-redis-'));
  const native = { binary: path.join(folder, 'redis-server'), dataDir: path.join(folder, 'data') };
  writeFileSync(native.binary, standIn, { mode: 0o755 });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const read = (name: string): unknown => JSON.parse(readFileSync(path.join(native.dataDir, name), 'utf8'));

  it('is found on PATH, started on loopback with a log, and asked never to evict', async () => {
    const found = findRedisServer(folder);
    expect(found).toBe(native.binary);
    const redis = await startEmbeddedRedis({ native });
    const called = read('called.json');
    await redis.stop();
    const settings = ['--bind', '127.0.0.1', '--appendonly', 'yes', '--maxmemory-policy', 'noeviction'];
    expect(called).toEqual(expect.arrayContaining(settings));
  });

  it('does not outlive its keeper, and comes back on the same port', async () => {
    const first = await startEmbeddedRedis({ native });
    const { pid } = z.object({ pid: z.number() }).parse(read('server.json'));
    expect(existsSync(`/proc/${pid}/exe`)).toBe(true);
    await first.kill();
    expect(existsSync(`/proc/${pid}/exe`)).toBe(false);

    const second = await startEmbeddedRedis({ native, port: first.port });
    expect(second.port).toBe(first.port);
    await second.stop();
  });
});
