import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { exitOf, type ProcessEnd } from '../../apps/launcher/src/process/process-end.js';
import { until } from './until.js';

/** One of our compiled programs in a process of its own, as in production. */
export interface Program {
  readonly name: string;
  readonly pid: number;
  readonly ended: Promise<ProcessEnd>;
  /** True from the moment that the process is gone. */
  hasEnded(): boolean;
  /** All that it has written so far. */
  output(): string;
  /** Asks a preloaded module of it over the channel, one question at a time. @returns what it answers */
  ask(question: string): Promise<unknown>;
  /** SIGKILL ends it as a crash would; SIGTERM asks it to finish. Resolves when it is gone. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<ProcessEnd>;
}

export interface ProgramOptions {
  readonly name: string;
  /** Path below `dist`. */
  readonly file: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Working folder: an empty one, so that nobody's `.env` is read. */
  readonly folder: string;
  /** Modules loaded before the program's own code. */
  readonly preload?: readonly URL[];
  /** Flags of Node itself. */
  readonly flags?: readonly string[];
  /** A file for what it writes, instead of this process's memory: for programs that write a lot. */
  readonly log?: string;
}

// This file runs as source in tests, and compiled where no test runner is.
const built = new URL(import.meta.url.endsWith('.js') ? '../../' : '../../dist/', import.meta.url);
// Ends the program also when this test process is killed.
const followParent = new URL('apps/launcher/src/process/follow-parent.js', built);

export function startProgram(options: ProgramOptions): Program {
  const { name, file, environment, folder, preload = [], flags = [], log } = options;
  const imports = [followParent, ...preload].flatMap(({ href }) => ['--import', href]);
  const code = fileURLToPath(new URL(file, built));
  const written = log === undefined ? 'pipe' : openSync(log, 'a');
  const child = spawn(process.execPath, ['--enable-source-maps', ...flags, ...imports, code], {
    env: { ...environment, PATH: process.env['PATH'] ?? '' },
    cwd: folder,
    stdio: ['ignore', written, written, 'ipc'],
  });
  if (typeof written === 'number') closeSync(written);
  const { pid } = child;
  if (pid === undefined) throw new Error(`${name} could not be started`);
  const output = log === undefined ? outputOf(child) : (): string => readFileSync(log, 'utf8');
  let gone = false;
  const ended = exitOf(child).finally(() => (gone = true));
  return {
    name,
    pid,
    ended,
    hasEnded: () => gone,
    output,
    ask: async (question) => {
      const answered = once(child, 'message');
      child.send(question);
      const [answer]: unknown[] = await answered;
      return answer;
    },
    end: async (signal) => {
      if (!gone) child.kill(signal);
      return await ended;
    },
  };
}

const readyWithinMs = 60_000;

/** Waits until a program of ours says at its port that it is ready. @throws Error with its output when it ended first */
export async function untilReady(program: Program, port: number): Promise<void> {
  await until(`a ready ${program.name}`, readyWithinMs, async () => {
    if (program.hasEnded()) throw new Error(`${program.name} ended before it was ready:\n${program.output()}`);
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined);
    await answer?.arrayBuffer();
    return answer?.status === 200;
  });
}

function outputOf(child: ChildProcess): () => string {
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8');
    stream?.on('data', (chunk: string) => chunks.push(chunk));
  }
  return () => chunks.join('');
}

/** Whether the operating system still knows a process. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
