import { jobCatalog, refOf, type JobRequest, type Lane } from '#domain/jobs/job-catalog.js';
import type { JobQueue } from '#domain/jobs/job-queue.js';

/** A queue that may lose everything at any moment. */
export class Bell implements JobQueue {
  jobs: JobRequest[] = [];

  async ring(requests: readonly JobRequest[]): Promise<void> {
    for (const request of requests) {
      if (!this.jobs.some((other) => isSame(request, other))) this.jobs.push(request);
    }
    await Promise.resolve();
  }

  async waiting(lane: Lane): Promise<number> {
    return await Promise.resolve(this.jobs.filter(({ name }) => jobCatalog[name].lane === lane).length);
  }

  /** Hands out the n-th job that it holds. */
  take(which: number): JobRequest | undefined {
    const request = this.jobs[which % Math.max(1, this.jobs.length)];
    this.jobs = this.jobs.filter((other) => other !== request);
    return request;
  }

  wipe(): void {
    this.jobs = [];
  }
}

function isSame(one: JobRequest, other: JobRequest): boolean {
  return one.name === other.name && refOf(one).id === refOf(other).id;
}
