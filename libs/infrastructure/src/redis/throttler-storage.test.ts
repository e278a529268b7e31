import { describe, expect, it } from 'vitest';
import { RedisThrottlerStorage } from './throttler-storage.js';

describe('the limit of requests', () => {
  it('lets people through while Redis hangs: nobody waits for a counter', async () => {
    const storage = new RedisThrottlerStorage({ eval: async () => await new Promise<never>(() => undefined) });
    await expect(storage.increment('key', 1_000, 1, 0, 'default')).resolves.toMatchObject({ isBlocked: false });
  });
});
