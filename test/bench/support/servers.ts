import pg from 'pg';
import { startEmbeddedPostgres, startEmbeddedRedis } from '../../../apps/launcher/src/services.js';
import { migrateDatabase } from '#infrastructure/postgres/data-source.js';
import { findBinaries } from '../../faults/support/binaries.js';
import { RealPostgres } from '../../faults/support/real-postgres.js';
import { RealRedis } from '../../faults/support/real-redis.js';

/** A PostgreSQL and a Redis of a scenario's own. */
export interface Servers {
  /** `PostgreSQL 15.8, fsync on` or what stands in for it. */
  readonly postgresKind: string;
  readonly redisKind: string;
  /** False for the embedded ones: they hold one database, and lose everything when they end. */
  readonly real: boolean;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly postgresPid: number;
  readonly redisPid: number;
  query<Row extends pg.QueryResultRow>(statement: string, parameters?: readonly unknown[]): Promise<Row[]>;
  /** A further database with the schema in it: on the same server, or on an embedded one of its own. */
  addDatabase(name: string): Promise<Database>;
  /** kill -9 of Redis, and a new start on the same port with what its file holds; undefined for the embedded one. */
  readonly crashRedis: (() => Promise<void>) | undefined;
  stop(): Promise<void>;
}

export interface Database {
  readonly url: string;
  /** The server that holds it. */
  readonly postgresPid: number;
  query<Row extends pg.QueryResultRow>(statement: string, parameters?: readonly unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

// A checkpoint in the middle of one burst and not of the other would be taken for a difference between them. And a server
// that has run for a while uses the files of its log again; a new one would fill each with 16 MB of zeros first.
const settings = { shared_buffers: '512MB', max_wal_size: '4GB', checkpoint_timeout: '15min', wal_init_zero: 'off' };

/** Real servers where they are found (PG_BIN, REDIS_SERVER, the PATH), else the embedded ones. */
export async function startServers(): Promise<Servers> {
  return haveBinaries() ? await realServers() : await embeddedServers();
}

function haveBinaries(): boolean {
  try {
    return findBinaries() !== undefined;
  } catch {
    return false;
  }
}

async function realServers(): Promise<Servers> {
  const postgres = await RealPostgres.start({ connections: 100, settings });
  const redis = await RealRedis.start();
  await migrateDatabase(postgres.url);
  const postgresPid = onlyPid(postgres.pids());
  const main = openDatabase(postgres.url, postgresPid);
  const more: Database[] = [];
  const [about] = await main.query<{ version: string; fsync: string; commit: string }>(
    `SELECT current_setting('server_version') AS version, current_setting('fsync') AS fsync,
            current_setting('synchronous_commit') AS commit`,
  );
  return {
    postgresKind: `PostgreSQL ${about?.version.split(' ')[0]}, fsync ${about?.fsync}, synchronous_commit ${about?.commit}`,
    redisKind: 'redis-server, appendonly, everysec',
    real: true,
    databaseUrl: postgres.url,
    redisUrl: redis.url,
    postgresPid,
    get redisPid(): number {
      return onlyPid(redis.pids());
    },
    query: main.query,
    addDatabase: async (name) => {
      await postgres.command(`CREATE DATABASE ${name}`, 'postgres');
      const url = new URL(postgres.url);
      url.pathname = `/${name}`;
      await migrateDatabase(url.href);
      const database = openDatabase(url.href, postgresPid);
      more.push(database);
      return database;
    },
    crashRedis: redis.crashAndRestart,
    stop: async () => {
      await Promise.all([main, ...more].map(async (database) => await database.close()));
      await Promise.all([postgres.stop(), redis.stop()]);
    },
  };
}

async function embeddedServers(): Promise<Servers> {
  const redis = await startEmbeddedRedis();
  const databases: Database[] = [];
  const add = async (): Promise<Database> => {
    const postgres = await startEmbeddedPostgres({ memory: true });
    await migrateDatabase(postgres.url);
    const database = openDatabase(postgres.url, postgres.pid);
    const close = async (): Promise<void> => {
      await database.close();
      await postgres.stop();
    };
    databases.push({ ...database, close });
    return database;
  };
  const { url, postgresPid, query } = await add();
  return {
    postgresKind: 'embedded PostgreSQL in memory, nothing is flushed to a disk',
    redisKind: 'embedded queue in memory',
    real: false,
    databaseUrl: url,
    redisUrl: redis.url,
    postgresPid,
    redisPid: redis.pid,
    query,
    addDatabase: add,
    crashRedis: undefined,
    stop: async () => {
      await Promise.all(databases.map(async (database) => await database.close()));
      await redis.stop();
    },
  };
}

function openDatabase(url: string, postgresPid: number): Database {
  // By its name it is left out when the product's connections are counted.
  const pool = new pg.Pool({ connectionString: url, max: 2, application_name: benchName });
  pool.on('error', () => undefined); // a lost connection shows at the next question
  return {
    url,
    postgresPid,
    query: async <Row extends pg.QueryResultRow>(statement: string, parameters: readonly unknown[] = []) =>
      (await pool.query<Row>(statement, [...parameters])).rows,
    close: async () => await pool.end(),
  };
}

export const benchName = 'bench';

function onlyPid([pid]: readonly number[]): number {
  if (pid === undefined) throw new Error('the server does not run');
  return pid;
}
