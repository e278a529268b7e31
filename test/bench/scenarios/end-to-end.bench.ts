import { setTimeout as wait } from 'node:timers/promises';
import { until } from '../../support/until.js';
import { compared, figure, type Bench, type Figure, type Scenario } from '../support/scenario.js';
import { inTurn, metered, watchConnections } from '../support/meter.js';
import { type Part, startPart } from '../support/part.js';
import { residentBytes } from '../support/processes.js';
import { atOnce, knowAccount, Product, type Running } from '../support/product.js';
import type { LoopOrder, RecordedCall } from '../support/recorded-call.js';
import type { Database } from '../support/servers.js';
import { median, medianRatio } from '../support/statistics.js';
import { storeComments, teach, waveEnd } from '../support/stored-comments.js';

const vectorsWithinMs = 60_000;
/** What a worker remembers about models is no older. */
const knownWithinMs = 6_000;

interface Round {
  readonly perSecond: number;
  readonly decisions: number;
  readonly outcomes: string;
  /** Microseconds per comment. */
  readonly cpu: Readonly<Record<'process' | 'postgres' | 'redis' | 'vendors', number>>;
}

/** One worker with vendors that take no time, beside a bare loop over the same rows in a database of its own. */
class EndToEnd {
  private wave = 0;

  private constructor(
    private readonly bench: Bench,
    private readonly product: Product,
    private readonly vendors: Part,
    private readonly worker: Running,
    private readonly loop: Part,
    private readonly loopDatabase: Database,
  ) {}

  static async start(bench: Bench): Promise<EndToEnd> {
    const { databaseUrl, redisUrl } = bench.servers;
    const vendors = await startPart('baselines/vendors-main');
    const product = await Product.plan({ databaseUrl, redisUrl, vendorsPort: vendors.port, environment: atOnce });
    await knowAccount(bench.servers);
    const api = await product.startApi();
    await teach(api);
    await api.end('SIGTERM');
    const worker = await product.startWorker({ flags: bench.profiled('worker') });
    await untilSearchedByMeaning(bench);
    const loopDatabase = await bench.servers.addDatabase('bare_loop');
    const environment = { DATABASE_URL: loopDatabase.url };
    const loop = await startPart('baselines/bare-loop-main', environment, bench.profiled('baseline'));
    return new EndToEnd(bench, product, vendors, worker, loop, loopDatabase);
  }

  async worked(count: number): Promise<Round> {
    const { servers, progress } = this.bench;
    const wave = (this.wave += 1);
    return await this.round(this.worker.pid, servers, count, async () => {
      await storeComments(servers, wave, count);
      return await waveEnd(servers, wave, count, (finished) => progress(`worker: ${finished} of ${count} comments`));
    });
  }

  async baseline(count: number): Promise<Round> {
    const calls = await this.vendors.ask<readonly RecordedCall[]>(undefined);
    const order: LoopOrder = { vendorsPort: this.vendors.port, calls, batch: 100 };
    const wave = (this.wave += 1);
    await storeComments(this.loopDatabase, wave, count);
    return await this.round(this.loop.pid, this.loopDatabase, count, async () => {
      await this.loop.ask<number>(order);
      return await waveEnd(this.loopDatabase, wave, count, () => undefined);
    });
  }

  private async round(
    pid: number,
    { postgresPid }: Pick<Database, 'postgresPid'>,
    count: number,
    work: () => Promise<Omit<Round, 'cpu'>>,
  ): Promise<Round> {
    const { redisPid } = this.bench.servers;
    const pids = { process: pid, postgres: postgresPid, redis: redisPid, vendors: this.vendors.pid };
    const { result, cpu } = await metered(pids, work);
    const { process, postgres, redis, vendors } = cpu;
    const each = {
      process: process / count,
      postgres: postgres / count,
      redis: redis / count,
      vendors: vendors / count,
    };
    return { ...result, cpu: each };
  }

  get memory(): number {
    return residentBytes(this.worker.pid) / 2 ** 20;
  }

  async stop(): Promise<void> {
    await this.product.stop();
    await Promise.all([this.loop.stop(), this.vendors.stop()]);
  }
}

/** From then on each answer costs a question's vector, too. */
async function untilSearchedByMeaning({ servers, progress }: Bench): Promise<void> {
  progress('waiting for the vectors of the documents');
  await until('vectors of all passages', vectorsWithinMs, async () => {
    const rows = await servers.query(
      `SELECT FROM embedding_models WHERE state = 'active' AND NOT EXISTS (
         SELECT FROM passages WHERE NOT EXISTS (SELECT FROM passage_vectors WHERE passage_id = passages.id))`,
    );
    return rows.length > 0;
  });
  await wait(knownWithinMs);
}

export const scenario: Scenario = {
  name: 'end-to-end',
  question:
    'How much does one worker add to what a comment costs anyway: two model calls, a vector, one reply, the rows?',
  minutes: 6,
  usual: true,
  run: async (bench) => {
    const way = await EndToEnd.start(bench);
    const connections = watchConnections(bench.servers);
    try {
      const count = bench.scaled(1_000, 100);
      bench.progress('warming up');
      await way.worked(count);
      await way.baseline(count);
      const { worker, loop } = await inTurn(
        bench.scaled(15, 3),
        { loop: async () => await way.baseline(count), worker: async () => await way.worked(count) },
        bench.progress,
      );
      return [
        ...figuresOf(worker, loop),
        figure('memory of the worker', way.memory, 'MB'),
        figure('most database connections', await connections.stop(), 'connections', { below: 30 }),
      ];
    } finally {
      await connections.stop();
      await way.stop();
    }
  },
};

function figuresOf(worker: readonly Round[], loop: readonly Round[]): readonly Figure[] {
  const rates = (rounds: readonly Round[]): readonly number[] => rounds.map(({ perSecond }) => perSecond);
  const unanswered = worker.filter(({ outcomes }) => !/^answered \d+$/u.test(outcomes));
  const middle = (rounds: readonly Round[], pick: (round: Round) => number): number => median(rounds.map(pick));
  const beside = (name: string, unit: string, pick: (round: Round) => number): Figure =>
    compared(name, middle(worker, pick), unit, { baseline: middle(loop, pick) });
  return [
    compared('comments from stored to answered', median(rates(worker)), 'comments/s', {
      baseline: median(rates(loop)),
      ratio: medianRatio(rates(worker), rates(loop)),
      limit: { atLeast: 0.5 },
    }),
    beside('processor time of the worker', 'µs/comment', ({ cpu }) => cpu.process),
    beside('processor time of PostgreSQL', 'µs/comment', ({ cpu }) => cpu.postgres),
    figure(
      'processor time of Redis',
      middle(worker, ({ cpu }) => cpu.redis),
      'µs/comment',
    ),
    figure(
      'processor time of the played vendors',
      middle(worker, ({ cpu }) => cpu.vendors),
      'µs/comment',
    ),
    beside('rows in the ledger', 'rows/comment', ({ decisions }) => decisions),
    figure('rounds with anything but answers', unanswered.length, 'rounds', { atMost: 0 }),
  ];
}
