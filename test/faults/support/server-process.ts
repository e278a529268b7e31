import { readFileSync } from 'node:fs';
import { type ChildProcess, spawn } from 'node:child_process';
import { exitOf, killGroup, type ProcessEnd } from '../../../apps/launcher/src/process/process-end.js';

export interface ServerCommand {
  readonly file: string;
  readonly parameters: readonly string[];
  readonly user?: { readonly uid?: number; readonly gid?: number };
}

/** A server that leads a process group of its own, so that killing it kills all of it at once, as a power cut would. */
export class ServerProcess {
  private child: ChildProcess | undefined;
  private ended: Promise<ProcessEnd> | undefined;
  private lines: string[] = [];

  constructor(private readonly command: ServerCommand) {
    // Also when this process is ended by hand, or its parent is gone, nothing stays behind.
    for (const event of ['exit', 'SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect']) {
      process.once(event, () => killGroup(this.child?.pid));
    }
  }

  /** It is not running: not started, stopped, or ended by itself. */
  get isGone(): boolean {
    return this.child === undefined || this.child.exitCode !== null || this.child.signalCode !== null;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  start(): void {
    const { file, parameters, user } = this.command;
    const child = spawn(file, [...parameters], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...user,
      cwd: '/',
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text: string) => {
        this.lines = [...this.lines, text].slice(-50);
      });
    }
    this.child = child;
    this.ended = exitOf(child);
  }

  /** All of it at once, in the middle of whatever it does. */
  async kill(): Promise<void> {
    // PostgreSQL's backends have groups of their own. The first process may not react to their end before its own.
    this.child?.kill('SIGSTOP');
    for (const pid of childrenOf(this.child?.pid)) killGroup(pid);
    killGroup(this.child?.pid);
    await this.ended;
    this.child = undefined;
  }

  /** Asks it to stop, and waits until it has. */
  async stop(): Promise<void> {
    this.child?.kill('SIGINT'); // PostgreSQL: fast shutdown; Redis: save and leave
    await this.ended;
    this.child = undefined;
  }

  /** What it wrote last. */
  output(): string {
    return this.lines.join('');
  }
}

function childrenOf(pid: number | undefined): readonly number[] {
  if (pid === undefined) return [];
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').map(Number).filter(Boolean);
  } catch {
    return []; // no such file on this system: they notice by themselves that the first one is gone
  }
}
