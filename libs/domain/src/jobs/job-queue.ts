import type { JobRequest, Lane } from './job-catalog.js';

/** The bell: it wakes workers up. The truth about what is due stands in the database. */
export abstract class JobQueue {
  /**
   * Asks for these jobs to run soon. A request for a row that already has an unfinished job changes nothing.
   * Does not throw: when the bell cannot be rung the sweep finds the rows within seconds.
   */
  abstract ring(jobs: readonly JobRequest[]): Promise<void>;
  /** How many jobs wait in a lane for a worker; 0 when the bell cannot be reached. Does not throw. */
  abstract waiting(lane: Lane): Promise<number>;
}
