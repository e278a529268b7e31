import { once } from 'node:events';
import net from 'node:net';
import { Queue } from 'bullmq';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobRequest } from '#domain/jobs/job-catalog.js';
import { ReplyId } from '#domain/shared/ids.js';
import { BullJobQueue } from '#infrastructure/queue/bull-job-queue.js';
import { ringingOptions } from '#infrastructure/queue/connection.js';
import { startRedis, type TestService } from '../support/services.js';
import { until } from '../support/until.js';

const replyId = ReplyId.parse('0193e3a2-1111-7aaa-8bbb-123456789abc');
const request: JobRequest = { name: 'replies.send', data: { replyId } };

let redis: TestService;
let outbound: Queue;
let bell: BullJobQueue;

beforeAll(async () => {
  redis = await startRedis();
  const options = ringingOptions(redis.url);
  outbound = new Queue('outbound', options);
  bell = new BullJobQueue(
    { outbound, thinking: new Queue('thinking', options), alerts: new Queue('alerts', options) },
    pino({ level: 'silent' }),
  );
  await outbound.waitUntilReady();
});

afterAll(async () => {
  await outbound.close();
  await redis.stop();
});

describe('ringing', () => {
  it('for a row that has a job already changes nothing', async () => {
    await bell.ring([request]);
    await bell.ring([request]);
    expect(await outbound.getJobCounts('waiting', 'delayed')).toEqual({ waiting: 1, delayed: 0 });
    await outbound.drain();
  });

  // audit 5, T13
  it('for a row whose job was put off by a worker with a wrong clock brings the job forward', async () => {
    const id = `${request.name}-${replyId}`;
    await outbound.add(request.name, request.data, { delay: 600_000, deduplication: { id } });
    await bell.ring([request]);
    expect(await outbound.getJobCounts('waiting', 'delayed')).toEqual({ waiting: 1, delayed: 0 });
  });

  it('goes on after a Redis that was slow just when the queue had connected', async () => {
    await outbound.drain();
    const door = await doorThatKeepsTheSecondInfo(Number(new URL(redis.url).port));
    const options = ringingOptions(`redis://127.0.0.1:${door.port}`);
    const queues = {
      outbound: new Queue('outbound', options),
      thinking: new Queue('thinking', options),
      alerts: new Queue('alerts', options),
    };
    const behindTheDoor = new BullJobQueue(queues, pino({ level: 'silent' }));
    await until('a ring that is heard', 10_000, async () => {
      await behindTheDoor.ring([request]);
      return (await outbound.getWaitingCount()) > 0;
    });
    expect(await outbound.getWaitingCount()).toBe(1);
    await Promise.all(Object.values(queues).map(async (queue) => await queue.close()));
    door.close();
  });
});

/** To Redis, but for the second question for its version on each connection: that one is never answered. */
async function doorThatKeepsTheSecondInfo(
  port: number,
): Promise<{ readonly port: number; readonly close: () => void }> {
  const server = net.createServer((near) => {
    const far = net.connect(port, '127.0.0.1');
    let asked = 0;
    near.on('data', (chunk) => {
      asked += /\r\ninfo\r\n/iu.test(chunk.toString('latin1')) ? 1 : 0;
      if (asked < 2) far.write(chunk);
    });
    far.pipe(near);
    for (const socket of [near, far]) socket.on('error', () => undefined);
    near.on('close', () => far.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return { port: typeof address === 'object' && address ? address.port : 0, close: () => void server.close() };
}
