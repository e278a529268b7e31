import { setTimeout as wait } from 'node:timers/promises';
import { createClient } from 'redis';
import { z } from 'zod';
import { Vendors } from '../../support/vendors.js';
import { seedKnowledge } from '../../../apps/launcher/src/startup/seed-knowledge.js';
import { figure, type Bench, type Figure, type Scenario } from '../support/scenario.js';
import { watchConnections } from '../support/meter.js';
import { descriptors, residentBytes } from '../support/processes.js';
import { Product, type Running } from '../support/product.js';
import { median, slope } from '../support/statistics.js';

const perSecond = 20;
const faultChance = 0.01;
/** The first part of the time is warm-up: code is compiled, caches fill, pools grow. */
const warmUpShare = 0.2;
const heapModule = new URL('../support/heap-main.js', import.meta.url);

interface Sample {
  readonly hours: number;
  readonly heapMb: number;
  readonly residentMb: number;
  readonly files: number;
}
const heapAnswer = z.object({ heap: z.number() });

async function sampleOf(program: Running, began: number): Promise<Sample> {
  const { heap } = heapAnswer.parse(await program.ask('heap'));
  return {
    hours: (performance.now() - began) / 3_600_000,
    heapMb: heap / 2 ** 20,
    residentMb: residentBytes(program.pid) / 2 ** 20,
    files: descriptors(program.pid),
  };
}

/** Customers write, a few each second, until the time is over. @returns how many comments that were */
async function write(vendors: Vendors, until: number, progress: (written: number) => void): Promise<number> {
  let written = 0;
  for (let second = performance.now(); second < until; second += 1_000) {
    await wait(Math.max(0, second - performance.now()));
    // Each with words of its own, so that none is decided by another; all can be answered.
    const text = `Hi from house {n}, street ${Math.round(second)}! How much is delivery?`;
    await vendors.comments(text, { count: perSecond, username: `guest.${Math.round(second) % 100_000}` });
    progress((written += perSecond));
  }
  return written;
}

async function breakNowAndThen(vendors: Vendors): Promise<void> {
  const always = { times: 0, chance: faultChance };
  await vendors.fault({ vendor: 'openai', ...always, effect: { kind: 'status', status: 503 } });
  await vendors.fault({ vendor: 'instagram', ...always, effect: { kind: 'do-then-reset' } });
  await vendors.fault({ vendor: 'telegram', ...always, effect: { kind: 'status', status: 500 } });
}

async function soak(bench: Bench, product: Product): Promise<readonly Figure[]> {
  const { servers, progress } = bench;
  const watched = (name: string) => ({ flags: ['--expose-gc', ...bench.profiled(name)], preload: [heapModule] });
  const sandbox = await product.startSandbox();
  const [api, worker] = [await product.startApi(watched('api')), await product.startWorker(watched('worker'))];
  const [apiUrl, sandboxUrl] = [api, sandbox].map(({ port }) => `http://127.0.0.1:${port}`);
  const signal = AbortSignal.timeout(120_000);
  await seedKnowledge({ sandboxUrl: sandboxUrl ?? '', apiUrl: apiUrl ?? '', adminToken: undefined, signal });
  const vendors = new Vendors(sandboxUrl ?? '', product.instagramToken);
  await breakNowAndThen(vendors);
  const connections = watchConnections(servers);
  const samples: Record<'api' | 'worker', Sample[]> = { api: [], worker: [] };
  const seconds = bench.scaled(3_600, 60);
  const began = performance.now();
  const ends = began + seconds * 1_000;
  const writing = write(vendors, ends, (written) => progress(`${written} of about ${seconds * perSecond} comments`));
  while (performance.now() < ends) {
    await wait((seconds * 1_000) / 120);
    samples.api.push(await sampleOf(api, began));
    samples.worker.push(await sampleOf(worker, began));
  }
  const written = await writing;
  return [
    figure('comments written', written, 'comments'),
    ...memoryOf('api', samples.api, seconds),
    ...memoryOf('worker', samples.worker, seconds),
    figure('most database connections', await connections.stop(), 'connections', { below: 30 }),
    figure('keys in Redis at the end', await keysOf(servers.redisUrl), 'keys'),
    ...(await endings(bench)),
  ];
}

function memoryOf(name: string, samples: readonly Sample[], seconds: number): readonly Figure[] {
  const warm = samples.filter(({ hours }) => hours * 3_600 >= seconds * warmUpShare);
  const files = warm.map((sample) => sample.files);
  const rise = slope(warm.map(({ hours, heapMb }) => ({ x: hours, y: heapMb })));
  return [
    figure(`${name}: slope of the heap after collection`, rise, 'MB/h', { below: 1 }),
    figure(`${name}: heap after collection`, median(warm.map(({ heapMb }) => heapMb)), 'MB'),
    figure(`${name}: memory`, median(warm.map(({ residentMb }) => residentMb)), 'MB'),
    figure(`${name}: most open files beyond the least`, Math.max(...files) - Math.min(...files), 'files', {
      atMost: 10,
    }),
  ];
}

async function keysOf(url: string): Promise<number> {
  const client = await createClient({ url }).connect();
  const keys = await client.dbSize();
  client.destroy();
  return keys;
}

async function endings({ servers }: Bench): Promise<readonly Figure[]> {
  const rows = await servers.query<{ outcome: string; n: number }>(
    `SELECT coalesce(outcome, 'under way') AS outcome, count(*)::int AS n FROM comments GROUP BY 1 ORDER BY 1`,
  );
  return rows.map(({ outcome, n }) => figure(`ended as ${outcome}`, n, 'comments'));
}

export const scenario: Scenario = {
  name: 'soak',
  question: 'Does an hour at 20 comments a second, with one call in a hundred failing, leave anything behind?',
  minutes: 62,
  usual: false,
  run: async (bench) => {
    const { databaseUrl, redisUrl } = bench.servers;
    const product = await Product.plan({ databaseUrl, redisUrl });
    try {
      return await soak(bench, product);
    } finally {
      await product.stop();
    }
  },
};
