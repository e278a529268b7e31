import { describe, expect, it } from 'vitest';
import { jobCatalog, jobFor, lanes, type JobRequest, type Lane } from '#domain/jobs/job-catalog.js';
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
  return (await sweeps(backlog, [waiting], msPerRing))[0] ?? Promise.reject(new Error('no sweep'));
}

/** Sweeps of one worker, each finding so much in the lanes. */
async function sweeps(
  backlog: readonly DueWork[],
  found: readonly Partial<Record<Lane, number>>[],
  msPerRing = 5,
): Promise<readonly Sweep[]> {
  let elapsed = 0;
  let looked = false;
  let jobs: JobRequest[] = [];
  let waiting: Partial<Record<Lane, number>> = {};
  const leases: Pick<Leases, 'due'> = {
    due: async (limit, among = lanes) => {
      looked = true;
      const ofLanes = backlog.filter(({ ref, stage }) => {
        const job = jobFor(ref, stage);
        return job && among.includes(jobCatalog[job.name].lane);
      });
      const [ofComments, others] = [
        ofLanes.filter(({ ref }) => ref.kind === 'comment'),
        ofLanes.filter(({ ref }) => ref.kind !== 'comment'),
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
  const ringDueWork = new RingDueWork(leases as Leases, queue, clock);
  const done: Sweep[] = [];
  for (const inLanes of found) {
    [looked, jobs, waiting] = [false, [], inLanes];
    done.push({ ...(await ringDueWork.execute()), jobs, looked });
  }
  return done;
}

const { fewest, most } = ringingRules.rowsPerSweep;

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
    expect([rung, more]).toEqual([fewest, true]);
  });

  it('brings more each time while what it brought is gone at once, and few again when it is not', async () => {
    const brought = async (...thinking: number[]): Promise<readonly number[]> => {
      const swept = await sweeps(
        comments(5_000),
        thinking.map((waiting) => ({ thinking: waiting })),
        0,
      );
      return swept.map(({ rung }) => rung);
    };
    expect(await brought(0, 0, 0, 0, 0)).toEqual([fewest, 2 * fewest, 4 * fewest, most, most]);
    expect(await brought(0, 0, 2 * fewest, 0)).toEqual([fewest, 2 * fewest, 0, fewest]);
    expect(await brought(0, 1, 1)).toEqual([fewest, fewest, fewest]);
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
