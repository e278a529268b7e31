import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

import { freePort } from '../ports.js';
import { type RunningService } from '../running-service.js';
import { endFormerRedis, forgetRedis, rememberRedis } from './former-redis.js';
import { answersPing } from './redis-ping.js';

const startMs = 20_000;
const stopMs = 10_000;

export interface NativeRedis {
  readonly binary: string;
  readonly dataDir: string;
}

/** Runs an installed redis-server or valkey-server for this project alone; port 0 takes a free one. */
export async function serveNativeRedis({ binary, dataDir }: NativeRedis, port: number): Promise<RunningService> {
  mkdirSync(dataDir, { recursive: true });
  await endFormerRedis(dataDir);
  const chosen = port === 0 ? await freePort() : port;
  const server = spawn(binary, settings(chosen, dataDir), { stdio: ['ignore', 'ignore', 'inherit'] });
  process.once('exit', () => server.kill('SIGKILL'));
  rememberRedis(dataDir, { pid: server.pid ?? 0, port: chosen });
  await waitUntilReady(server, binary, chosen);
  // This process is only the server's keeper: without the server there is nothing left to keep.
  const stopped = once(server, 'exit').then(() => 'stopped');
  let closing = false;
  void stopped.then(() => closing || process.exit(1));
  return {
    url: `redis://127.0.0.1:${chosen}`,
    port: chosen,
    close: async () => {
      closing = true;
      server.kill('SIGTERM');
      const ended = await Promise.race([stopped, wait(stopMs, 'late')]);
      if (ended === 'late') server.kill('SIGKILL');
      forgetRedis(dataDir);
    },
  };
}

/** The queue may not lose an acknowledged job to a crash, and may never evict one. */
function settings(port: number, dataDir: string): string[] {
  const given = {
    bind: '127.0.0.1',
    port: String(port),
    dir: dataDir,
    appendonly: 'yes',
    save: '',
    'maxmemory-policy': 'noeviction',
  };
  return Object.entries(given).flatMap(([name, value]) => [`--${name}`, value]);
}

async function waitUntilReady(server: ChildProcess, binary: string, port: number): Promise<void> {
  let failure: string | undefined;
  server.once('error', (error) => (failure = error.message));
  server.once('exit', (code) => (failure = `it ended with code ${code}`));
  for (const until = Date.now() + startMs; Date.now() < until; await wait(30)) {
    if (failure !== undefined) throw new Error(`${binary} did not start: ${failure}`);
    if (await answersPing(port)) return;
  }
  server.kill('SIGKILL');
  throw new Error(`${binary} did not answer within ${startMs / 1000} s`);
}
