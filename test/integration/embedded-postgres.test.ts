import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { Client, type ClientConfig, Pool } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { type EmbeddedService, startEmbeddedPostgres } from '../../apps/launcher/src/services.js';

let database: EmbeddedService;
const open: Array<() => Promise<unknown>> = [];

beforeAll(async () => {
  database = await startEmbeddedPostgres({ memory: true });
});
afterEach(async () => {
  await Promise.allSettled(open.splice(0).map((end) => end()));
});
afterAll(() => database.stop());

async function connect(options: ClientConfig = {}): Promise<Client> {
  const client = new Client({ connectionString: database.url, ...options });
  // A connection that the front closes is reported here; the tests look at the queries instead.
  client.on('error', () => {});
  await client.connect();
  open.push(() => client.end());
  return client;
}

function poolOf(size: number): Pool {
  const pool = new Pool({ connectionString: database.url, max: size });
  open.push(() => pool.end());
  return pool;
}

async function value(client: Client | Pool, sql: string, values: unknown[] = []): Promise<unknown> {
  const { rows } = await client.query<{ v: unknown }>(sql, values);
  return rows[0]?.v;
}

describe('the embedded database', () => {
  it('gives each of 400 parallel queries over 10 connections its own answer, large ones too', async () => {
    const pool = poolOf(10);
    const ask = (index: number): Promise<unknown> => {
      if (index % 3 === 0) return value(pool, 'select $1::int + 1 as v', [index]);
      if (index % 3 === 1) return value(pool, `select $1::text || ${index} as v`, ['n']);
      return value(pool, 'select length($1::text) as v', ['x'.repeat(100_000 + index)]);
    };
    const answers = await Promise.all(Array.from({ length: 400 }, (_, index) => ask(index)));
    const expected = answers.map((_, index) => [index + 1, `n${index}`, 100_000 + index][index % 3]);
    expect(answers).toEqual(expected);
  });

  it('keeps statements of the same name apart', async () => {
    const [ann, bob] = [await connect(), await connect()];
    const both = await Promise.all([
      ann.query({ name: 'find', text: 'select $1::int as v', values: [1] }),
      bob.query({ name: 'find', text: 'select upper($1::text) as v', values: ['b'] }),
    ]);
    const again = await ann.query({ name: 'find', text: 'select $1::int as v', values: [2] });
    expect([...both, again].map(({ rows }) => rows)).toEqual([[{ v: 1 }], [{ v: 'B' }], [{ v: 2 }]]);
  });

  it('lets nobody see or disturb an open transaction', async () => {
    const [ann, bob] = [await connect(), await connect()];
    await ann.query('create table notes (text text)');
    await ann.query('begin');
    await ann.query("insert into notes values ('draft')");
    const seenByBob = value(bob, 'select count(*)::int as v from notes');
    await ann.query("insert into notes values ('more')");
    await ann.query('rollback');
    expect(await seenByBob).toBe(0);
  });

  it('undoes the transaction of a client that was killed, and serves the others', async () => {
    const [ann, bob] = [await connect(), await connect()];
    await bob.query('create table orders (id int)');
    await ann.query('begin');
    await ann.query('insert into orders values (1)');
    const seenByBob = value(bob, 'select count(*)::int as v from orders');
    ann.connection.stream.destroy();
    expect(await seenByBob).toBe(0);
  });

  it.each([
    ['when it connects', { idle_in_transaction_session_timeout: 200 }, 'select 1'],
    ['later', {}, 'set idle_in_transaction_session_timeout = 200'],
  ])('closes a connection that leaves its transaction open longer than it said %s', async (_, options, first) => {
    const [ann, bob] = [await connect(options), await connect()];
    await ann.query(first);
    const farewell = new Promise<unknown>((resolve) => ann.once('error', resolve));
    await ann.query('begin');
    expect(await value(bob, 'select 5 as v')).toBe(5);
    expect(await farewell).toMatchObject({ code: '25P03' });
  });

  it('applies the settings of a connection to that connection only', async () => {
    const ann = await connect({ options: '-c application_name=ann -c work_mem=5MB' });
    const bob = await connect();
    await bob.query("set application_name = 'bob'");
    const shown = (client: Client) => value(client, "select current_setting('application_name') as v");
    expect([await shown(ann), await shown(bob), await shown(ann)]).toEqual(['ann', 'bob', 'ann']);
    expect(await value(ann, "select current_setting('work_mem') as v")).toBe('5MB');
    expect(await value(bob, "select current_setting('work_mem') as v")).toBe('4MB');
  });

  it('refuses a setting which does not exist with the word of PostgreSQL', async () => {
    const ann = await connect({ options: '-c no_such_setting=1' });
    await expect(ann.query('select 1')).rejects.toMatchObject({ code: '42704' });
  });

  it('brings a notification to those who listen, and to nobody else', async () => {
    const [ann, bob, cat] = [await connect(), await connect(), await connect()];
    const heard: string[] = [];
    const annHeard = new Promise<void>((resolve) => {
      ann.on('notification', ({ payload }) => {
        heard.push(`ann ${payload}`);
        resolve();
      });
    });
    bob.on('notification', ({ payload }) => heard.push(`bob ${payload}`));
    cat.on('notification', ({ payload }) => heard.push(`cat ${payload}`));
    await ann.query('listen bell');
    await bob.query('listen bell');
    await bob.query('unlisten bell');
    await cat.query("notify bell, 'ding'");
    await annHeard;
    await Promise.all([bob.query('select 1'), cat.query('select 1')]);
    expect(heard).toEqual(['ann ding']);
  });

  it('stays usable after an error, and refuses a copy from the client instead of dying of it', async () => {
    const ann = await connect();
    await expect(ann.query('select nothing from nowhere where a = $1', [1])).rejects.toMatchObject({ code: '42P01' });
    await ann.query('begin');
    await expect(ann.query('copy pg_class from stdin')).rejects.toMatchObject({ code: '0A000' });
    await expect(ann.query('select 1')).rejects.toMatchObject({ code: '25P02' });
    await ann.query('rollback');
    expect(await value(ann, 'select 7 as v')).toBe(7);
  });

  it('knows vectors', async () => {
    const ann = await connect();
    await ann.query('create extension if not exists vector');
    expect(await value(ann, "select '[1,2,3]'::vector <-> '[1,2,5]'::vector as v")).toBe(2);
  });
});

describe('a folder with an embedded database', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'embedded-postgres-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('keeps what was committed when the process is killed, and comes back at the same address', async () => {
    const place = { dataDir: path.join(folder, 'postgres') };
    const first = await startEmbeddedPostgres(place);
    const before = new Client(first.url);
    before.on('error', () => {});
    await before.connect();
    await before.query('create table kept (id int)');
    await before.query('insert into kept select generate_series(1, 1000)');
    await first.kill();

    const second = await startEmbeddedPostgres({ ...place, port: first.port });
    expect(second.url).toBe(first.url);
    const after = new Client(first.url);
    await after.connect();
    expect((await after.query('select count(*)::int as v from kept')).rows).toEqual([{ v: 1_000 }]);
    await after.end();
    await second.stop();
  });
});
