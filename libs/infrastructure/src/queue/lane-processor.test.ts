import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { workingOptions } from './connection.js';
import { laneProcessor } from './lane-processor.js';

describe('a lane that is told to stop', () => {
  it('lets go of what does not end in time: a stuck job, or a Redis that is away', async () => {
    const options = workingOptions('redis://127.0.0.1:1', 1);
    const finished = { kind: 'finished' } as const;
    const lane = laneProcessor(
      'alerts',
      options,
      async () => await Promise.resolve(finished),
      pino({ level: 'silent' }),
    );
    // As BullMQ's worker does: every close, also a forced one, waits for the first.
    const closing = new Promise<void>(() => undefined);
    Reflect.set(lane, '_worker', { close: async () => await closing });
    await expect(lane.drain(1)).resolves.toBeUndefined();
  });
});
