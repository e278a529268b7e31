import { spawn } from 'node:child_process';

import { type Environment } from '#infrastructure/config/config.js';

import { endGroup, exitOf, killGroup, type ProcessEnd } from './process-end.js';

/** A child process as its keeper sees it. */
export interface Running {
  readonly ended: Promise<ProcessEnd>;
  stop(): Promise<void>;
  /** At once, with everything that it started; returns before it is gone. */
  kill(): void;
}

const stopMs = 20_000;
const followParent = new URL('./follow-parent.js', import.meta.url).href;

/** Starts one of our compiled programs. Its output goes where ours goes; it ends when this process ends. */
export function startProgram(file: string, environment: Environment): Running {
  const child = spawn(process.execPath, ['--enable-source-maps', '--import', followParent, file], {
    env: environment,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // Ctrl-C in a terminal goes to a whole group; the launcher alone decides the order of stopping.
    detached: true,
  });
  const ended = exitOf(child);
  return { ended, stop: () => endGroup(child, ended, stopMs), kill: () => killGroup(child.pid) };
}
