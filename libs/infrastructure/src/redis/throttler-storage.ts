import type { ThrottlerStorage } from '@nestjs/throttler';
import { AppError } from '#domain/shared/errors.js';
import { within } from '../resilience/within.js';
import type { Redis } from './redis.js';

/** Counting a request must not take longer than answering it. */
const countWithinMs = 300;

// One window per key: counts, sets the window's end with the first hit, and the block's end with the first hit over the
// limit. Times are Redis's own, so that every api process means the same window.
const count = `
local hits = redis.call('INCR', KEYS[1])
if hits == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
local left = redis.call('PTTL', KEYS[1])
if hits > tonumber(ARGV[2]) and redis.call('EXISTS', KEYS[2]) == 0 then
  redis.call('SET', KEYS[2], '1', 'PX', ARGV[3])
end
return { hits, left, redis.call('PTTL', KEYS[2]) }`;

/** Shared by all api processes: limits that multiply with the number of replicas are none. */
export class RedisThrottlerStorage implements ThrottlerStorage {
  constructor(private readonly redis: Pick<Redis, 'eval'>) {}

  /** @param ttl window in milliseconds @param blockDuration in milliseconds; 0 means the window's length */
  async increment(
    key: string,
    ttl: number,
    limit: number,
    blockDuration: number,
    throttlerName: string,
  ): ReturnType<ThrottlerStorage['increment']> {
    const name = `instachatico:throttle:${throttlerName}:${key}`;
    try {
      const counting = this.redis.eval(count, {
        keys: [name, `${name}:blocked`],
        arguments: [String(ttl), String(limit), String(blockDuration > 0 ? blockDuration : ttl)],
      });
      // A Redis that hangs without closing its connection would hold up the request for as long as it does.
      const answer = await within(countWithinMs, counting, () => new AppError('unavailable', 'Redis does not answer'));
      const [totalHits = 1, windowMs = ttl, blockedMs = -2] = Array.isArray(answer) ? answer.map(Number) : [];
      return {
        totalHits,
        timeToExpire: Math.max(0, Math.ceil(windowMs / 1_000)),
        isBlocked: blockedMs > 0,
        timeToBlockExpire: Math.max(0, Math.ceil(blockedMs / 1_000)),
      };
    } catch {
      // Redis away: people keep their admin API; what must never fail does not stand behind this limit.
      return { totalHits: 0, timeToExpire: 0, isBlocked: false, timeToBlockExpire: 0 };
    }
  }
}
