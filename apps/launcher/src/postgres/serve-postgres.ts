import { takeLock } from '../lock.js';
import { type RunningService } from '../running-service.js';
import { type DataPlace, openDatabase } from './database.js';
import { Front } from './front.js';

const idleInTransactionMs = 30_000;
// A former process of a killed launcher may still be writing its last pages.
const formerProcessMs = 20_000;

/** Serves the embedded database on loopback; port 0 takes a free one. */
export async function servePostgres(place: DataPlace, port: number): Promise<RunningService> {
  const lock = 'memory' in place ? undefined : await takeLock(`${place.dataDir}.lock`, formerProcessMs);
  const database = await openDatabase(place);
  const front = new Front(database, {
    parameters: database.parameters,
    idleInTransactionMs,
    log: (line) => void process.stderr.write(`embedded database: ${line}\n`),
    onBroken: (error) => {
      process.stderr.write(`embedded database: stopped working, ${String(error)}\n`);
      process.exit(1);
    },
  });
  const listening = await front.listen(port);
  return {
    url: `postgres://postgres@127.0.0.1:${listening}/postgres`,
    port: listening,
    close: async () => {
      front.close();
      await database.close();
      lock?.release();
    },
  };
}
