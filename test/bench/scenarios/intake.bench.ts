import { compared, figure, type Bench, type Figure, type Scenario } from '../support/scenario.js';
import { idsOfWave } from '../support/deliveries.js';
import { Load, refused, type Order, type Sent } from '../support/load.js';
import { inTurn, metered, watchConnections, type Metered } from '../support/meter.js';
import { type Part, startPart } from '../support/part.js';
import { residentBytes } from '../support/processes.js';
import { knowAccount, Product, type Running } from '../support/product.js';
import { median, medianRatio } from '../support/statistics.js';

type Kind = 'server' | 'postgres' | 'redis' | 'load';
type Burst = Metered<Sent, Kind>;
type Subject = 'baseline' | 'intake';
type Peer = 'lean' | 'usual';

/** One api beside the least that a receiver has to do, sent the same load in turn. */
class Intake {
  private wave = 0;
  private acknowledged = 0;
  private notAccepted = 0;

  private constructor(
    private readonly bench: Bench,
    private readonly product: Product,
    private readonly load: Load,
    private readonly bare: Part,
    private readonly peers: Readonly<Record<Peer, Part>>,
    private readonly api: Running,
  ) {}

  static async start(bench: Bench): Promise<Intake> {
    const { databaseUrl, redisUrl } = bench.servers;
    const product = await Product.plan({ databaseUrl, redisUrl });
    await knowAccount(bench.servers);
    const secret = { APP_SECRET: product.appSecret, DATABASE_URL: databaseUrl };
    const [load, bare, lean, usual, api] = [
      await Load.start(),
      await startPart('baselines/bare-http-main', secret, bench.profiled('baseline')),
      await startPart('baselines/insert-per-request-main', secret),
      await startPart('baselines/usual-nest-main', { ...secret, REDIS_URL: redisUrl }),
      await product.startApi({ flags: bench.profiled('api') }),
    ];
    return new Intake(bench, product, load, bare, { lean, usual }, api);
  }

  /** @param how of the order, without where it goes */
  async turns(
    rounds: number,
    how: Pick<Order, 'connections' | 'deliveries' | 'perSecond'>,
  ): Promise<Readonly<Record<Subject, readonly Burst[]>>> {
    const { bare, api } = this;
    const to = (server: Part | Running) => async () => await this.burst(server, how);
    return await inTurn(rounds, { baseline: to(bare), intake: to(api) }, this.bench.progress);
  }

  /** Others' ways beside ours: they are slow, so they get fewer deliveries. */
  async peerTurns(rounds: number, how: Pick<Order, 'connections' | 'deliveries'>) {
    const { api, peers } = this;
    const to = (server: Part | Running) => async () => await this.burst(server, how);
    return await inTurn(rounds, { intake: to(api), lean: to(peers.lean), usual: to(peers.usual) }, this.bench.progress);
  }

  private async burst(server: Part | Running, how: Pick<Order, 'connections' | 'deliveries'>): Promise<Burst> {
    const { servers } = this.bench;
    const { appSecret } = this.product;
    const order: Order = { wave: (this.wave += 1), comments: 1, appSecret, port: server.port, ...how };
    await this.load.prepare(order);
    const pids = {
      server: server.pid,
      postgres: servers.postgresPid,
      redis: servers.redisPid,
      load: this.load.pid,
    };
    const burst = await metered(pids, async () => await this.load.send(order));
    if (server === this.api) {
      this.acknowledged += burst.result.accepted;
      this.notAccepted += refused(burst.result);
    }
    return burst;
  }

