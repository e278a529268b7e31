import { setTimeout as wait } from 'node:timers/promises';
import { createNodeRedisClient, Queue, RedisConnection, Worker } from 'bullmq';
import { createClient } from 'redis';
import type { QueueAnswer, QueueOrder } from '../support/queue-order.js';
import { servePart } from '../support/part.js';

// One program, two clients below BullMQ: which, says the environment. Options as the product sets them.

const url = process.env['REDIS_URL'] ?? '';
const name = process.env['QUEUE_CLIENT'] ?? 'ioredis';
if (name === 'node-redis') {
  RedisConnection.clientFactory = () => {
    const raw = createClient({ url });
    raw.on('error', () => undefined); // it connects again by itself
    return createNodeRedisClient(raw);
  };
}
const options = { connection: { url, maxRetriesPerRequest: null }, prefix: `bench-${name}` };
const jobOptions = { removeOnComplete: true, removeOnFail: true, attempts: 1 };
const queue = new Queue('work', { ...options, defaultJobOptions: jobOptions });
queue.on('error', () => undefined); // Redis is killed on purpose
const seen = new Map<string, number>();

const startWorker = (concurrency: number): Worker => {
  const worker = new Worker(
    'work',
    async (job: { readonly data: { readonly id: string } }) => {
      seen.set(job.data.id, (seen.get(job.data.id) ?? 0) + 1);
      await Promise.resolve();
    },
    { ...options, concurrency, lockDuration: 30_000, stalledInterval: 5_000, maxStalledCount: 1_000 },
  );
  worker.on('error', () => undefined); // as above
  return worker;
};

async function addOneByOne(ids: readonly string[]): Promise<void> {
  for (const id of ids) await queue.add('job', { id });
}

async function addInBulk(ids: readonly string[]): Promise<void> {
  for (let from = 0; from < ids.length; from += 100)
    await queue.addBulk(ids.slice(from, from + 100).map((id) => ({ name: 'job', data: { id } })));
}

async function work(ids: readonly string[], concurrency: number): Promise<void> {
  const worker = startWorker(concurrency);
  while (!ids.every((id) => seen.has(id))) await wait(5);
  await worker.close();
}

/** Works while Redis is killed and comes back. @returns whether each job that was added was done, and how often */
async function survive(ids: readonly string[], withinMs: number): Promise<QueueAnswer> {
  const added: string[] = [];
  const worker = startWorker(10);
  let lastSeen = performance.now();
  let longestGap = 0;
  worker.on('completed', () => {
    longestGap = Math.max(longestGap, performance.now() - lastSeen);
    lastSeen = performance.now();
  });
  for (const id of ids) {
    // A job that could not be added is the caller's to repeat; only what was taken may not be lost.
    await queue.add('job', { id }).then(
      () => added.push(id),
      () => undefined,
    );
    await wait(10);
  }
  for (const end = Date.now() + withinMs; Date.now() < end && !added.every((id) => seen.has(id));) await wait(50);
  await worker.close();
  return {
    seconds: longestGap / 1_000,
    added: added.length,
    lost: added.filter((id) => !seen.has(id)).length,
    doubled: added.filter((id) => (seen.get(id) ?? 0) > 1).length,
  };
}

async function follow({ kind, ids, concurrency = 1 }: QueueOrder): Promise<QueueAnswer> {
  if (kind === 'survive') return await survive(ids, 60_000);
  const began = performance.now();
  if (kind === 'add') await addOneByOne(ids);
  if (kind === 'bulk') await addInBulk(ids);
  if (kind === 'work') await work(ids, concurrency);
  return { seconds: (performance.now() - began) / 1_000, added: ids.length, lost: 0, doubled: 0 };
}

await queue.waitUntilReady();
servePart(0, async (order) => await follow(order as QueueOrder)); // nothing else is sent
