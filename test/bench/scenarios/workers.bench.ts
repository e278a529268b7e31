import { availableParallelism } from 'node:os';
import { compared, figure, type Bench, type Figure, type Scenario } from '../support/scenario.js';
import { inTurn, watchConnections } from '../support/meter.js';
import { type Part, startPart } from '../support/part.js';
import { cpuOfTree } from '../support/processes.js';
import { atOnce, knowAccount, Product, type Running } from '../support/product.js';
import { median, medianRatio } from '../support/statistics.js';
import { storeComments, teach, waveEnd } from '../support/stored-comments.js';

type Share = 'workers' | 'postgres' | 'redis' | 'vendors';

interface Round {
  readonly perSecond: number;
  /** Cores that each kind of process kept busy. */
  readonly cores: Readonly<Record<Share, number>>;
}

/** So many workers, started for one round and stopped after it: one that only looks on would take jobs, too. */
async function round(bench: Bench, product: Product, vendors: Part, workers: number, waves: Waves): Promise<Round> {
  const started: Running[] = [];
  try {
    // One after the other: a machine with few cores starts four at once no faster.
    while (started.length < workers) started.push(await product.startWorker());
    await play(bench, waves.next(), waves.comments / 4); // warms them up
    const before = coresOf(bench, vendors, started);
    const began = performance.now();
    const { perSecond } = await play(bench, waves.next(), waves.comments);
    const micros = (performance.now() - began) * 1_000;
    const after = coresOf(bench, vendors, started);
    const cores = (share: Share): number => (after[share] - before[share]) / micros;
    return {
      perSecond,
      cores: {
        workers: cores('workers'),
        postgres: cores('postgres'),
        redis: cores('redis'),
        vendors: cores('vendors'),
      },
    };
  } finally {
    await Promise.all(started.map(async (worker) => await worker.end('SIGTERM')));
  }
}

async function play({ servers, progress }: Bench, wave: number, wanted: number) {
  const count = Math.round(wanted);
  await storeComments(servers, wave, count);
  return await waveEnd(servers, wave, count, (finished) => progress(`${finished} of ${count} comments`));
}

function coresOf({ servers }: Bench, vendors: Part, workers: readonly Running[]): Readonly<Record<Share, number>> {
  return {
    workers: workers.reduce((sum, { pid }) => sum + cpuOfTree(pid), 0),
    postgres: cpuOfTree(servers.postgresPid),
    redis: cpuOfTree(servers.redisPid),
    vendors: cpuOfTree(vendors.pid),
  };
}

class Waves {
  private wave = 0;

  constructor(readonly comments: number) {}

  next(): number {
    this.wave += 1;
    return this.wave;
  }
}

export const scenario: Scenario = {
  name: 'workers',
  question: 'How much more do four workers do than one, and what holds them up?',
  minutes: 6,
  usual: true,
  run: async (bench) => {
    const { databaseUrl, redisUrl } = bench.servers;
    const vendors = await startPart('baselines/vendors-main');
    const product = await Product.plan({ databaseUrl, redisUrl, vendorsPort: vendors.port, environment: atOnce });
    const connections = watchConnections(bench.servers);
    try {
      await knowAccount(bench.servers);
      const api = await product.startApi();
      await teach(api);
      await api.end('SIGTERM');
      const waves = new Waves(bench.scaled(2_000, 200));
      const startedWith = (workers: number) => async () => await round(bench, product, vendors, workers, waves);
      const { one, four } = await inTurn(
        bench.scaled(5, 2),
        { one: startedWith(1), four: startedWith(4) },
        bench.progress,
      );
      return [
        ...figuresOf(one, four),
        figure('most database connections', await connections.stop(), 'connections', { below: 30 }),
      ];
    } finally {
      await connections.stop();
      await product.stop();
      await vendors.stop();
    }
  },
};

function figuresOf(one: readonly Round[], four: readonly Round[]): readonly Figure[] {
  const rates = (rounds: readonly Round[]): readonly number[] => rounds.map(({ perSecond }) => perSecond);
  const busy = (rounds: readonly Round[], share: Share): number => median(rounds.map(({ cores }) => cores[share]));
  const cores = availableParallelism();
  const limit = { atLeast: 2.5 };
  const shares = (['workers', 'postgres', 'redis', 'vendors'] as const).map((share) =>
    compared(`cores kept busy: ${share}`, busy(four, share), 'cores', { baseline: busy(one, share) }),
  );
  return [
    compared('comments of four workers, beside one', median(rates(four)), 'comments/s', {
      baseline: median(rates(one)),
      ratio: medianRatio(rates(four), rates(one)),
      // Four workers cannot do more than one where one alone fills the machine: then the shares below tell the limit.
      ...(cores >= 6 && { limit }),
    }),
    figure('cores of this machine', cores, 'cores'),
    ...shares,
  ];
}
