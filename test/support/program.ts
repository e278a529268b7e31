import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { exitOf, type ProcessEnd } from '../../apps/launcher/src/process/process-end.js';

/** One of our compiled programs in a process of its own, as in production. */
export interface Program {
  readonly name: string;
  readonly pid: number;
  readonly ended: Promise<ProcessEnd>;
  /** True from the moment that the process is gone. */
  hasEnded(): boolean;
  /** All that it has written so far. */
  output(): string;
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
}

const built = new URL('../../dist/', import.meta.url);
// Ends the program also when this test process is killed.
const followParent = new URL('apps/launcher/src/process/follow-parent.js', built);

export function startProgram({ name, file, environment, folder, preload = [] }: ProgramOptions): Program {
  const imports = [followParent, ...preload].flatMap(({ href }) => ['--import', href]);
  const child = spawn(process.execPath, ['--enable-source-maps', ...imports, fileURLToPath(new URL(file, built))], {
    env: { ...environment, PATH: process.env['PATH'] ?? '' },
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${name} could not be started`);
  const output = outputOf(child);
  let gone = false;
  const ended = exitOf(child).finally(() => (gone = true));
  return {
    name,
    pid,
    ended,
    hasEnded: () => gone,
    output,
    end: async (signal) => {
      if (!gone) child.kill(signal);
      return await ended;
    },
  };
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
