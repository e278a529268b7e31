import { Queue } from 'bullmq';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { lanes, type Lane } from '#domain/jobs/job-catalog.js';
import { CommentId } from '#domain/shared/ids.js';
import { BullJobQueue } from './bull-job-queue.js';
import { ringingOptions } from './connection.js';

let opened: readonly Queue[] = [];

afterEach(() => {
  // Not awaited: BullMQ first waits for the connection that is never there.
  for (const queue of opened) queue.disconnect().catch(() => undefined);
  opened = [];
});

function queuesAt(url: string): Record<Lane, Queue> {
  const [thinking, outbound, alerts] = lanes.map((lane) => new Queue(lane, ringingOptions(url)));
  if (!thinking || !outbound || !alerts) throw new Error('a lane is missing');
  opened = [thinking, outbound, alerts];
  return { thinking, outbound, alerts };
}

describe('the bell', () => {
  it('gives up at once when Redis was never there: a delivery that is stored must be acknowledged', async () => {
    const queue = new BullJobQueue(queuesAt('redis://127.0.0.1:1'), pino({ level: 'silent' }));
    const rung = queue.ring([{ name: 'comments.classify', data: { commentId: CommentId.parse('1') } }]);
    await expect(rung).resolves.toBeUndefined();
    await expect(queue.waiting('thinking')).resolves.toBe(0);
  });
});
