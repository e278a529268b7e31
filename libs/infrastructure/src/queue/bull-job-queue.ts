import type { Queue } from 'bullmq';
import type { Logger } from 'pino';
import { jobCatalog, refOf, type JobRequest, type Lane } from '#domain/jobs/job-catalog.js';
import { lanes } from '#domain/jobs/job-catalog.js';
import type { JobQueue } from '#domain/jobs/job-queue.js';
import { AppError } from '#domain/shared/errors.js';
import { within } from '../resilience/within.js';
import { ringWithinMs } from './connection.js';

export class BullJobQueue implements JobQueue {
  private reachable = true;
  /** Lanes whose connection stood once: before that BullMQ makes every command wait for it, without any limit. */
  private readonly connected = new Set<Lane>();

  constructor(
    private readonly queues: Readonly<Record<Lane, Queue>>,
    private readonly logger: Logger,
  ) {
    for (const lane of lanes) {
      queues[lane].on('error', (error) => this.noteUnreachable(error));
      queues[lane].waitUntilReady().then(
        () => this.connected.add(lane),
        (error: unknown) => this.noteUnreachable(error),
      );
    }
  }

  async ring(jobs: readonly JobRequest[]): Promise<void> {
    try {
      const ringing = Promise.all(lanes.map(async (lane) => await this.ringLane(lane, jobs)));
      await within(ringWithinMs, ringing, () => new AppError('unavailable', `no answer within ${ringWithinMs} ms`));
      this.reachable = true;
    } catch (error) {
      this.noteUnreachable(error);
    }
  }

  async waiting(lane: Lane): Promise<number> {
    try {
      if (!this.connected.has(lane)) return 0;
      const counting = this.queues[lane].getWaitingCount();
      return await within(
        ringWithinMs,
        counting,
        () => new AppError('unavailable', 'the queue was not counted in time'),
      );
    } catch (error) {
      this.noteUnreachable(error);
      return 0;
    }
  }

  private async ringLane(lane: Lane, jobs: readonly JobRequest[]): Promise<void> {
    const own = jobs.filter(({ name }) => jobCatalog[name].lane === lane);
    if (own.length === 0) return;
    if (!this.connected.has(lane)) throw new AppError('unavailable', 'there is no connection yet');
    await this.queues[lane].addBulk(
      own.map((request) => ({
        name: request.name,
        data: request.data,
        // Not `jobId`: a finished job that is still kept under the same id would swallow this one silently.
        // `replace`: one that was put off is brought forward. Delays are counted on a worker's own clock, and one that
        // was wrong for a moment would otherwise keep every ring away from its row for as long as it was wrong.
        opts: { deduplication: { id: `${request.name}-${refOf(request).id}`, replace: true } },
      })),
    );
  }

  /** Once per outage: the sweep goes on ringing every few seconds, and each ring would say the same. */
  private noteUnreachable(error: unknown): void {
    if (!this.reachable) return;
    this.reachable = false;
    this.logger.warn(
      { err: error },
      'The queue cannot be reached. Comments are kept; the sweep rings again when it can.',
    );
  }
}
