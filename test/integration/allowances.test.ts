import { afterAll, beforeAll } from 'vitest';
import { PostgresAllowances } from '#infrastructure/postgres/allowances.js';
import { dataSource, migrateDatabase } from '#infrastructure/postgres/data-source.js';
import { Database } from '#infrastructure/postgres/database.js';
import { allowancesContract } from '../contracts/allowances.contract.js';
import { startDatabase, type TestService } from '../support/services.js';

let service: TestService;
let databases: readonly [Database, ...Database[]];

beforeAll(async () => {
  service = await startDatabase();
  await migrateDatabase(service.url);
  // Four workers, each with connections of its own.
  const open = async (): Promise<Database> => new Database(await dataSource(service.url, 'test').initialize());
  databases = [await open(), await open(), await open(), await open()];
});
afterAll(async () => {
  await Promise.all(databases.map(async (database) => await database.close()));
  await service.stop();
});

allowancesContract(
  'PostgreSQL',
  {
    open: async () => {
      const [first, ...others] = databases;
      await first.query('TRUNCATE allowance_uses, allowance_holds');
      return [new PostgresAllowances(first), ...others.map((database) => new PostgresAllowances(database))];
    },
    pass: async (ms) => {
      const by = [ms];
      await databases[0].query(
        `UPDATE allowance_uses SET slot = slot - $1 * interval '1 millisecond',
                gone_at = gone_at - $1 * interval '1 millisecond'`,
        by,
      );
      await databases[0].query(
        `UPDATE allowance_holds SET held_until = held_until - $1 * interval '1 millisecond',
                slowed_until = slowed_until - $1 * interval '1 millisecond',
                next_at = next_at - $1 * interval '1 millisecond'`,
        by,
      );
    },
    size: async () => {
      const [row] = await databases[0].query<{ rows: number }>('SELECT count(*)::integer AS rows FROM allowance_uses');
      return row?.rows ?? 0;
    },
  },
  20,
);
