import type { Logger } from 'pino';
import { jobCatalog, lanes, type JobRequest, type Lane } from '#domain/jobs/job-catalog.js';
import type { JobQueue } from '#domain/jobs/job-queue.js';
import { AppError } from '#domain/shared/errors.js';
import { longestDelayMs, type DrainableLane, type RunJob } from '#infrastructure/queue/lane-processor.js';
import { within } from '#infrastructure/resilience/within.js';

/** Steps that stand in line for one place: more would be done sooner by another worker. */
const inLinePerPlace = 4;

interface OfLane {
  readonly running: Set<Promise<void>>;
  readonly line: JobRequest[];
}

/**
 * A bell for the steps of a comment's way: what one step rings for is done right here as soon as this process has a free
 * place in that lane, so that most comments go their whole way without the queue. When the line for a place is long it
 * is rung for as usual.
 * Nothing depends on it: rows are claimed as ever, and what is lost with the process is found by the sweep.
 */
export class HandOver implements JobQueue, DrainableLane {
  private readonly ofLanes: Readonly<Record<Lane, OfLane>> = {
    thinking: { running: new Set(), line: [] },
    outbound: { running: new Set(), line: [] },
    alerts: { running: new Set(), line: [] },
  };
  private run: RunJob | undefined;

  /** @param places steps of each lane that may run here at once, besides those that come out of the queue */
  constructor(
    private readonly bell: JobQueue,
    private readonly places: Readonly<Record<Lane, number>>,
    private readonly logger: Logger,
  ) {}

  /** From now on steps are done here; before, and after `drain`, all of them are rung for. */
  begin(run: RunJob): void {
    this.run = run;
  }

  async ring(jobs: readonly JobRequest[]): Promise<void> {
    const left = jobs.filter((job) => !this.takes(job));
    if (left.length > 0) await this.bell.ring(left);
  }

  async waiting(lane: Lane): Promise<number> {
    return await this.bell.waiting(lane);
  }

  async drain(withinMs: number): Promise<void> {
    this.run = undefined;
    await this.bell.ring(lanes.flatMap((lane) => this.ofLanes[lane].line.splice(0)));
    const steps = lanes.flatMap((lane) => [...this.ofLanes[lane].running]);
    const late = (): AppError => new AppError('unavailable', 'steps did not end in time');
    await within(withinMs, Promise.all(steps), late).catch((error: unknown) => {
      this.logger.warn({ err: error }, 'Leaving steps behind; their rows become due again when their leases run out.');
    });
  }

  private takes(job: JobRequest): boolean {
    const { lane } = jobCatalog[job.name];
    const places = this.places[lane];
    const { running, line } = this.ofLanes[lane];
    if (!this.run || line.length >= places * inLinePerPlace) return false;
    line.push(job);
    if (running.size < places) this.next(lane, this.run);
    return true;
  }

  private next(lane: Lane, run: RunJob): void {
    const { running, line } = this.ofLanes[lane];
    const job = line.shift();
    if (!job) return;
    const step = this.perform(run, job).finally(() => {
      running.delete(step);
      if (this.run) this.next(lane, this.run);
    });
    running.add(step);
  }

  private async perform(run: RunJob, job: JobRequest): Promise<void> {
    try {
      const result = await run(job);
      // It waits in the queue, which wakes it in time; for longer waits there is the sweep.
      if (result.kind === 'later' && result.delayMs <= longestDelayMs) await this.bell.ring([job]);
    } catch (error) {
      this.logger.error({ job: job.name, err: error }, 'A step failed outside of its row; the sweep brings it back.');
    }
  }
}
