import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

import { freePort } from '../../apps/launcher/src/ports.js';

// Programs as small as they can be: ready at once, and each end is written down.
const program = `
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
export function run(name, port, answer = () => undefined) {
  const note = (what) => appendFileSync(process.env.NOTES, what + ' ' + name + ' ' + process.pid + '\\n');
  createServer((request, response) => {
    const body = request.url === '/health/ready' ? {} : answer(request);
    response.statusCode = body ? 200 : 404;
    response.end(JSON.stringify(body ?? {}));
  }).listen(port, '127.0.0.1', () => note('started'));
  process.on('SIGTERM', async () => { await answer('stopping'); note('stopped'); process.exit(0); });
}`;
const api = `
import pg from 'pg';
import { run } from '../../run.mjs';
const database = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 1 });
database.on('error', () => {});
run('api', process.env.PORT, (request) => {
  // The last words: they arrive only while the database is still there.
  if (request === 'stopping') return database.query("insert into words values ('goodbye')");
  return request.url === '/api/v1/knowledge/documents' ? { documents: [] } : undefined;
});`;
const migrate = `
import { appendFileSync } from 'node:fs';
import pg from 'pg';
const database = new pg.Client(process.env.DATABASE_URL);
await database.connect();
await database.query('create table if not exists words (word text)');
const { rows } = await database.query('select count(*)::int as words from words');
appendFileSync(process.env.NOTES, 'found ' + rows[0].words + ' words\\n');
await database.end();`;

const root = path.resolve(import.meta.dirname, '../..');
let folder = '';
let settings: NodeJS.ProcessEnv = {};
let launcher: ChildProcess;
let output = '';

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'launcher-'));
  const [PORT, WORKER_PORT, SANDBOX_PORT] = [
    String(await freePort()),
    String(await freePort()),
    String(await freePort()),
  ];
  const own = {
    PORT,
    WORKER_PORT,
    SANDBOX_PORT,
    DATA_DIR: path.join(folder, 'data'),
    NOTES: path.join(folder, 'notes'),
  };
  settings = { PATH: path.dirname(process.execPath), ...own };
  writeFileSync(own.NOTES, '');
  for (const name of ['api', 'worker', 'sandbox'])
    mkdirSync(path.join(folder, 'apps', name, 'src'), { recursive: true });
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  const files = {
    'package.json': '{ "type": "module" }',
    'apps/run.mjs': program,
    'apps/api/src/main.js': api,
    'apps/worker/src/main.js': "import { run } from '../../run.mjs'; run('worker', process.env.WORKER_PORT);",
    'apps/worker/src/migrate.js': migrate,
    'apps/sandbox/src/main.js':
      "import { run } from '../../run.mjs'; run('sandbox', process.env.SANDBOX_PORT, ({ url }) => (url ? [] : undefined));",
    'launch.mjs': `
      import { GivenSettings } from '${root}/dist/apps/launcher/src/plan/given-settings.js';
      import { launch } from '${root}/dist/apps/launcher/src/startup/launch.js';
      const print = (line) => process.stdout.write(line + '\\n');
      const failed = (error) => { print(error.message); return 1; };
      process.exit(await launch({ given: new GivenSettings(process.env), apps: '${folder}/apps', print }).catch(failed));`,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
});
afterEach(() => void launcher.kill('SIGKILL'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const notes = (): string => readFileSync(path.join(folder, 'notes'), 'utf8');
const untilReady = (): Promise<void> =>
  vi.waitFor(() => expect(output).toContain('is ready after'), { timeout: 60_000, interval: 50 });

function start(): { ended: Promise<number | null> } {
  output = '';
  launcher = spawn(process.execPath, [path.join(folder, 'launch.mjs')], { cwd: folder, env: settings });
  launcher.stdout?.on('data', (chunk) => (output += String(chunk)));
  launcher.stderr?.on('data', (chunk) => (output += String(chunk)));
  return { ended: new Promise((resolve) => launcher.once('exit', resolve)) };
}

function childrenOf(pid: number | undefined): number[] {
  const all = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  const pairs = all.map((line) => line.trim().split(/\s+/).map(Number));
  return pairs.flatMap(([child, parent]) => (child !== undefined && parent === pid ? [child] : []));
}

function living(pids: readonly number[]): number[] {
  return pids.filter((pid) => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  });
}

describe('the launcher', () => {
  it('starts everything, keeps it running, and stops it in order', async () => {
    const { ended } = start();
    await untilReady();
    expect(output).toContain('set DATABASE_URL');
    const children = childrenOf(launcher.pid);
    expect(children).toHaveLength(5);

    const second = spawn(process.execPath, [path.join(folder, 'launch.mjs')], { cwd: folder, env: settings });
    let refusal = '';
    second.stdout.on('data', (chunk) => (refusal += String(chunk)));
    expect(await new Promise((resolve) => second.once('exit', resolve))).toBe(1);
    expect(refusal).toContain(`process ${launcher.pid}`);

    const worker = Number(/started worker (\d+)/.exec(notes())?.[1]);
    process.kill(worker, 'SIGKILL');
    await vi.waitFor(() => expect(notes().match(/started worker/g)).toHaveLength(2), { timeout: 20_000 });
    expect(output).toContain('worker ended (SIGKILL); it is started again in 1 s');

    const atTheEnd = childrenOf(launcher.pid);
    launcher.kill('SIGINT');
    expect(await ended).toBe(0);
    expect(living([...children, ...atTheEnd])).toEqual([]);
    const stopped = [...notes().matchAll(/stopped (\w+)/g)].map(([, name]) => name);
    expect(new Set(stopped)).toEqual(new Set(['api', 'sandbox', 'worker']));
    expect(stopped.at(-1)).toBe('sandbox');
  });

  it('leaves nobody behind when it is killed, and remembers everything at the next start', async () => {
    start();
    await untilReady();
    const children = childrenOf(launcher.pid);
    launcher.kill('SIGKILL');
    await vi.waitFor(() => expect(living(children)).toEqual([]), { timeout: 20_000 });

    const { ended } = start();
    await untilReady();
    // A killed launcher takes the database away from everybody at once: the second goodbye may or may not be there.
    expect(notes().match(/found [12] words/g)).toHaveLength(2);
    launcher.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  it('stops at once and leaves nobody behind when it is told so during its start', async () => {
    const { ended } = start();
    await vi.waitFor(() => expect(childrenOf(launcher.pid).length).toBeGreaterThan(0), {
      timeout: 20_000,
      interval: 20,
    });
    const children = childrenOf(launcher.pid);
    launcher.kill('SIGINT');
    expect(await ended).toBe(0);
    expect(living(children)).toEqual([]);
    expect(output).not.toContain('is ready after');
  });

  it('does not start when the schema cannot be prepared', async () => {
    writeFileSync(path.join(folder, 'apps/worker/src/migrate.js'), 'process.exit(3)');
    const { ended } = start();
    expect(await ended).toBe(1);
    expect(output).toContain('could not be prepared (exit code 3)');
  });
});
