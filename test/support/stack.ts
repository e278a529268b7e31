import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { GraphComment } from '../../apps/sandbox/src/world.js';
import { metaJson, signatureHeaders, webhookPayload } from '../../apps/sandbox/src/meta-payload.js';
import { freePort } from '../../apps/launcher/src/ports.js';
import { seedKnowledge } from '../../apps/launcher/src/startup/seed-knowledge.js';
import { type CommentWay, commentWay } from './comment-way.js';
import { isRunning, type Program, startProgram, untilReady } from './program.js';
import { type QueueServer, startQueueServer } from './queue-server.js';
import { startDatabase, type TestService } from './services.js';
import { planStack, type StackPlan, urlOf } from './stack-environment.js';
import { until } from './until.js';
import { Vendors } from './vendors.js';

export interface StackOptions {
  readonly workers?: number;
  readonly apis?: number;
  /** Settings of every api and worker. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Servers to use instead of the usual ones; the stack stops them. */
  readonly servers?: { readonly database: TestService; readonly queue: QueueServer };
}

/** Where a program is to be killed: see crash-at.mjs. */
export interface CrashPoint {
  readonly when: 'before' | 'sent' | 'after';
  readonly statement: string;
  readonly commentId?: string;
}

export interface StartOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly crashAt?: CrashPoint;
}

const readyWithinMs = 60_000;
const crashModule = new URL('crash-at.mjs', import.meta.url);

/** The whole product in processes of its own: database, queue, vendors, apis and workers, with the bakery's knowledge. */
export class Stack {
  private readonly programs: Program[] = [];
  private sandbox: Program | undefined;

  private constructor(
    private readonly folder: string,
    private readonly database: TestService,
    readonly queue: QueueServer,
    private readonly plan: StackPlan,
    private readonly reader: pg.Pool,
    readonly vendors: Vendors,
  ) {}

  static async start({ workers = 1, apis = 1, environment = {}, servers }: StackOptions = {}): Promise<Stack> {
    const folder = await mkdtemp(path.join(tmpdir(), 'instachatico-stack-'));
    const [database, queue] = servers
      ? [servers.database, servers.queue]
      : await startBoth(startDatabase(), startQueueServer());
    const plan = await planStack(apis, { DATABASE_URL: database.url, REDIS_URL: queue.url, ...environment });
    const reader = new pg.Pool({ connectionString: database.url, max: 1 });
    reader.on('error', () => undefined); // a lost connection shows at the next question
    const vendors = new Vendors(urlOf(plan.sandboxPort), plan.instagramToken);
    const stack = new Stack(folder, database, queue, plan, reader, vendors);
    try {
      await stack.startAll(workers);
      return stack;
    } catch (error) {
      process.stderr.write(stack.logs());
      await stack.stop();
      throw error;
    }
  }

  get databaseUrl(): string {
    return this.database.url;
  }

  get apiUrls(): readonly string[] {
    return this.plan.apiPorts.map(urlOf);
  }

  get workers(): readonly Program[] {
    return this.programs.filter(({ name }) => name.startsWith('worker')).filter((worker) => !worker.hasEnded());
  }

  get apis(): readonly Program[] {
    return this.programs.filter(({ name }) => name.startsWith('api')).filter((api) => !api.hasEnded());
  }

  /** Resolves when it is ready; with a crash point as soon as it runs, since it may be dead before it is ready. */
  async startWorker({ environment = {}, crashAt }: StartOptions = {}): Promise<Program> {
    const port = await freePort();
    return await this.startOne('worker', port, { WORKER_PORT: String(port), ...environment }, crashAt);
  }

  /** The first api has the address that Meta knows; a new one takes it over. */
  async startApi(
    { environment = {}, crashAt }: StartOptions = {},
    port = this.plan.apiPorts[0] ?? 0,
  ): Promise<Program> {
    return await this.startOne('api', port, { PORT: String(port), ...environment }, crashAt);
  }

  async endWorkers(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    await Promise.all(this.workers.map(async (worker) => await worker.end(signal)));
  }

  async endApis(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    await Promise.all(this.apis.map(async (api) => await api.end(signal)));
  }

  /** What the product says that it did about a comment, and why; undefined when it does not know the comment. */
  async decisions(id: string): Promise<CommentWay | undefined> {
    const answer = await fetch(`${urlOf(this.plan.apiPorts[0] ?? 0)}/api/v1/comments/${id}/decisions`);
    if (answer.status === 404) return undefined;
    if (!answer.ok) throw new Error(`decisions of ${id}: ${answer.status} ${await answer.text()}`);
    return commentWay.parse(await answer.json());
  }

  /** The codes of its decisions, oldest first. */
  async reasonsOf(id: string): Promise<readonly string[]> {
    return (await this.decisions(id))?.decisions.map(({ reason }) => reason) ?? [];
  }

