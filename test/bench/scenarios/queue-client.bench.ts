import { setTimeout as wait } from 'node:timers/promises';
import { compared, figure, type Bench, type Figure, type Scenario } from '../support/scenario.js';
import { inTurn, metered } from '../support/meter.js';
import { type Part, startPart } from '../support/part.js';
import type { QueueAnswer, QueueOrder } from '../support/queue-order.js';
import { median, medianRatio } from '../support/statistics.js';

interface Measured {
  readonly perSecond: number;
  /** Microseconds per job. */
  readonly client: number;
  readonly redis: number;
}
type Trial = 'add' | 'bulk' | 'work at 10' | 'work at 50';
type Round = Readonly<Record<Trial, Measured>>;

class Client {
  private orders = 0;

  constructor(
    private readonly bench: Bench,
    private readonly part: Part,
  ) {}

  async round(jobs: number): Promise<Round> {
    const [few, many] = [this.ids(jobs), this.ids(jobs)];
    return {
      add: await this.measure({ kind: 'add', ids: few }),
      'work at 10': await this.measure({ kind: 'work', ids: few, concurrency: 10 }),
      bulk: await this.measure({ kind: 'bulk', ids: many }),
      'work at 50': await this.measure({ kind: 'work', ids: many, concurrency: 50 }),
    };
  }

  /** Redis is killed in the middle and comes back with what its file holds. */
  async survive(jobs: number, crash: () => Promise<void>): Promise<QueueAnswer> {
    const order: QueueOrder = { kind: 'survive', ids: this.ids(jobs) };
    const answer = this.part.ask<QueueAnswer>(order);
    await wait(1_500); // in the middle of the adding
    await crash();
    return await answer;
  }

  async stop(): Promise<void> {
    await this.part.stop();
  }

  private async measure(order: QueueOrder): Promise<Measured> {
    const pids = { client: this.part.pid, redis: this.bench.servers.redisPid };
    const { result, cpu } = await metered(pids, async () => await this.part.ask<QueueAnswer>(order));
    const jobs = order.ids.length;
    return { perSecond: jobs / result.seconds, client: cpu.client / jobs, redis: cpu.redis / jobs };
  }

  private ids(jobs: number): readonly string[] {
    this.orders += 1;
    return Array.from({ length: jobs }, (_, index) => `${this.orders}-${index}`);
  }
}

export const scenario: Scenario = {
  name: 'queue-client',
  question: 'BullMQ on node-redis beside BullMQ on ioredis: what does each cost, and what does it survive?',
  minutes: 3,
  usual: true,
  run: async (bench) => {
    const start = async (name: string): Promise<Client> => {
      const environment = { REDIS_URL: bench.servers.redisUrl, QUEUE_CLIENT: name };
      return new Client(bench, await startPart('baselines/queue-client-main', environment, bench.profiled(name)));
    };
    const [ioredis, nodeRedis] = [await start('ioredis'), await start('node-redis')];
    try {
      const jobs = bench.scaled(5_000, 200);
      await inTurn(1, turnsOf(ioredis, nodeRedis, jobs), bench.progress); // warms both up
      const rounds = await inTurn(bench.scaled(7, 2), turnsOf(ioredis, nodeRedis, jobs), bench.progress);
      return [...figuresOf(rounds.ioredis, rounds.nodeRedis), ...(await crashes(bench, ioredis, nodeRedis))];
    } finally {
      await Promise.all([ioredis.stop(), nodeRedis.stop()]);
    }
  },
};

function turnsOf(ioredis: Client, nodeRedis: Client, jobs: number) {
  return {
    ioredis: async () => await ioredis.round(jobs),
    nodeRedis: async () => await nodeRedis.round(jobs),
  };
}

function figuresOf(ioredis: readonly Round[], nodeRedis: readonly Round[]): readonly Figure[] {
  return (['add', 'bulk', 'work at 10', 'work at 50'] as const).flatMap((trial) =>
    (['perSecond', 'client', 'redis'] as const).map((what) => {
      const of = (rounds: readonly Round[]): readonly number[] => rounds.map((round) => round[trial][what]);
      const unit = what === 'perSecond' ? 'jobs/s' : 'µs/job';
      return compared(
        `${trial}: ${what === 'perSecond' ? 'speed' : `processor time of the ${what}`}`,
        median(of(nodeRedis)),
        unit,
        {
          baseline: median(of(ioredis)),
          ratio: medianRatio(of(nodeRedis), of(ioredis)),
        },
      );
    }),
  );
}

async function crashes({ servers, progress }: Bench, ioredis: Client, nodeRedis: Client): Promise<readonly Figure[]> {
  const { crashRedis } = servers;
  if (!crashRedis) return []; // the embedded one keeps nothing: whatever client, everything would be lost
  const figures: Figure[] = [];
  for (const [name, client] of [
    ['ioredis', ioredis],
    ['node-redis', nodeRedis],
  ] as const) {
    progress(`Redis is killed under ${name}`);
    const { seconds, added, lost, doubled } = await client.survive(500, crashRedis);
    figures.push(
      figure(`Redis killed under ${name}: longest standstill`, seconds, 's'),
      figure(`Redis killed under ${name}: jobs taken`, added, 'jobs'),
      figure(`Redis killed under ${name}: of these lost`, lost, 'jobs'),
      figure(`Redis killed under ${name}: done twice`, doubled, 'jobs'),
    );
  }
  return figures;
}
