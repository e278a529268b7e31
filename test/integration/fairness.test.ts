import { Queue, Worker } from 'bullmq';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lanes, parseJob } from '#domain/jobs/job-catalog.js';
import { ringingRules } from '#domain/jobs/ringing-rules.js';
import { AccountId, CommentId } from '#domain/shared/ids.js';
import { PostgresAccounts } from '#infrastructure/postgres/accounts.js';
import { PostgresComments } from '#infrastructure/postgres/comments.js';
import type { Database } from '#infrastructure/postgres/database.js';
import { PostgresIntake } from '#infrastructure/postgres/intake.js';
import { PostgresIncidents } from '#infrastructure/postgres/incidents.js';
import { PostgresLeases } from '#infrastructure/postgres/leases.js';
import { PostgresPauses } from '#infrastructure/postgres/pauses.js';
import { BullJobQueue } from '#infrastructure/queue/bull-job-queue.js';
import { ringingOptions, workingOptions } from '#infrastructure/queue/connection.js';
import { PerformJob } from '#use-cases/work/perform-job.js';
import { RingDueWork } from '#use-cases/work/ring-due-work.js';
import { account, delivery, incoming, openDatabase, verdictOf } from '../support/rows.js';
import { startDatabase, startRedis, type TestService } from '../support/services.js';
import { until } from '../support/until.js';

const flood = 3_000;
const quiet = { ...account, id: AccountId.parse('17841400000000002'), username: 'quiet.shop' };
const quietComment = CommentId.parse('7');
/** What may be in front of it: what waits in the lane, what one sweep brings, and what is under way meanwhile. */
const bound = ringingRules.laneIsFilledBy + 2 * ringingRules.rowsPerSweep.most;
const concurrency = 10;

const verdict = verdictOf('positive');
const nothing = { reply: 'none', hide: 'none', alert: false, decisions: [] } as const;
const clock = { now: () => new Date(), elapsedMs: () => performance.now(), random: () => Math.random() };

let services: readonly TestService[];
let database: Database;
let queues: readonly Queue[];
let worker: Worker;
let jobs: BullJobQueue;
const done: string[] = [];

beforeAll(async () => {
  const [postgres, redis] = [await startDatabase(), await startRedis()];
  services = [postgres, redis];
  database = await openDatabase(postgres.url);
  for (const each of [account, quiet]) await new PostgresAccounts(database).connect(each);
  const [thinking, outbound, alerts] = lanes.map((lane) => new Queue(lane, ringingOptions(redis.url)));
  if (!thinking || !outbound || !alerts) throw new Error('a lane is missing');
  queues = [thinking, outbound, alerts];
  jobs = new BullJobQueue({ thinking, outbound, alerts }, pino({ level: 'silent' }));
  await Promise.all(queues.map(async (queue) => await queue.waitUntilReady()));

  const [leases, comments] = [new PostgresLeases(database, 'test'), new PostgresComments(database)];
  const performJob = new PerformJob(leases, clock, new PostgresIncidents(database), new PostgresPauses(database));
  worker = new Worker(
    'thinking',
    async ({ name, data }) => {
      await performJob.execute(parseJob(name, data), async (lease) => {
        await comments.recordVerdict(lease, verdict, nothing, []);
        done.push(lease.commentId);
        return 'advanced';
      });
    },
    workingOptions(redis.url, concurrency),
  );
});
afterAll(async () => {
  await worker.close();
  await Promise.all(queues.map(async (queue) => await queue.close()));
  await database.close();
  await Promise.all(services.map(async (service) => await service.stop()));
});

describe('an account with three thousand comments', () => {
  it(
    'holds up the one comment of another account by no more than a few, and fills no queue',
    { timeout: 240_000 },
    async () => {
      const intake = new PostgresIntake(database);
      const ids = Array.from({ length: flood }, (_, index) => String(100_000 + index));
      for (let from = 0; from < flood; from += 250) {
        // What a busy machine sheds is sent again.
        await until('a stored delivery', 60_000, async () => {
          const few = delivery(ids.slice(from, from + 250).map((id) => incoming(id)));
          return await intake.store(few).then(
            () => true,
            () => false,
          );
        });
      }

      const sweep = new RingDueWork(new PostgresLeases(database, 'sweep'), jobs, clock);
      let fullest = 0;
      let storedAfter: number | undefined;
      while (done.length < flood + 1) {
        await sweep.execute();
        fullest = Math.max(fullest, await jobs.waiting('thinking'));
        if (storedAfter === undefined && done.length > 500) {
          storedAfter = done.length;
          // Nobody rings for it: the bell was lost.
          await intake.store(delivery([incoming(quietComment, { accountId: quiet.id })]));
        }
        // As the worker's schedule: soon again while there is more.
        await until('a lane that runs empty', 60_000, async () => {
          const waiting = await jobs.waiting('thinking');
          return waiting <= ringingRules.laneIsFilledBy || done.length > flood;
        });
      }

      expect(done.indexOf(quietComment) - (storedAfter ?? Number.NaN)).toBeLessThan(bound);
      expect(fullest).toBeLessThanOrEqual(bound);
      expect(new Set(done).size).toBe(flood + 1);
    },
  );
});
