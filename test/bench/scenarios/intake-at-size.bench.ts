import { compared, figure, type Bench, type Figure, type Scenario } from '../support/scenario.js';
import { Load, type Order } from '../support/load.js';
import { inTurn, metered } from '../support/meter.js';
import { knowAccount, Product, type Running } from '../support/product.js';
import type { Database } from '../support/servers.js';
import { median, medianRatio } from '../support/statistics.js';
import { fillWithComments } from '../support/stored-comments.js';

interface Burst {
  readonly perSecond: number;
  readonly p99: number;
  /** Microseconds of PostgreSQL per delivery. */
  readonly postgres: number;
}

/** Two apis of one build on one server: one beside all the comments of some years, one on empty tables. */
class TwoSizes {
  private wave = 0;

  private constructor(
    private readonly product: Product,
    private readonly load: Load,
    readonly empty: Running,
    readonly full: Running,
  ) {}

  static async start(bench: Bench, filled: Database): Promise<TwoSizes> {
    const { databaseUrl, redisUrl } = bench.servers;
    const product = await Product.plan({ databaseUrl, redisUrl });
    await Promise.all([knowAccount(bench.servers), knowAccount(filled)]);
    const empty = await product.startApi();
    const full = await product.startApi({ flags: bench.profiled('api'), environment: { DATABASE_URL: filled.url } });
    return new TwoSizes(product, await Load.start(), empty, full);
  }

  async burst(api: Running, { postgresPid }: Pick<Database, 'postgresPid'>, deliveries: number): Promise<Burst> {
    const { appSecret } = this.product;
    const order: Order = {
      wave: (this.wave += 1),
      comments: 1,
      appSecret,
      port: api.port,
      connections: 64,
      deliveries,
    };
    await this.load.prepare(order);
    const pids = { postgres: postgresPid };
    const { result, cpu } = await metered(pids, async () => await this.load.send(order));
    return { perSecond: result.perSecond, p99: result.latency.p99, postgres: cpu.postgres / deliveries };
  }

  async stop(): Promise<void> {
    await Promise.all([this.load.stop(), this.product.stop()]);
  }
}

export const scenario: Scenario = {
  name: 'intake-at-size',
  question: 'Is intake beside ten million stored comments as fast as into empty tables?',
  minutes: 25,
  usual: false,
  run: async (bench) => {
    const stored = bench.scaled(10_000_000, 10_000);
    const filled = await bench.servers.addDatabase('filled');
    await fillWithComments(filled, stored, bench.progress);
    const sizes = await TwoSizes.start(bench, filled);
    try {
      const deliveries = bench.scaled(4_000, 1_000);
      const rounds = Math.max(5, bench.scaled(15, 5));
      const turns = async (times: number) =>
        await inTurn(
          times,
          {
            empty: async () => await sizes.burst(sizes.empty, bench.servers, deliveries),
            full: async () => await sizes.burst(sizes.full, filled, deliveries),
          },
          bench.progress,
        );
      await turns(2); // warms both up, and the database's memory
      const { empty, full } = await turns(rounds);
      return [figure('stored comments', stored, 'comments'), ...figuresOf(empty, full), ...(await sizeOf(filled))];
    } finally {
      await sizes.stop();
    }
  },
};

function figuresOf(empty: readonly Burst[], full: readonly Burst[]): readonly Figure[] {
  const beside = (name: string, unit: string, pick: (burst: Burst) => number, atLeast?: number): Figure =>
    compared(name, median(full.map(pick)), unit, {
      baseline: median(empty.map(pick)),
      ratio: medianRatio(full.map(pick), empty.map(pick)),
      ...(atLeast !== undefined && { limit: { atLeast } }),
    });
  return [
    beside('deliveries at 64 connections', 'requests/s', ({ perSecond }) => perSecond, 0.8),
    beside('p99 when saturated', 'ms', ({ p99 }) => p99),
    beside('processor time of PostgreSQL', 'µs/request', ({ postgres }) => postgres),
  ];
}

async function sizeOf({ query }: Database): Promise<readonly Figure[]> {
  const [row] = await query<{ tables: number; indexes: number }>(
    `SELECT sum(pg_table_size(oid))::float8 / 2 ^ 30 AS tables, sum(pg_indexes_size(oid))::float8 / 2 ^ 30 AS indexes
       FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`,
  );
  return [figure('tables', row?.tables ?? 0, 'GB'), figure('indexes', row?.indexes ?? 0, 'GB')];
}
