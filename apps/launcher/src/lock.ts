import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { z } from 'zod';

/** Somebody else holds the lock; `pid` is unknown while they are writing it. */
export class LockHeld extends Error {
  override readonly name = 'LockHeld';

  constructor(
    readonly file: string,
    readonly pid: number | undefined,
  ) {
    super(`${file} is held by ${pid === undefined ? 'another process' : `process ${pid}`}`);
  }
}

export interface Lock {
  release(): void;
}

const Holder = z.object({ pid: z.number().int().positive(), born: z.string().nullable() });
type Holder = z.infer<typeof Holder>;

// A lock without content belongs to somebody who is just writing it, or who died doing so.
const unfinishedMs = 5_000;
const retryMs = 50;

/**
 * Takes a lock that is a file with its holder's process id. A lock whose holder is gone is taken over.
 * @param waitMs how long to wait for a living holder before giving up with LockHeld
 */
export async function takeLock(file: string, waitMs = 0): Promise<Lock> {
  for (const until = Date.now() + waitMs; ; await wait(retryMs)) {
    if (tryCreate(file)) return { release: () => release(file) };
    const holder = readHolder(file);
    if (holder === 'gone') rmSync(file, { force: true });
    else if (Date.now() >= until) throw new LockHeld(file, holder.pid);
  }
}

function tryCreate(file: string): boolean {
  mkdirSync(path.dirname(file), { recursive: true });
  try {
    const own: Holder = { pid: process.pid, born: birthOf(process.pid) };
    writeFileSync(file, JSON.stringify(own), { flag: 'wx' });
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

function readHolder(file: string): 'gone' | { pid: number | undefined } {
  try {
    const holder = Holder.safeParse(parse(readFileSync(file, 'utf8')));
    if (holder.success) return isAlive(holder.data) ? holder.data : 'gone';
    return Date.now() - statSync(file).mtimeMs > unfinishedMs ? 'gone' : { pid: undefined };
  } catch (error) {
    if (isCode(error, 'ENOENT')) return 'gone';
    throw error;
  }
}

function isAlive(holder: Holder): boolean {
  // In a container every start has the same number, so a lock with our own number is from a former life.
  if (holder.pid === process.pid) return false;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    return isCode(error, 'EPERM');
  }
  const born = birthOf(holder.pid);
  return holder.born === null || born === null || born === holder.born;
}

/** What tells a process from a later one with the same number: its start in ticks since boot; null where unknown. */
function birthOf(pid: number): string | null {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets and may itself contain blanks and brackets.
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return ticks === undefined ? null : `${boot}/${ticks}`;
  } catch {
    return null;
  }
}

function release(file: string): void {
  const holder = Holder.safeParse(parse(readFileSync(file, 'utf8')));
  if (holder.success && holder.data.pid === process.pid) rmSync(file, { force: true });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
