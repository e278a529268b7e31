import { type ChildProcess } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';

export interface ProcessEnd {
  /** Exit code; null when a signal ended it or when it could not be started. */
  readonly code: number | null;
  /** For people: "exit code 1", "SIGKILL", or why it could not be started. */
  readonly text: string;
}

export function exitOf(child: ChildProcess): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, text: signal ?? `exit code ${code}` }));
    child.once('error', (error) => resolve({ code: null, text: error.message }));
  });
}

/**
 * Ends a child that leads a process group. The group is killed at last, so that nothing it started outlives it.
 * @param patienceMs time to end by itself after SIGTERM; 0 kills at once
 */
export async function endGroup(child: ChildProcess, ended: Promise<ProcessEnd>, patienceMs: number): Promise<void> {
  if (patienceMs > 0) {
    child.kill('SIGTERM');
    const timer = new AbortController();
    await Promise.race([ended, wait(patienceMs, undefined, { signal: timer.signal }).catch(() => {})]);
    timer.abort();
  }
  killGroup(child.pid);
  await ended;
}

export function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody is left in the group, which is what was wanted.
  }
}
