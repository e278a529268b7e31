import { jobCatalog, jobFor, lanes, type JobRequest, type Lane } from '#domain/jobs/job-catalog.js';
import { JobQueue } from '#domain/jobs/job-queue.js';
import { ringingRules } from '#domain/jobs/ringing-rules.js';
import { Clock } from '#domain/shared/clock.js';
import { Leases } from '#domain/work/leases.js';

/** Rows per ring: few enough for a slow queue to take them within a ring's time limit. */
const rowsPerRing = 50;
/** Longest time that a sweep keeps the queue busy: a slow one needs its time to hand work out. */
const ringingMs = 400;

export interface Swept {
  /** How many rows were rung for. */
  readonly rung: number;
  /** Whether more is due than what was rung for or waits in the lanes: another sweep should come soon. */
  readonly more: boolean;
}

/**
 * The sweep: rings the bell again for what the database says should have been done by now, in turns between accounts,
 * into lanes that run empty. It makes up for a crash between commit and ring, a lost job and an emptied queue, and feeds
 * a backlog into the queue bit by bit. Harmless when run twice or by many.
 */
export class RingDueWork {
  /** Rows of each kind at the next sweep. */
  private rows: number = ringingRules.rowsPerSweep.fewest;
  private fed: ReadonlySet<Lane> = new Set();

  constructor(
    private readonly leases: Leases,
    private readonly jobs: JobQueue,
    private readonly clock: Clock,
  ) {}

  async execute(): Promise<Swept> {
    const waiting = await this.waitingJobs();
    this.adapt(waiting);
    const filled = lanes.filter((lane) => waiting[lane] > Math.max(ringingRules.laneIsFilledBy, this.rows / 2));
    const empty = lanes.filter((lane) => !filled.includes(lane));
    if (empty.length === 0) return { rung: 0, more: true };
    const due = await this.leases.due(this.rows, empty);
    const requests = due.flatMap(({ ref, stage }) => jobFor(ref, stage) ?? []);
    const rung = await this.ring(requests);
    this.fed = new Set(requests.slice(0, rung).map(laneOf));
    // A kind of work that fills its share may have more, and behind a lane that is full there may be any amount of it.
    const full = lanes.some((lane) => requests.filter((request) => laneOf(request) === lane).length >= this.rows);
    return { rung, more: filled.length > 0 || full || rung < requests.length };
  }

  /** What was rung for is gone already: the next sweep may bring more. A lane that is slow gets little at a time. */
  private adapt(waiting: Readonly<Record<Lane, number>>): void {
    const { fewest, most } = ringingRules.rowsPerSweep;
    const fed = [...this.fed];
    if (fed.length > 0 && fed.every((lane) => waiting[lane] === 0)) this.rows = Math.min(this.rows * 2, most);
    else if (fed.some((lane) => waiting[lane] > this.rows / 2)) this.rows = Math.max(Math.ceil(this.rows / 2), fewest);
  }

  private async waitingJobs(): Promise<Readonly<Record<Lane, number>>> {
    const [thinking, outbound, alerts] = await Promise.all([
      this.jobs.waiting('thinking'),
      this.jobs.waiting('outbound'),
      this.jobs.waiting('alerts'),
    ]);
    return { thinking, outbound, alerts };
  }

  private async ring(requests: readonly JobRequest[]): Promise<number> {
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

function laneOf({ name }: JobRequest): Lane {
  return jobCatalog[name].lane;
}
