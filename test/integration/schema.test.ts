import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CommentId } from '#domain/shared/ids.js';
import { dataSource, migrateDatabase } from '#infrastructure/postgres/data-source.js';
import { PostgresIntake } from '#infrastructure/postgres/intake.js';
import { PostgresPrivateReplies } from '#infrastructure/postgres/private-replies.js';
import { delivery, incoming, openDatabase } from '../support/rows.js';
import { startDatabase, type TestService } from '../support/services.js';

let database: TestService;
const migrations = (): number => Object.keys(dataSource(database.url, 'schema-test').options.migrations ?? {}).length;

beforeAll(async () => {
  database = await startDatabase();
});
afterAll(async () => await database.stop());

describe('the schema', () => {
  it('is made once when three processes start at the same time', async () => {
    const done = await Promise.all([1, 2, 3].map(async () => await migrateDatabase(database.url)));
    expect(done.flat()).toHaveLength(migrations());
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

  it('taken back by a release leaves no comment that waits for a private reply which is gone', async () => {
    const rows = await openDatabase(database.url);
    await new PostgresIntake(rows).store(delivery([incoming('1'), incoming('2')]));
    await rows.query(`UPDATE comments SET stage = 'done', outcome = 'deleted', due_at = NULL`);
    await new PostgresPrivateReplies(rows).write(CommentId.parse('1'), 'Hello');
    const source = await dataSource(database.url, 'schema-test').initialize();
    try {
      for (let undone = migrations(); undone > 4; undone -= 1) await source.undoLastMigration();
      expect(await source.query('SELECT stage, outcome FROM comments ORDER BY id')).toEqual([
        { stage: 'done', outcome: 'left-alone' },
        { stage: 'done', outcome: 'hidden' },
      ]);
    } finally {
      await source.destroy();
      await rows.close();
    }
    expect((await migrateDatabase(database.url)).length).toBe(migrations() - 4);
  });

  it('can be taken down and put up again', async () => {
    const source = await dataSource(database.url, 'schema-test').initialize();
    try {
      for (let undone = 0; undone < migrations(); undone += 1) await source.undoLastMigration();
      const tables = await source.query<{ tablename: string }[]>(
        `SELECT tablename FROM pg_tables WHERE schemaname = 'public'`,
      );
      expect(tables.map(({ tablename }) => tablename)).toEqual(['schema_migrations']);
    } finally {
      await source.destroy();
    }
    expect(await migrateDatabase(database.url)).toHaveLength(migrations());
  });
});
