import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { z } from 'zod';

const Former = z.object({ pid: z.number().int().positive(), port: z.number().int().positive() });
type Former = z.infer<typeof Former>;
const patienceMs = 5_000;

const noteIn = (dataDir: string): string => path.join(dataDir, 'server.json');

export function rememberRedis(dataDir: string, server: Former): void {
  writeFileSync(noteIn(dataDir), JSON.stringify(server));
}

export function forgetRedis(dataDir: string): void {
  rmSync(noteIn(dataDir), { force: true });
}

/** A server whose keeper was killed goes on writing the files that the next one is about to read: it is ended first. */
export async function endFormerRedis(dataDir: string): Promise<void> {
  const former = readNote(dataDir);
  if (!former) return;
  for (const [signal, patience] of [['SIGTERM', patienceMs] as const, ['SIGKILL', patienceMs] as const]) {
    if (!isThatServer(former)) break;
    process.kill(former.pid, signal);
    for (const until = Date.now() + patience; isThatServer(former) && Date.now() < until;) await wait(30);
  }
  forgetRedis(dataDir);
}

function readNote(dataDir: string): Former | undefined {
  try {
    return Former.parse(JSON.parse(readFileSync(noteIn(dataDir), 'utf8')));
  } catch {
    return undefined;
  }
}

/** The number alone may belong to anybody by now; a Redis shows its address in its title. Only Linux can tell. */
function isThatServer({ pid, port }: Former): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`127.0.0.1:${port}`);
  } catch {
    return false;
  }
}
