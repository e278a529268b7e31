import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { startEmbeddedPostgres, startEmbeddedRedis } from '../../apps/launcher/src/services.js';

export interface TestService {
  readonly url: string;
  stop(): Promise<void>;
}

/** A PostgreSQL database of a suite's own: on DATABASE_URL's server when that is set, else an embedded one. */
export async function startDatabase(): Promise<TestService> {
  const server = process.env['DATABASE_URL'];
  if (server === undefined || server === '') return await startEmbeddedPostgres({ memory: true });
  const name = `instachatico_test_${randomBytes(6).toString('hex')}`;
  await onServer(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, stop: async () => await onServer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

/** A Redis of a suite's own: an empty logical database on REDIS_URL's server when that is set, else an embedded one. */
export async function startRedis(): Promise<TestService> {
  const server = process.env['REDIS_URL'];
  if (server === undefined || server === '') return await startEmbeddedRedis();
  const { createClient } = await import('redis');
  const client = await createClient({ url: server }).connect();
  // 0 is left to people; suites that run at once take different ones.
  const taken = await client.incr('instachatico-test-suites');
  client.destroy();
  const url = new URL(server);
  url.pathname = `/${1 + (taken % 15)}`;
  const own = await createClient({ url: url.href }).connect();
  await own.flushDb();
  return {
    url: url.href,
    stop: async () => {
      await own.flushDb();
      own.destroy();
    },
  };
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(statement);
  await client.end();
}
