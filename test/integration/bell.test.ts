import { Queue } from 'bullmq';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobRequest } from '#domain/jobs/job-catalog.js';
import { ReplyId } from '#domain/shared/ids.js';
import { BullJobQueue } from '#infrastructure/queue/bull-job-queue.js';
import { ringingOptions } from '#infrastructure/queue/connection.js';
import { startRedis, type TestService } from '../support/services.js';

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
});
