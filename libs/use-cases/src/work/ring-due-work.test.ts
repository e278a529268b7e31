import { describe, expect, it } from 'vitest';
import { jobCatalog, type JobRequest, type Lane } from '#domain/jobs/job-catalog.js';
import type { JobQueue } from '#domain/jobs/job-queue.js';
import { ringingRules } from '#domain/jobs/ringing-rules.js';
import { AlertId, CommentId } from '#domain/shared/ids.js';
import type { DueWork, Leases } from '#domain/work/leases.js';
import { RingDueWork, type Swept } from './ring-due-work.js';

const comments = (count: number): readonly DueWork[] =>
  Array.from({ length: count }, (_, index) => ({
    ref: { kind: 'comment', id: CommentId.parse(String(1_000 + index)) },
    stage: 'received',
  }));
const alert: DueWork = {
  ref: { kind: 'alert', id: AlertId.parse('0193e3a2-1111-7aaa-8bbb-123456789abc') },
  stage: 'waiting',
};

interface Sweep extends Swept {
  readonly jobs: readonly JobRequest[];
  readonly looked: boolean;
}

/** A sweep over a backlog, at a queue in which so much waits and which needs so long for every ring. */
async function sweep(
  backlog: readonly DueWork[],
  waiting: Partial<Record<Lane, number>> = {},
  msPerRing = 5,
): Promise<Sweep> {
  let elapsed = 0;
  let looked = false;
  const jobs: JobRequest[] = [];
  const leases: Pick<Leases, 'due'> = {
    due: async (limit) => {
      looked = true;
      const [ofComments, others] = [
        backlog.filter(({ ref }) => ref.kind === 'comment'),
        backlog.filter(({ ref }) => ref.kind !== 'comment'),
      ];
      return await Promise.resolve([...ofComments.slice(0, limit), ...others.slice(0, limit)]);
    },
  };
  const queue: JobQueue = {
    ring: async (requests) => {
      elapsed += msPerRing;
      await Promise.resolve(jobs.push(...requests));
    },
    waiting: async (lane) => await Promise.resolve(waiting[lane] ?? 0),
  };
  const clock = { now: () => new Date(), elapsedMs: () => elapsed, random: () => 0.5 };
  // The sweep asks for what is due and nothing else.
  const swept = await new RingDueWork(leases as Leases, queue, clock).execute();
  return { ...swept, jobs, looked };
}

const filled = ringingRules.laneIsFilledBy + 1;

describe('the sweep', () => {
  it('rings for everything that is due, and has time until the next one', async () => {
    const { rung, more, jobs } = await sweep([...comments(60), alert]);
    expect([rung, more]).toEqual([61, false]);
    expect(jobs.filter(({ name }) => name === 'comments.classify').map(({ data }) => data)).toEqual(
      comments(60).map(({ ref }) => ({ commentId: ref.id })),
    );
  });

  it('takes only the next few of a backlog into the queue, and comes back soon for more', async () => {
    const { rung, more } = await sweep(comments(5_000));
    expect([rung, more]).toEqual([ringingRules.rowsPerSweep, true]);
  });

  it('leaves a lane alone that is filled, and serves the others', async () => {
    const { jobs, more } = await sweep([...comments(5_000), alert], { thinking: filled });
    expect(jobs.map(({ name }) => jobCatalog[name].lane)).toEqual(['alerts']);
    expect(more).toBe(true);
  });

  it('does not even look while every lane is filled', async () => {
    const { looked, more } = await sweep(comments(1), { thinking: filled, outbound: filled, alerts: filled });
    expect([looked, more]).toEqual([false, true]);
  });

  it('leaves a slow queue the time to hand work out: it rings for the first and comes back', async () => {
    const { rung, jobs, more } = await sweep(comments(100), {}, 500);
    expect([rung, more]).toEqual([50, true]);
    expect(jobs.at(0)?.data).toEqual({ commentId: '1000' });
  });
});
