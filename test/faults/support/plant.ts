import { setTimeout as wait } from 'node:timers/promises';
import type { ProcessEnd } from '../../../apps/launcher/src/process/process-end.js';
import type { Program } from '../../support/program.js';
import { Stack, type StartOptions } from '../../support/stack.js';
import { until } from '../../support/until.js';
import type { Vendors } from '../../support/vendors.js';
import { judge, type Customer, type Verdict } from './customers.js';
import { RealPostgres, type PostgresOptions } from './real-postgres.js';
import { RealRedis } from './real-redis.js';
import { MetaLoad } from './sender.js';

export interface PlantOptions {
  readonly apis?: number;
  readonly workers?: number;
  readonly postgres?: PostgresOptions;
  readonly environment?: Readonly<Record<string, string>>;
}

/** How a program ended that was told to, and how long that took. */
export interface TimedEnd extends ProcessEnd {
  readonly ms: number;
}

const startTries = 60;
const betweenStartsMs = 1_000;

/** The whole product on servers that may be killed: PostgreSQL, Redis, vendors, apis and workers. */
export class Plant {
  private constructor(
    readonly postgres: RealPostgres,
    readonly redis: RealRedis,
    readonly stack: Stack,
    readonly meta: MetaLoad,
    private readonly apis: Program[],
    private readonly workers: Program[],
  ) {}

  static async start({ apis = 2, workers = 2, postgres, environment = {} }: PlantOptions = {}): Promise<Plant> {
    const [database, queue] = [await RealPostgres.start(postgres), await RealRedis.start()];
    const settings = { LOG_LEVEL: 'error', ...environment };
    const stack = await Stack.start({ apis, workers, environment: settings, servers: { database, queue } });
    const meta = new MetaLoad(stack.apiUrls, stack.appSecret);
    return new Plant(database, queue, stack, meta, [...stack.apis], [...stack.workers]);
  }

  get vendors(): Vendors {
    return this.stack.vendors;
  }

  get workerCount(): number {
    return this.workers.length;
  }

  worker(index: number): Program {
    const worker = this.workers[index];
    if (!worker) throw new Error(`there is no worker ${index}`);
    return worker;
  }

  api(index: number): Program {
    const api = this.apis[index];
    if (!api) throw new Error(`there is no api ${index}`);
    return api;
  }

  /** Starts a further worker; with a crash point it does not replace one of the plant's own. */
  async addWorker(options: StartOptions = {}): Promise<Program> {
    const worker = await this.stack.startWorker(options);
    if (!options.crashAt) this.workers.push(worker);
    return worker;
  }

  async endWorkers(): Promise<void> {
    await Promise.all(this.workers.splice(0).map(async (worker) => await worker.end('SIGTERM')));
  }

  async restartWorker(index: number, signal: 'SIGKILL' | 'SIGTERM', pauseMs = 0): Promise<TimedEnd> {
    const ended = await timed(this.worker(index), signal);
    await wait(pauseMs);
    this.workers[index] = await supervised(async () => await this.stack.startWorker());
    return ended;
  }

  async restartApi(
    index: number,
    signal: 'SIGKILL' | 'SIGTERM',
    pauseMs = 0,
    options: StartOptions = {},
  ): Promise<TimedEnd> {
    const ended = await timed(this.api(index), signal);
    await wait(pauseMs);
    const port = Number(new URL(this.stack.apiUrls[index] ?? '').port);
    this.apis[index] = await supervised(async () => await this.stack.startApi(options, port));
    return ended;
  }

  async restartRedis(pauseMs = 0): Promise<void> {
    await this.redis.kill();
    await wait(pauseMs);
    await this.redis.restart();
  }

  async restartPostgres(pauseMs = 0): Promise<void> {
    await this.postgres.kill();
    await wait(pauseMs);
    await this.postgres.restart();
  }

  /** Comments that have reached their end; undefined while the database cannot be asked. For progress, not for proof. */
  async finished(): Promise<number | undefined> {
    const counting = this.stack.sql<{ n: number }>(
      `SELECT count(*)::int AS n FROM comments WHERE stage IN ('done', 'parked') AND outcome <> 'own'`,
    );
    const rows = await counting.catch(() => []);
    return rows[0]?.n;
  }

  /** Rows that machines still have something to do about; undefined while the database cannot be asked. */
  async unfinished(): Promise<number | undefined> {
    const asking = this.stack.sql<{ n: number }>(
      `SELECT (SELECT count(*) FROM comments WHERE due_at IS NOT NULL OR stage NOT IN ('done', 'parked'))::int
            + (SELECT count(*) FROM replies WHERE due_at IS NOT NULL OR state IN ('wanted', 'drafted', 'sending', 'unknown'))::int
            + (SELECT count(*) FROM moderations WHERE due_at IS NOT NULL OR state = 'due')::int
            + (SELECT count(*) FROM alerts WHERE due_at IS NOT NULL OR state IN ('waiting', 'sending'))::int AS n`,
    );
    const rows = await asking.catch(() => []);
    return rows[0]?.n;
  }

  /** Waits until no row is left in a state that is not final. @returns how long that took, in seconds */
  async drain(withinMs: number): Promise<number> {
    const began = performance.now();
    await until('the last row to be final', withinMs, async () => (await this.unfinished()) === 0);
    return Math.round((performance.now() - began) / 1_000);
  }

  /** How often each reason stands in the ledger: for reports, not for proof. */
  async reasons(...wanted: string[]): Promise<Readonly<Record<string, number>>> {
    const rows = await this.stack.sql<{ reason: string; n: number }>(
      'SELECT reason, count(*)::int AS n FROM decisions WHERE reason = ANY ($1) GROUP BY reason ORDER BY reason',
      [wanted],
    );
    return Object.fromEntries(rows.map(({ reason, n }) => [reason, n]));
  }

  async judge(customers: readonly Customer[]): Promise<Verdict> {
    return judge(customers, await this.vendors.outcomes());
  }

  async stop(): Promise<void> {
    await this.meta.stop();
    await this.stack.stop();
  }
}

async function timed(program: Program, signal: 'SIGKILL' | 'SIGTERM'): Promise<TimedEnd> {
  const began = performance.now();
  const end = await program.end(signal);
  return { ...end, ms: Math.round(performance.now() - began) };
}

/** As every supervisor does: a program that ends while it starts (its database is just away) is started again. */
async function supervised(start: () => Promise<Program>): Promise<Program> {
  for (let left = startTries; ; left -= 1) {
    try {
      return await start();
    } catch (error) {
      if (left <= 1) throw error;
      await wait(betweenStartsMs);
    }
  }
}
