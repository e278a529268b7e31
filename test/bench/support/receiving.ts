import { idsOfWave } from './deliveries.js';
import { Load, type Order, type Sent } from './load.js';
import { watchConnections } from './meter.js';
import { knowAccount, Product, type Running } from './product.js';
import { type Bench, figure, type Figure } from './scenario.js';

type How = Omit<Order, 'wave' | 'comments' | 'appSecret' | 'port'> & { readonly comments?: number };

const unsigned = 0;

/** One api that is sent deliveries, and the account of what it acknowledged and what it stored. */
export class Receiving {
  private wave = unsigned;
  private acknowledged = 0;

  private constructor(
    private readonly bench: Bench,
    private readonly product: Product,
    private readonly load: Load,
    private readonly connections: ReturnType<typeof watchConnections>,
    readonly api: Running,
  ) {}

  static async start(bench: Bench): Promise<Receiving> {
    const { databaseUrl, redisUrl } = bench.servers;
    const product = await Product.plan({ databaseUrl, redisUrl });
    await knowAccount(bench.servers);
    const [load, api] = [await Load.start(), await product.startApi({ flags: bench.profiled('api') })];
    const receiving = new Receiving(bench, product, load, watchConnections(bench.servers), api);
    await receiving.send({ connections: 64, deliveries: bench.scaled(4_000, 200) }); // warms it up
    return receiving;
  }

  /** Sends a wave of new comments; resolves when everything was answered (with `repeat`: accepted). */
  async send({ comments = 1, ...how }: How): Promise<Sent> {
    const { appSecret } = this.product;
    const order: Order = { wave: (this.wave += 1), comments, appSecret, port: this.api.port, ...how };
    await this.load.prepare(order);
    const sent = await this.load.send(order);
    this.acknowledged += sent.accepted * comments;
    return sent;
  }

  /** The same for deliveries that nobody signed, from a generator of their own: theirs must not slow the other down. */
  async flood(load: Load, how: How): Promise<Sent> {
    return await load.send({ wave: unsigned, comments: 1, appSecret: undefined, port: this.api.port, ...how });
  }

  /** What is stored and does not belong to a signed delivery; each of those that `send` made has one comment. */
  async rowsOfUnsigned(): Promise<number> {
    const [row] = await this.bench.servers.query<{ n: number }>(
      `SELECT ((SELECT count(*) FROM deliveries) - (SELECT count(*) FROM comments WHERE id >= $1)
              + (SELECT count(*) FROM quarantine))::int AS n`,
      [idsOfWave(unsigned + 1)],
    );
    return row?.n ?? Number.NaN;
  }

  /** Whether everything that was acknowledged is there, and what it took. */
  async account(): Promise<readonly Figure[]> {
    const [row] = await this.bench.servers.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM comments WHERE id >= $1 AND id < $2',
      [idsOfWave(1), idsOfWave(this.wave + 1)],
    );
    return [
      figure('acknowledged comments', this.acknowledged, 'comments'),
      figure('of these not in the database', Math.max(0, this.acknowledged - (row?.n ?? 0)), 'comments', { atMost: 0 }),
      figure('most database connections', await this.connections.stop(), 'connections', { below: 30 }),
    ];
  }

  async stop(): Promise<void> {
    await this.connections.stop();
    await Promise.all([this.load.stop(), this.product.stop()]);
  }
}
