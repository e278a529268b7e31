import { once } from 'node:events';

import {
  createRedisCommandExecutor,
  RedisServerState,
  resolveCompatibilityProfile,
  Resp2Server,
} from 'js-redis-server/core';

import { type RunningService } from '../running-service.js';

const compatibility = 'redis-7.2';

/**
 * A Redis in JavaScript, in memory only. It is put together by hand because the package's own `listen` opens the
 * port on every network interface.
 */
export async function serveJsRedis(port: number): Promise<RunningService> {
  const profile = resolveCompatibilityProfile(compatibility);
  const state = new RedisServerState({ databaseCount: 16, compatibility: profile });
  const redis = new Resp2Server({ server: state, executor: createRedisCommandExecutor({ compatibility: profile }) });
  redis.server.listen(port, '127.0.0.1');
  await once(redis.server, 'listening');
  const listening = redis.getPort();
  return {
    url: `redis://127.0.0.1:${listening}`,
    port: listening,
    // Clients that stay connected would make a close wait for ever, and there is nothing to save.
    close: () => Promise.resolve(),
  };
}
