import { createClient } from 'redis';
import type { Logger } from 'pino';

export type Redis = ReturnType<typeof connectRedis>;

/** Commands fail at once while Redis is away: whoever uses it has an answer for that. */
export function connectRedis(url: string, logger: Logger) {
  const client = createClient({
    url,
    disableOfflineQueue: true,
    commandsQueueMaxLength: 1_000,
    socket: { connectTimeout: 3_000, reconnectStrategy: (retries) => Math.min(100 * 2 ** retries, 5_000) },
  });
  let away = false;
  client.on('error', (error: unknown) => {
    if (!away) logger.warn({ err: error }, 'Redis cannot be reached; trying again.');
    away = true;
  });
  client.on('ready', () => {
    if (away) logger.info('Redis is back.');
    away = false;
  });
  // In the background: nothing waits for it at start, and the reconnect strategy never gives up.
  client.connect().catch(() => undefined);
  return client;
}
