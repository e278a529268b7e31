import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { z } from 'zod';

import { type DataPlace } from './postgres/database.js';
import { endGroup, exitOf, type ProcessEnd } from './process/process-end.js';
import { type NativeRedis } from './redis/serve-native-redis.js';

/** A service in a child process. It ends with this process, also when this process is killed. */
export interface EmbeddedService {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Resolves when the process is gone, for whatever reason. */
  readonly ended: Promise<ProcessEnd>;
  /** Lets it finish what it does and save. */
  stop(): Promise<void>;
  /** As a crash would: nothing is finished, nothing saved. */
  kill(): Promise<void>;
}

const Ready = z.object({ url: z.string(), port: z.number() });
const startMs = 90_000;
const stopMs = 15_000;

/** PostgreSQL with pgvector; for demo, development and tests. Port 0 or none takes a free one. */
export function startEmbeddedPostgres(place: DataPlace & { readonly port?: number }): Promise<EmbeddedService> {
  return start('postgres', ['--data', 'memory' in place ? 'memory' : path.resolve(place.dataDir)], place.port);
}

/** Without a native server: Redis in JavaScript, which keeps nothing when it ends. */
export function startEmbeddedRedis(options: { native?: NativeRedis; port?: number } = {}): Promise<EmbeddedService> {
  const { native, port } = options;
  const given = native ? ['--binary', native.binary, '--data', path.resolve(native.dataDir)] : [];
  return start('redis', given, port);
}

async function start(kind: string, options: string[], port = 0): Promise<EmbeddedService> {
  // A group of its own, so that Ctrl-C in a terminal reaches the launcher only and the order of stopping is kept.
  const child = spawn(process.execPath, [childProgram(), kind, ...options, '--port', String(port)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    detached: true,
  });
  const ended = exitOf(child);
  const ready = await untilReady(child, ended, kind);
  return {
    ...ready,
    ended,
    stop: () => endGroup(child, ended, stopMs),
    kill: () => endGroup(child, ended, 0),
  };
}

function untilReady(child: ChildProcess, ended: Promise<ProcessEnd>, kind: string) {
  return new Promise<{ url: string; port: number; pid: number }>((resolve, reject) => {
    const fail = (reason: string): void => reject(new Error(`the embedded ${kind} did not start: ${reason}`));
    const late = setTimeout(() => {
      void endGroup(child, ended, 0);
      fail(`no answer within ${startMs / 1000} s`);
    }, startMs);
    void ended.then((end) => fail(end.text)).finally(() => clearTimeout(late));
    child.once('message', (message) => {
      clearTimeout(late);
      const ready = Ready.safeParse(message);
      if (ready.success && child.pid !== undefined) resolve({ ...ready.data, pid: child.pid });
      else fail('its first words were not understood');
    });
  });
}

/** Beside this file; tests run this file as source, but a child process needs it compiled. */
function childProgram(): string {
  const here = fileURLToPath(import.meta.url);
  if (here.endsWith('.js')) return path.join(path.dirname(here), 'services-main.js');
  const [root, inside] = [here.slice(0, here.lastIndexOf(`${path.sep}apps${path.sep}`)), 'dist/apps/launcher/src'];
  return path.join(root, inside, 'services-main.js');
}
