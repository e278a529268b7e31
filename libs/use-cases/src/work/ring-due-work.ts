import { jobFor } from '#domain/jobs/job-catalog.js';
import { JobQueue } from '#domain/jobs/job-queue.js';
import { Leases } from '#domain/work/leases.js';

/** Rows per sweep: what one worker gets through in about a second; the next sweep brings more. */
const rowsPerSweep = 500;

/**
 * The sweep: rings the bell again for everything that the database says should have been done by now. It makes up
 * for a crash between commit and ring, a lost job, and an emptied queue. Harmless when run twice or by many.
 */
export class RingDueWork {
  constructor(
    private readonly leases: Leases,
    private readonly jobs: JobQueue,
  ) {}

  /** @returns how many rows were rung for */
  async execute(): Promise<number> {
    const due = await this.leases.due(rowsPerSweep);
    const requests = due.flatMap(({ ref, stage }) => jobFor(ref, stage) ?? []);
    await this.jobs.ring(requests);
    return requests.length;
  }
}