  /** What everything together came to, after the last burst. */
  async account(): Promise<readonly Figure[]> {
    const [row] = await this.bench.servers.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM comments WHERE id >= $1 AND id < $2`,
      [idsOfWave(0), idsOfWave(this.wave + 1)],
    );
    return [
      figure('answers other than 200', this.notAccepted, 'answers', { atMost: 0 }),
      figure('acknowledged comments', this.acknowledged, 'comments'),
      figure('of these not in the database', this.acknowledged - (row?.n ?? 0), 'comments', { atMost: 0 }),
      figure('memory of the api', residentBytes(this.api.pid) / 2 ** 20, 'MB'),
    ];
  }

  async stop(): Promise<void> {
    const { lean, usual } = this.peers;
    await Promise.all([this.load, this.bare, lean, usual, this.product].map(async (one) => await one.stop()));
  }
}

export const scenario: Scenario = {
  name: 'intake',
  question: 'How close to the least possible is one api that stores what it acknowledges?',
  minutes: 4,
  usual: true,
  run: async (bench) => {
    const intake = await Intake.start(bench);
    const connections = watchConnections(bench.servers);
    try {
      const deliveries = bench.scaled(4_000, 200);
      bench.progress('warming up');
      await intake.turns(2, { connections: 64, deliveries });
      const full = await intake.turns(bench.scaled(15, 3), { connections: 64, deliveries });
      const wide = await intake.turns(bench.scaled(5, 1), { connections: 256, deliveries });
      const peers = await intake.peerTurns(bench.scaled(5, 1), { connections: 64, deliveries });
      const paced = await intake.turns(bench.scaled(5, 1), {
        connections: 128,
        deliveries: bench.scaled(5_000, 300),
        perSecond: 1_000,
      });
      return [
        ...speed(full),
        speedOf('at 256 connections', wide.intake, wide.baseline, 0.8),
        speedOf('beside a lean service: Fastify, one insert per request', peers.intake, peers.lean),
        speedOf('beside a usual service: Nest, TypeORM save, queue.add', peers.intake, peers.usual, 8),
        ...latencies(paced),
        ...costs(full),
        figure('most database connections', await connections.stop(), 'connections', { below: 30 }),
        ...(await intake.account()),
      ];
    } finally {
      await connections.stop();
      await intake.stop();
    }
  },
};

function speed({ intake, baseline }: Readonly<Record<Subject, readonly Burst[]>>): readonly Figure[] {
  const at = (bursts: readonly Burst[], which: 'p50' | 'p95' | 'p99'): number =>
    median(bursts.map(({ result }) => result.latency[which]));
  return [
    speedOf('at 64 connections', intake, baseline, 0.6),
    ...(['p50', 'p95', 'p99'] as const).map((which) =>
      compared(`${which} when saturated`, at(intake, which), 'ms', { baseline: at(baseline, which) }),
    ),
  ];
}

function speedOf(name: string, subject: readonly Burst[], baseline: readonly Burst[], least?: number): Figure {
  const rates = (bursts: readonly Burst[]): readonly number[] => bursts.map(({ result }) => result.perSecond);
  return compared(name, median(rates(subject)), 'requests/s', {
    baseline: median(rates(baseline)),
    ratio: medianRatio(rates(subject), rates(baseline)),
    ...(least !== undefined && { limit: { atLeast: least } }),
  });
}

function latencies({ intake, baseline }: Readonly<Record<Subject, readonly Burst[]>>): readonly Figure[] {
  return (['p50', 'p95', 'p99'] as const).map((which) => {
    const at = (bursts: readonly Burst[]): readonly number[] => bursts.map(({ result }) => result.latency[which]);
    return compared(`${which} at 1,000/s`, median(at(intake)), 'ms', {
      baseline: median(at(baseline)),
      ratio: medianRatio(at(intake), at(baseline)),
      ...(which === 'p99' && { limit: { atMost: 3 } }),
    });
  });
}

/** Processor time per request. */
function costs({ intake, baseline }: Readonly<Record<Subject, readonly Burst[]>>): readonly Figure[] {
  const of = (bursts: readonly Burst[], kind: Kind): number => {
    const answers = bursts.reduce((sum, { result }) => sum + result.perSecond * result.seconds, 0);
    return bursts.reduce((sum, { cpu }) => sum + cpu[kind], 0) / answers;
  };
  const busy = baseline.map(({ cpu, seconds }) => cpu.load / 1_000_000 / seconds);
  return [
    compared('processor time of the server', of(intake, 'server'), 'µs/request', {
      baseline: of(baseline, 'server'),
      limit: { atMost: 1.4 },
    }),
    figure('processor time of PostgreSQL', of(intake, 'postgres'), 'µs/request'),
    figure('processor time of Redis', of(intake, 'redis'), 'µs/request'),
    figure('the load generator beside the baseline', median(busy), 'cores', { below: 1 }),
  ];
}
