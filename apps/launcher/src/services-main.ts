import { parseArgs } from 'node:util';

import { servePostgres } from './postgres/serve-postgres.js';
import { serveJsRedis } from './redis/serve-js-redis.js';
import { serveNativeRedis } from './redis/serve-native-redis.js';
import { type RunningService } from './running-service.js';

/**
 * One embedded service in a process of its own:
 *   postgres --data <folder>|memory   redis   redis --binary <redis-server> --data <folder>   each with --port <port>
 * It tells its address through the parent's channel and ends when that channel closes, however the parent ended.
 */
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { data: { type: 'string' }, binary: { type: 'string' }, port: { type: 'string', default: '0' } },
});

const starting = start(positionals[0], Number(values.port));
let stopping = false;

async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  const service = await starting;
  await service.close();
  process.exit(0);
}

// Who presses Ctrl-C stops the programs first; those which use this service still need it for a moment.
process.on('SIGINT', () => {});
process.on('SIGHUP', () => {});
process.on('SIGTERM', () => void stop());
process.on('disconnect', () => void stop());
// The parent may have gone while this file was being loaded.
if (process.connected === false) void stop();

const { url, port: listening } = await starting;
process.send?.({ url, port: listening });

function start(kind: string | undefined, port: number): Promise<RunningService> {
  const { data, binary } = values;
  if (kind === 'postgres' && data === 'memory') return servePostgres({ memory: true }, port);
  if (kind === 'postgres' && data !== undefined) return servePostgres({ dataDir: data }, port);
  if (kind === 'redis' && binary === undefined) return serveJsRedis(port);
  if (kind === 'redis' && binary !== undefined && data !== undefined) {
    return serveNativeRedis({ binary, dataDir: data }, port);
  }
  throw new Error(`there is no embedded service called "${kind}" with these options`);
}
