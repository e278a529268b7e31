import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataSource, migrateDatabase } from '#infrastructure/postgres/data-source.js';
import { startDatabase, type TestService } from '../support/services.js';

const { migrations } = dataSource('postgres://nobody@127.0.0.1:1/none', 'schema-test').options;
const released = Object.values(migrations ?? {}).map((one) => (typeof one === 'function' ? one.name : one));

let database: TestService;

beforeAll(async () => {
  database = await startDatabase();
});
afterAll(async () => await database.stop());

describe('the schema', () => {
  it('is made once when three processes start at the same time', async () => {
    const done = await Promise.all([1, 2, 3].map(async () => await migrateDatabase(database.url)));
    expect(done.flat()).toEqual(released);
    expect(await migrateDatabase(database.url)).toEqual([]);
  });

  it('is what the entities say: nothing is left to synchronise', async () => {
    const source = await dataSource(database.url, 'schema-test').initialize();
    try {
      const { upQueries } = await source.driver.createSchemaBuilder().log();
      expect(upQueries.map(({ query }) => query)).toEqual([]);
    } finally {
      await source.destroy();
    }
  });

  it('can be taken down and put up again', async () => {
    const source = await dataSource(database.url, 'schema-test').initialize();
    try {
      for (const _each of released) await source.undoLastMigration();
      const tables = await source.query<{ tablename: string }[]>(
        `SELECT tablename FROM pg_tables WHERE schemaname = 'public'`,
      );
      expect(tables.map(({ tablename }) => tablename)).toEqual(['schema_migrations']);
    } finally {
      await source.destroy();
    }
    expect(await migrateDatabase(database.url)).toEqual(released);
  });
});
