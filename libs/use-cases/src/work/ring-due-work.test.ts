import { describe, expect, it } from 'vitest';
import type { JobRequest } from '#domain/jobs/job-catalog.js';
import type { JobQueue } from '#domain/jobs/job-queue.js';
import { CommentId } from '#domain/shared/ids.js';
import type { DueWork, Leases } from '#domain/work/leases.js';
import { RingDueWork } from './ring-due-work.js';

const backlog: readonly DueWork[] = Array.from({ length: 500 }, (_, index) => ({
  ref: { kind: 'comment', id: CommentId.parse(String(1_000 + index)) },
  stage: 'received',
}));

/** A sweep over the backlog, at a queue that needs so long for every ring. */
async function sweep(msPerRing: number): Promise<{ rung: number; jobs: readonly JobRequest[] }> {
  let elapsed = 0;
  const jobs: JobRequest[] = [];
  const leases: Pick<Leases, 'due'> = { due: async (limit) => await Promise.resolve(backlog.slice(0, limit)) };
  const queue: JobQueue = {
    ring: async (requests) => {
      elapsed += msPerRing;
      await Promise.resolve(jobs.push(...requests));
    },
  };
  const clock = { now: () => new Date(), elapsedMs: () => elapsed, random: () => 0.5 };
  // The sweep asks for what is due and nothing else.
  const ringDueWork = new RingDueWork(leases as Leases, queue, clock);
  return { rung: await ringDueWork.execute(), jobs };
}

describe('the sweep', () => {
  it('rings for everything that is due when the queue is quick', async () => {
    const { rung, jobs } = await sweep(5);
    expect(rung).toBe(backlog.length);
    expect(jobs.map(({ data }) => data)).toEqual(backlog.map(({ ref }) => ({ commentId: ref.id })));
  });

  it('leaves a slow queue the time to hand work out: it rings for the oldest and comes back', async () => {
    const { rung, jobs } = await sweep(300);
    expect(rung).toBe(100);
    expect(jobs.at(0)?.data).toEqual({ commentId: '1000' });
  });

  it('rings for some in any case, however slow the queue is', async () => {
    expect((await sweep(60_000)).rung).toBe(50);
  });
});
