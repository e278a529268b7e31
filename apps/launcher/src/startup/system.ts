import path from 'node:path';

import { LaunchProblem } from '../launch-problem.js';
import { type Addresses, programEnvironment, sandboxEnvironment, urlOf } from '../plan/child-environment.js';
import { needsSandbox } from '../plan/choices.js';
import { type Plan } from '../plan/plan.js';
import { type Secrets } from '../plan/secrets.js';
import { Keeper } from '../process/keeper.js';
import { type Running, startProgram } from '../process/program.js';
import { type EmbeddedService, startEmbeddedPostgres, startEmbeddedRedis } from '../services.js';
import { waitUntilReady } from './wait-until-ready.js';

export interface SystemOptions {
  readonly plan: Plan;
  readonly secrets: Secrets;
  /** Folder with the compiled apps. */
  readonly apps: string;
  readonly log: (line: string) => void;
  /** A child cannot be kept running: everything has to stop. */
  readonly onGivenUp: (name: string) => void;
}

/** All processes of one folder, and the order in which they come and go. */
export class System {
  private readonly services: Keeper[] = [];
  private readonly vendors: Keeper[] = [];
  private readonly programs: Keeper[] = [];
  private migration: Running | undefined;

  constructor(private readonly options: SystemOptions) {}

  /** Services, then the schema, then the vendors' stand-in, then api and worker; each waits for the one before. */
  async start(signal: AbortSignal): Promise<void> {
    const { plan, secrets } = this.options;
    const { given, choices, ports, dataDir } = plan;
    const [databaseUrl, redisUrl] = await Promise.all([this.startDatabase(), this.startQueue()]);
    signal.throwIfAborted();
    const addresses: Addresses = { ports, databaseUrl, redisUrl };
    const environment = programEnvironment(given, choices, secrets, addresses);
    await this.prepareSchema(environment);
    signal.throwIfAborted();
    if (needsSandbox(choices)) {
      const sandboxData = path.resolve(dataDir, 'sandbox');
      await this.startProgram(
        this.vendors,
        'sandbox',
        sandboxEnvironment(given, choices, secrets, addresses, sandboxData),
      );
      await waitUntilReady('sandbox', `${urlOf(ports.sandbox)}/health/ready`, signal);
    }
    await this.startProgram(this.programs, 'api', environment);
    await this.startProgram(this.programs, 'worker', environment);
    await waitUntilReady('api', `${urlOf(ports.api)}/health/ready`, signal);
    await waitUntilReady('worker', `${urlOf(ports.worker)}/health/ready`, signal);
  }

  /** Who finishes its work still calls its vendors and writes to the database: those go after it. */
  async stop(): Promise<void> {
    await this.migration?.stop();
    for (const layer of [this.programs, this.vendors, this.services]) {
      await Promise.all(layer.map((keeper) => keeper.stop()));
    }
  }

  kill(): void {
    this.migration?.kill();
    for (const keeper of [...this.programs, ...this.vendors, ...this.services]) keeper.kill();
  }

  private startDatabase(): Promise<string | undefined> {
    const { choices, dataDir } = this.options.plan;
    if (choices.database === 'given') return Promise.resolve(undefined);
    const place = { dataDir: path.resolve(dataDir, 'postgres') };
    return this.startService('database', (port) => startEmbeddedPostgres({ ...place, port }));
  }

  private startQueue(): Promise<string | undefined> {
    const { choices, dataDir } = this.options.plan;
    if (choices.queue === 'given') return Promise.resolve(undefined);
    if (choices.queue === 'embedded') return this.startService('queue', (port) => startEmbeddedRedis({ port }));
    const native = { binary: choices.queue.binary, dataDir: path.resolve(dataDir, 'redis') };
    return this.startService('queue', (port) => startEmbeddedRedis({ native, port }));
  }

  /** A service keeps its first port for the launcher's whole life: api and worker hold its URL. */
  private async startService(name: string, start: (port: number) => Promise<EmbeddedService>): Promise<string> {
    let port = 0;
    let url = '';
    const keeper = this.keeper(name, async () => {
      const service = await start(port);
      ({ port, url } = service);
      return service;
    });
    this.services.push(keeper);
    await keeper.begin();
    return url;
  }

  private async startProgram(layer: Keeper[], name: string, environment: NodeJS.ProcessEnv): Promise<void> {
    const file = path.join(this.options.apps, name, 'src', 'main.js');
    const keeper = this.keeper(name, () => Promise.resolve(startProgram(file, environment)));
    layer.push(keeper);
    await keeper.begin();
  }

  private keeper(name: string, start: () => Promise<Running>): Keeper {
    const { log, onGivenUp } = this.options;
    return new Keeper({ name, start, log, onGivenUp });
  }

  private async prepareSchema(environment: NodeJS.ProcessEnv): Promise<void> {
    this.migration = startProgram(path.join(this.options.apps, 'worker', 'src', 'migrate.js'), environment);
    const { code, text } = await this.migration.ended;
    this.migration = undefined;
    if (code !== 0) throw new LaunchProblem(`The database could not be prepared (${text}); see the lines above.`);
  }
}
