import { Processor, WorkerHost } from '@nestjs/bullmq';
import { DelayedError, UnrecoverableError, type Job, type WorkerOptions } from 'bullmq';
import type { Logger } from 'pino';
import { parseJob, type JobRequest, type Lane } from '#domain/jobs/job-catalog.js';
import { AppError, messageOf } from '#domain/shared/errors.js';
import { within } from '../resilience/within.js';

/** With a longer delay the sweep's few seconds make no difference; thousands that wait for a limit fill no queue. */
export const longestDelayMs = 60_000;

/** What running a job came to, as the queue needs to know it. */
export type LaneResult = { readonly kind: 'finished' } | { readonly kind: 'later'; readonly delayMs: number };

export type RunJob = (request: JobRequest) => Promise<LaneResult>;

export interface DrainableLane {
  /** Takes no more jobs and waits for the running ones, at most so long; then lets go of them (their rows come back). */
  drain(withinMs: number): Promise<void>;
}

/**
 * A BullMQ worker for one lane. A class per lane, because @nestjs/bullmq reads the queue's name from the class.
 * @returns a provider for the module
 */
export function laneProcessor(
  lane: Lane,
  options: WorkerOptions,
  run: RunJob,
  logger: Logger,
): WorkerHost & DrainableLane {
  @Processor({ name: lane }, options)
  class LaneProcessor extends WorkerHost implements DrainableLane {
    override async process(job: Job, token?: string): Promise<void> {
      const request = parsed(job);
      const result = await run(request);
      // What waits for long waits in its row, not in the queue's memory: the sweep rings for it when its time has come.
      if (result.kind === 'finished' || result.delayMs > longestDelayMs) return;
      await job.moveToDelayed(Date.now() + result.delayMs, token);
      throw new DelayedError();
    }

    async drain(withinMs: number): Promise<void> {
      try {
        await within(
          withinMs,
          this.worker.close(),
          () => new AppError('unavailable', 'jobs or Redis did not end in time'),
        );
      } catch (error) {
        // Not `close(true)`: it waits for the first close. Whoever ends the process ends what still runs here.
        logger.warn(
          { lane, err: error },
          'Leaving jobs behind; their rows become due again when their leases run out.',
        );
      }
    }

    listen(): this {
      // Without a listener an error event ends the process; BullMQ reconnects by itself.
      this.worker.on('error', (error) => logger.warn({ lane, err: error }, 'The queue cannot be reached.'));
      this.worker.on('failed', (job, error) => {
        logger.error(
          { lane, job: job?.name, err: error },
          'A job failed outside of its row; the sweep brings it back.',
        );
      });
      return this;
    }

    onApplicationBootstrap(): void {
      this.listen();
    }
  }
  return new LaneProcessor();
}

function parsed(job: Job): JobRequest {
  try {
    return parseJob(job.name, job.data);
  } catch (error) {
    // Nothing will make this readable: no further try.
    throw new UnrecoverableError(`job ${job.name} is none of ours: ${messageOf(error)}`);
  }
}