  /** The admin API, as an operator's program uses it. */
  async admin(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH',
    route: string,
    body?: object,
  ): Promise<{ status: number; body: unknown }> {
    const answer = await fetch(`${urlOf(this.plan.apiPorts[0] ?? 0)}/api/v1/${route}`, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    return { status: answer.status, body: await answer.json() };
  }

  /** As if the waits of this comment's replies were over: the protocol's minutes are for the platform, not for a test. */
  async hastenReplies(commentId: string): Promise<void> {
    await this.sql(
      `UPDATE replies SET due_at = CASE WHEN lease_until IS NULL AND due_at IS NOT NULL THEN due.long_ago ELSE due_at END,
              audit_due_at = CASE WHEN audit_due_at IS NOT NULL THEN due.long_ago END
         FROM (SELECT now() - interval '1 minute' AS long_ago) AS due
        WHERE comment_id = $1`,
      [commentId],
    );
  }

  /** Waits until nothing is left to do about these comments. */
  async untilFinal(ids: readonly string[], withinMs: number): Promise<void> {
    await until(`the end of ${ids.length} comment(s)`, withinMs, async () => {
      const [row] = await this.sql<{ finished: number }>(
        `SELECT count(*)::int AS finished FROM comments WHERE id = ANY ($1) AND stage IN ('done', 'parked')`,
        [ids],
      );
      return row?.finished === ids.length;
    });
  }

  /** The app secret of this stack, for those who sign deliveries themselves. */
  get appSecret(): string {
    return this.plan.appSecret;
  }

  /** A signed delivery that nobody repeats, sent past the sandbox. @returns the status; undefined without an answer */
  async deliver(comments: readonly GraphComment[], apiUrl = this.apiUrls[0] ?? ''): Promise<number | undefined> {
    const body = metaJson(webhookPayload(comments, new Date()));
    const headers = { 'content-type': 'application/json', ...signatureHeaders(body, this.plan.appSecret) };
    try {
      const answer = await fetch(`${apiUrl}/api/v1/webhook`, { method: 'POST', headers, body });
      await answer.arrayBuffer();
      return answer.status;
    } catch {
      return undefined;
    }
  }

  /** Only to ask what must hold in the tables; what happened is told by the vendors' ledger. */
  async sql<Row extends pg.QueryResultRow>(statement: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return (await this.reader.query<Row>(statement, [...parameters])).rows;
  }

  logs(): string {
    const all = this.sandbox ? [this.sandbox, ...this.programs] : this.programs;
    return all.map(({ name, pid, output }) => `--- ${name} (${pid})\n${output()}`).join('\n');
  }

  async stop(): Promise<void> {
    await Promise.all([this.endWorkers('SIGTERM'), this.endApis('SIGTERM')]);
    await this.sandbox?.end('SIGTERM');
    await this.reader.end().catch(() => undefined);
    await Promise.all([this.database.stop(), this.queue.stop()]);
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Processes of ours that still run; none after `stop`. */
  leftovers(): readonly number[] {
    const pids = [...this.programs, ...(this.sandbox ? [this.sandbox] : [])].map(({ pid }) => pid);
    return [...pids, ...this.queue.pids()].filter(isRunning);
  }

  private async startAll(workers: number): Promise<void> {
    const { sandbox: environment, sandboxPort, apiPorts } = this.plan;
    this.sandbox = startProgram({
      name: 'sandbox',
      file: 'apps/sandbox/src/main.js',
      environment,
      folder: this.folder,
    });
    await untilReady(this.sandbox, sandboxPort);
    // The first worker finds out which account this is, without which nothing is known and nothing answered.
    await Promise.all([
      ...apiPorts.map(async (port) => await this.startApi({}, port)),
      ...Array.from({ length: Math.max(workers, 1) }, async () => await this.startWorker()),
    ]);
    const [apiUrl = ''] = this.apiUrls;
    const signal = AbortSignal.timeout(readyWithinMs);
    await seedKnowledge({ sandboxUrl: this.vendors.url, apiUrl, adminToken: undefined, signal });
    if (workers === 0) await this.endWorkers('SIGTERM');
  }

  private async startOne(
    app: 'api' | 'worker',
    port: number,
    more: Readonly<Record<string, string>>,
    crashAt: CrashPoint | undefined,
  ): Promise<Program> {
    const program = startProgram({
      name: crashAt ? `${app}, to crash ${crashAt.when} ${crashAt.statement}` : app,
      file: `apps/${app}/src/main.js`,
      environment: { ...this.plan.programs, ...more, ...(crashAt && crashSettings(crashAt)) },
      folder: this.folder,
      ...(crashAt && { preload: [crashModule] }),
    });
    this.programs.push(program);
    if (!crashAt || app === 'api') await untilReady(program, port);
    return program;
  }
}

/** One stack for a test file: started before its tests, ended after them; its logs are shown when a test fails. */
export function stackForThisFile(options: StackOptions = {}): () => Stack {
  let stack: Stack | undefined;
  beforeAll(async () => {
    stack = await Stack.start(options);
  });
  afterEach(({ task }) => {
    if (task.result?.state === 'fail') process.stderr.write(`${stack?.logs() ?? ''}\n`);
  });
  afterAll(async () => {
    await stack?.stop();
    expect(stack?.leftovers() ?? [], 'processes left behind').toEqual([]);
  });
  return () => {
    if (!stack) throw new Error('the stack is there only while tests run');
    return stack;
  };
}

function crashSettings({ when, statement, commentId }: CrashPoint): Readonly<Record<string, string>> {
  return { CRASH_AT: statement, CRASH_WHEN: when, ...(commentId !== undefined && { CRASH_COMMENT: commentId }) };
}

/** Both, or none: what did start is stopped when the other does not. */
async function startBoth<One extends { stop(): Promise<void> }, Two extends { stop(): Promise<void> }>(
  one: Promise<One>,
  two: Promise<Two>,
): Promise<[One, Two]> {
  const settled = await Promise.allSettled([one, two]);
  const [first, second] = settled;
  if (first.status === 'fulfilled' && second.status === 'fulfilled') return [first.value, second.value];
  await Promise.all(settled.map(async (each) => (each.status === 'fulfilled' ? await each.value.stop() : undefined)));
  throw new Error('database and queue did not start', { cause: settled });
}
