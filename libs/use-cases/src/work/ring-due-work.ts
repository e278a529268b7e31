import { jobFor } from '#domain/jobs/job-catalog.js';
import { JobQueue } from '#domain/jobs/job-queue.js';
import { Clock } from '#domain/shared/clock.js';
import { Leases } from '#domain/work/leases.js';

/** Rows of each kind per sweep: what one worker gets through in about a second; the next sweep brings more. */
const rowsPerSweep = 500;
/** Rows per ring: few enough for a slow queue to take them within a ring's time limit. */
const rowsPerRing = 50;
/**
 * Longest time that a sweep keeps the queue busy. Under a backlog most of what is due waits in the queue already, and
 * ringing for all of it again and again would take the time in which the queue could hand it out.
 */
const ringingMs = 400;

/**
 * The sweep: rings the bell again for everything that the database says should have been done by now, the oldest first.
 * It makes up for a crash between commit and ring, a lost job, and an emptied queue. Harmless when run twice or by many.
 */
export class RingDueWork {
  constructor(
    private readonly leases: Leases,
    private readonly jobs: JobQueue,
    private readonly clock: Clock,
  ) {}

  /** @returns how many rows were rung for */
  async execute(): Promise<number> {
    const due = await this.leases.due(rowsPerSweep);
    const requests = due.flatMap(({ ref, stage }) => jobFor(ref, stage) ?? []);
    const began = this.clock.elapsedMs();
    let rung = 0;
    while (rung < requests.length && this.clock.elapsedMs() - began < ringingMs) {
      const few = requests.slice(rung, rung + rowsPerRing);
      await this.jobs.ring(few);
      rung += few.length;
    }
    return rung;
  }
}
