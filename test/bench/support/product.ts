import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../../../apps/launcher/src/ports.js';
import { bakeryAccount } from '../../../apps/sandbox/src/bakery/account.js';
import { type Program, type ProgramOptions, startProgram, untilReady } from '../../support/program.js';
import { planStack, type StackPlan, urlOf } from '../../support/stack-environment.js';
import type { Database, Servers } from './servers.js';

export interface ProductOptions {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** Where whoever plays the vendors listens; without it nobody does. */
  readonly vendorsPort?: number;
  readonly environment?: Readonly<Record<string, string>>;
}

/** A running program of the product, and where it listens. */
export interface Running extends Program {
  readonly port: number;
}

/**
 * What a worker is given that is measured with vendors who take no time: as many calls at once as the bare loop makes. The
 * usual settings are for vendors who take seconds.
 */
export const atOnce = { THINKING_CONCURRENCY: '150', OUTBOUND_CONCURRENCY: '100' } as const;

type HowToStart = Partial<Pick<ProgramOptions, 'flags' | 'preload' | 'environment'>>;

/** Apis and workers as they are shipped: built, each in a process of its own, with the usual logs (into a file). */
export class Product {
  private readonly programs: Program[] = [];

  private constructor(
    private readonly folder: string,
    private readonly plan: StackPlan,
  ) {}

  static async plan({ databaseUrl, redisUrl, vendorsPort, environment }: ProductOptions): Promise<Product> {
    const folder = await mkdtemp(path.join(tmpdir(), 'instachatico-bench-'));
    const vendors = vendorsPort === undefined ? {} : vendorUrls(urlOf(vendorsPort));
    const given = { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, LOG_LEVEL: 'info', ...vendors, ...environment };
    return new Product(folder, await planStack(1, given));
  }

  get appSecret(): string {
    return this.plan.appSecret;
  }

  /** The vendors as the sandbox plays them; the product looks for them there when nobody else was named. */
  async startSandbox(): Promise<Running> {
    const port = this.plan.sandboxPort;
    return await this.start('sandbox', port, this.plan.sandbox, {});
  }

  get instagramToken(): string {
    return this.plan.instagramToken;
  }

  async startApi(how: HowToStart = {}): Promise<Running> {
    // The sandbox delivers to the first api's port.
    const planned = this.plan.apiPorts[0] ?? 0;
    const port = this.programs.some(({ name }) => name === 'api') ? await freePort() : planned;
    return await this.start('api', port, { ...this.plan.programs, PORT: String(port) }, how);
  }

  async startWorker(how: HowToStart = {}): Promise<Running> {
    const port = await freePort();
    return await this.start('worker', port, { ...this.plan.programs, WORKER_PORT: String(port) }, how);
  }

  async stop(): Promise<void> {
    await Promise.all(this.programs.map(async (program) => await program.end('SIGTERM')));
    await rm(this.folder, { recursive: true, force: true });
  }

  private async start(
    app: 'api' | 'worker' | 'sandbox',
    port: number,
    environment: Readonly<Record<string, string>>,
    how: HowToStart,
  ): Promise<Running> {
    const { folder } = this;
    const log = path.join(folder, `${app}-${port}.log`);
    const program = startProgram({
      ...how,
      name: app,
      file: `apps/${app}/src/main.js`,
      environment: { ...environment, ...how.environment },
      folder,
      log,
    });
    this.programs.push(program);
    await untilReady(program, port);
    return { ...program, port };
  }
}

/** As the worker would find out; afterwards the api knows whose comments to keep. */
export async function knowAccount({ query }: Pick<Database | Servers, 'query'>): Promise<void> {
  await query(`INSERT INTO accounts (id, platform, username) VALUES ($1, 'instagram', $2) ON CONFLICT DO NOTHING`, [
    bakeryAccount.id,
    bakeryAccount.username,
  ]);
}

function vendorUrls(url: string): Readonly<Record<string, string>> {
  return {
    INSTAGRAM_BASE_URL: `${url}/instagram`,
    OPENAI_BASE_URL: `${url}/openai/v1`,
    TELEGRAM_BASE_URL: `${url}/telegram`,
  };
}
