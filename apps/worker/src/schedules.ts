import { setMaxListeners } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';

export interface Schedule {
  readonly name: string;
  readonly everyMs: number;
  /** The wait after a run that failed; `everyMs` when not given. */
  readonly afterFailureMs?: number;
  /** @returns how long to wait this time, in milliseconds, when it is not `everyMs` */
  readonly run: () => Promise<number | undefined | void>;
}

/**
 * What runs on a clock. In the process and not in the queue: the sweep is what brings the queue back after it was
 * emptied. Every run is harmless when another worker runs it too. One run ends before the next begins.
 */
export class Schedules {
  private readonly stopped = new AbortController();

  constructor(
    private readonly schedules: readonly Schedule[],
    private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    setMaxListeners(this.schedules.length, this.stopped.signal); // each waits on it; the default takes more than ten for a leak
    for (const schedule of this.schedules) void this.repeat(schedule);
  }

  beforeApplicationShutdown(): void {
    this.stopped.abort();
  }

  private async repeat(schedule: Schedule): Promise<void> {
    while (!this.stopped.signal.aborted) {
      const pauseMs = await this.runOnce(schedule);
      // Some jitter, so that several workers do not sweep in the same instant. The abort ends the wait, not the process.
      await wait(pauseMs * (0.9 + Math.random() * 0.2), undefined, { signal: this.stopped.signal }).catch(
        () => undefined,
      );
    }
  }

  /** @returns how long to wait until the next run */
  private async runOnce({ name, run, everyMs, afterFailureMs = everyMs }: Schedule): Promise<number> {
    try {
      return (await run()) ?? everyMs;
    } catch (error) {
      this.logger.warn({ schedule: name, err: error }, 'A scheduled run failed; it is repeated.');
      return afterFailureMs;
    }
  }
}
