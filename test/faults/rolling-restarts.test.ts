import { setTimeout as wait } from 'node:timers/promises';
import { QueueEvents } from 'bullmq';
import { expect, it } from 'vitest';
import { lanes } from '#domain/jobs/job-catalog.js';
import type { Seeded } from '../support/seeded.js';
import { until } from '../support/until.js';
import { Balancer } from './support/balancer.js';
import { writeComments, type Customer } from './support/customers.js';
import { counted, sized } from './support/form.js';
import type { Plant, TimedEnd } from './support/plant.js';
import { chanceOf, expectPromiseKept, plantForThisFile, report, say } from './support/scenario.js';
import { MetaLoad } from './support/sender.js';

// T16, audit 55, 56
const restarts = counted(6, 50);
const requestsPerSecond = sized(60, 200);
/** Every so many requests bring a new comment; the others are repetitions, which cost an api the same. */
const repetitions = 15;
const comments = sized(400, 8_000);
/** A machine that cannot carry the rate gets fewer requests, not more and more that wait. */
const mostOpen = 32;
/** The model thinks: whoever is told to stop is in the middle of something. */
const thinkingMs = 500;
const goneWithinMs = 25_000;
const backWithinMs = 60_000;
const drainedWithinMs = 300_000;

// Two looks of the balancer at their slowest, as .env.example asks for.
const plant = plantForThisFile({ environment: { SHUTDOWN_GRACE_SECONDS: '4' } });

it('programs that are restarted one after the other under load: no request fails, no job is left behind', async () => {
  const chance = chanceOf('rolling restarts');
  await plant().vendors.fault({ vendor: 'openai', times: 0, effect: { kind: 'delay', ms: thinkingMs } });
  const balancer = await Balancer.start(plant().stack.apiUrls);
  const queues = await watchQueues(plant());
  const customers = await writeComments(plant().vendors, comments);
  const traffic = new Traffic(balancer.url, plant().stack.appSecret, chance.shuffled(customers), chance);
  await until('both apis', backWithinMs, () => plant().stack.apiUrls.every((url) => balancer.isReady(url)));

  traffic.begin();
  const ends = await restartInTurn(plant(), balancer);
  const { sent, statuses, perSecond } = await traffic.stop();
  const drained = await plant().drain(drainedWithinMs);
  await Promise.all([balancer.stop(), queues.stop()]);

  const verdict = await plant().judge(sent);
  report('rolling restarts', {
    seed: chance.seed,
    statuses,
    'requests per second': perSecond,
    balancer: balancer.report(),
    restarts: ends.length,
    'slowest end (ms)': Math.max(...ends.map(({ ms }) => ms)),
    'stalled or failed jobs': queues.seen,
    comments: sent.length,
    replies: verdict.replied,
    'drained (s)': drained,
  });
  // "Later" is an answer of an api that serves and is busy; one that stops, or is gone, is no answer.
  expect(Object.keys(statuses).filter((status) => !['200', '503'].includes(status))).toEqual([]);
  expect(balancer.report()).toMatchObject({ broken: [], sentAway: 0 });
  expect(queues.seen, 'jobs that stalled or failed').toEqual([]);
  expect(ends.filter(({ code, ms }) => code !== 0 || ms > goneWithinMs)).toEqual([]);
  expectPromiseKept(verdict);
});

async function restartInTurn(of: Plant, balancer: Balancer): Promise<TimedEnd[]> {
  const ends: TimedEnd[] = [];
  for (let turn = 0; turn < restarts; turn += 1) {
    const number = Math.floor(turn / 2) % 2;
    if (turn % 2 === 0) {
      ends.push(await of.restartApi(number, 'SIGTERM'));
      await until('the api to be back', backWithinMs, () => balancer.isReady(of.stack.apiUrls[number] ?? ''));
    } else {
      ends.push(await of.restartWorker(number, 'SIGTERM'));
    }
    if (turn % 10 === 9) say(`rolling restarts: ${turn + 1} of ${restarts}`);
  }
  return ends;
}

/** Signed requests at a steady rate, each sent once: whoever sends them does not try again. */
class Traffic {
  private readonly sender: MetaLoad;
  private readonly open = new Set<Promise<unknown>>();
  private running = Promise.resolve();
  private requests = 0;
  private stopped = false;
  private began = 0;

  constructor(
    url: string,
    appSecret: string,
    private readonly customers: readonly Customer[],
    private readonly chance: Seeded,
  ) {
    this.sender = new MetaLoad([url], appSecret);
  }

  begin(): void {
    this.running = this.run();
  }

  async stop() {
    this.stopped = true;
    await this.running;
    await Promise.all(this.open);
    await this.sender.stop();
    const { statuses } = this.sender.report();
    const perSecond = Math.round(this.requests / ((performance.now() - this.began) / 1_000));
    return { statuses, perSecond, sent: this.customers.slice(0, this.newest + 1) };
  }

  private get newest(): number {
    return Math.min(Math.floor((this.requests - 1) / repetitions), this.customers.length - 1);
  }

  private async run(): Promise<void> {
    this.began = performance.now();
    while (!this.stopped) {
      const due = ((performance.now() - this.began) / 1_000) * requestsPerSecond;
      while (this.requests < due && this.open.size < mostOpen) this.request();
      await wait(20);
    }
  }

  /** Once; but what a busy machine put off comes again, as Meta sends it. */
  private async once({ comment }: Customer): Promise<void> {
    while ((await this.sender.once([comment])) === 503) await wait(1_000);
  }

  private request(): void {
    const isNew = this.requests % repetitions === 0;
    this.requests += 1;
    const customer = this.customers[isNew ? this.newest : this.chance.between(0, this.newest)];
    if (!customer) return;
    const request = this.once(customer).finally(() => this.open.delete(request));
    this.open.add(request);
  }
}

/** The queue's own word for jobs whose worker went away, or that failed outside of their row. */
async function watchQueues(of: Plant) {
  const seen: string[] = [];
  const events = lanes.map((lane) => {
    const queue = new QueueEvents(lane, { prefix: 'instachatico', connection: { url: of.redis.url } });
    queue.on('stalled', ({ jobId }) => seen.push(`${lane} ${jobId} stalled`));
    queue.on('failed', ({ jobId, failedReason }) => seen.push(`${lane} ${jobId} failed: ${failedReason}`));
    queue.on('error', () => undefined); // the scenario leaves Redis alone; at its end it goes away
    return queue;
  });
  await Promise.all(events.map(async (queue) => await queue.waitUntilReady()));
  return { seen, stop: async () => void (await Promise.all(events.map(async (queue) => await queue.close()))) };
}
