import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import type { JobRequest } from '#domain/jobs/job-catalog.js';
import { AlertId, ReplyId } from '#domain/shared/ids.js';
import type { LaneResult } from '#infrastructure/queue/lane-processor.js';
import { HandOver } from './hand-over.js';

const uuid = '0193e3a2-1111-7aaa-8bbb-123456789abc';
const send: JobRequest = { name: 'replies.send', data: { replyId: ReplyId.parse(uuid) } };
const draft: JobRequest = { name: 'replies.draft', data: { replyId: ReplyId.parse(uuid) } };
const tell: JobRequest = { name: 'notifications.tell', data: { alertId: AlertId.parse(uuid) } };
const silent = pino({ level: 'silent' });

let rung: JobRequest[];
let handOver: HandOver;

beforeEach(() => {
  rung = [];
  const bell = {
    ring: async (jobs: readonly JobRequest[]) => await Promise.resolve(void rung.push(...jobs)),
    waiting: async () => await Promise.resolve(0),
  };
  handOver = new HandOver(bell, { thinking: 1, outbound: 2, alerts: 0 }, silent);
});

/** Steps that end when they are told to. */
function steps(): { readonly begun: string[]; readonly end: (result: LaneResult | Error) => Promise<void> } {
  const begun: string[] = [];
  const waiting: ((result: LaneResult | Error) => void)[] = [];
  handOver.begin(async ({ name }) => {
    begun.push(name);
    return await new Promise((resolve, reject) => {
      waiting.push((result) => (result instanceof Error ? reject(result) : resolve(result)));
    });
  });
  const end = async (result: LaneResult | Error): Promise<void> => {
    for (const one of waiting.splice(0)) one(result);
    await new Promise(setImmediate);
  };
  return { begun, end };
}

describe('a next step', () => {
  it('is done here as soon as its lane has a place; alerts are always rung for', async () => {
    const { begun, end } = steps();
    await handOver.ring([draft, draft, send, send, send, tell]);
    expect(begun).toEqual(['replies.draft', 'replies.send', 'replies.send']);
    await end({ kind: 'finished' });
    expect(begun.slice(3)).toEqual(['replies.draft', 'replies.send']);
    expect(rung).toEqual([tell]);
  });

  it('is rung for when too many stand in line for its place', async () => {
    const { begun, end } = steps();
    await handOver.ring(Array.from({ length: 7 }, () => draft));
    expect([begun.length, rung.length]).toEqual([1, 2]);
    for (let each = 0; each < 5; each += 1) await end({ kind: 'finished' });
    expect([begun.length, rung.length]).toEqual([5, 2]);
  });

  it('that stands in line when the process stops is rung for', async () => {
    const { begun, end } = steps();
    await handOver.ring([draft, draft]);
    const draining = handOver.drain(60_000);
    await end({ kind: 'finished' });
    await draining;
    expect([begun.length, rung]).toEqual([1, [draft]]);
  });

  it('that must wait a moment waits in the queue; for longer waits there is the sweep', async () => {
    const { end } = steps();
    await handOver.ring([send]);
    await end({ kind: 'later', delayMs: 5_000 });
    expect(rung).toEqual([send]);
    await handOver.ring([send]);
    await end({ kind: 'later', delayMs: 600_000 });
    expect(rung).toEqual([send]);
  });

  it('that fails for want of a database frees its place', async () => {
    const { begun, end } = steps();
    await handOver.ring([draft]);
    await end(new Error('the database is away'));
    await handOver.ring([draft]);
    expect(begun).toHaveLength(2);
  });

  it('is only rung for before the process is ready and when it stops, which waits for those under way', async () => {
    await handOver.ring([send]);
    expect(rung).toEqual([send]);
    const { begun, end } = steps();
    await handOver.ring([send]);
    let drained = false;
    const draining = handOver.drain(60_000).then(() => (drained = true));
    await handOver.ring([send]);
    expect([begun.length, rung.length, drained]).toEqual([1, 2, false]);
    await end({ kind: 'finished' });
    await draining;
    expect(drained).toBe(true);
  });
});
