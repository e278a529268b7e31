import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataSource, migrateDatabase } from '#infrastructure/postgres/data-source.js';
import { startDatabase, type TestService } from '../support/services.js';

let database: TestService;
const migrations = countOf(dataSource('postgres://nobody', 'schema-test').options.migrations);

beforeAll(async () => {
  database = await startDatabase();
});
afterAll(async () => await database.stop());

describe('the schema', () => {
  it('is made once when three processes start at the same time', async () => {
    const done = await Promise.all([1, 2, 3].map(async () => await migrateDatabase(database.url)));
    expect(done.flat()).toHaveLength(migrations);
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
      for (let left = migrations; left > 0; left -= 1) await source.undoLastMigration();
      const tables = await source.query<{ tablename: string }[]>(
        `SELECT tablename FROM pg_tables WHERE schemaname = 'public'`,
      );
      expect(tables.map(({ tablename }) => tablename)).toEqual(['schema_migrations']);
    } finally {
      await source.destroy();
    }
    expect(await migrateDatabase(database.url)).toHaveLength(migrations);
  });
});

function countOf(migrations: unknown): number {
  return Array.isArray(migrations) ? migrations.length : 0;
}
