import { setTimeout as wait } from 'node:timers/promises';

import { type ProcessEnd } from './process-end.js';
import { type Running } from './program.js';
import { RestartPolicy } from './restart-policy.js';

export interface KeeperOptions {
  readonly name: string;
  readonly start: () => Promise<Running>;
  /** One line for people. */
  readonly log: (line: string) => void;
  readonly onGivenUp: (name: string) => void;
}

/** Keeps one child running until it is told to stop. */
export class Keeper {
  private readonly policy = new RestartPolicy();
  private readonly stopping = new AbortController();
  private current: Running | undefined;
  private life: Promise<void> | undefined;

  constructor(private readonly options: KeeperOptions) {}

  /** The first start; when it fails nothing is kept. */
  async begin(): Promise<void> {
    const first = this.startOne();
    this.life = first.then((running) => this.keep(running)).catch(() => {});
    await first;
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.current?.stop();
    await this.life;
  }

  kill(): void {
    this.stopping.abort();
    this.current?.kill();
  }

  private async startOne(): Promise<Running> {
    const running = await this.options.start();
    this.current = running;
    // Stopped while it was still starting.
    if (this.stopping.signal.aborted) await running.stop();
    return running;
  }

  private async keep(first: Running): Promise<void> {
    let running: Running | undefined = first;
    while (!this.stopping.signal.aborted) {
      const since = performance.now();
      const end: ProcessEnd = running ? await running.ended : { code: null, text: 'it did not start' };
      this.current = undefined;
      // What the dead child started itself must not go on beside its successor.
      running?.kill();
      if (this.stopping.signal.aborted) return;
      if (!(await this.pause(end, performance.now() - since))) return;
      running = await this.startOne().catch(() => undefined);
    }
  }

  /** False when there will be no next start. */
  private async pause(end: ProcessEnd, livedMs: number): Promise<boolean> {
    const { name, log, onGivenUp } = this.options;
    const next = this.policy.afterEnd(end, livedMs);
    if (next === 'give-up') {
      log(`${name} ended again and again because of its configuration; everything is being stopped`);
      onGivenUp(name);
      return false;
    }
    log(`${name} ended (${end.text}); it is started again in ${next.delayMs / 1_000} s`);
    await wait(next.delayMs, undefined, { signal: this.stopping.signal }).catch(() => {});
    return !this.stopping.signal.aborted;
  }
}
