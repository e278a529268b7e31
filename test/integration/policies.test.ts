import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CachedPolicies } from '#infrastructure/cache/cached-policies.js';
import type { Database } from '#infrastructure/postgres/database.js';
import { dataSource, migrateDatabase } from '#infrastructure/postgres/data-source.js';
import { PostgresPolicies } from '#infrastructure/postgres/policies.js';
import { policiesContract } from '../contracts/policies.contract.js';
import { account, openDatabase } from '../support/rows.js';
import { startDatabase, type TestService } from '../support/services.js';

let service: TestService;
let database: Database;
beforeAll(async () => {
  service = await startDatabase();
  database = await openDatabase(service.url);
});
afterAll(async () => {
  await database.close();
  await service.stop();
});

policiesContract('PostgreSQL', async () => {
  await database.query('TRUNCATE policies');
  return new PostgresPolicies(database);
});

policiesContract('PostgreSQL, remembered', async () => {
  await database.query('TRUNCATE policies');
  return new CachedPolicies(new PostgresPolicies(database));
});

describe('the preset that was chosen before there were versions', () => {
  it('becomes the first version, and of the latest version the preset goes back', async () => {
    await database.query('TRUNCATE policies');
    const source = await dataSource(service.url, 'test').initialize();
    try {
      const options = source.options.migrations;
      const names = Object.values(options ?? {}).map((each) => (typeof each === 'function' ? each.name : ''));
      const steps = names.length - names.indexOf('Policies1763701200000');
      for (let step = 0; step < steps; step += 1) await source.undoLastMigration();
      await source.query(
        `INSERT INTO accounts (id, platform, username, preset) VALUES ($1, 'x', 'a', 'classic'), ('2', 'x', 'b', 'balanced')`,
        [account.id],
      );
      await migrateDatabase(service.url);
      const policies = new PostgresPolicies(database);
      const { version, settings } = await policies.current(account.id);
      expect([version, settings.preset, settings.rules]).toEqual([1, 'classic', []]);
      await policies.add({
        accountId: account.id,
        after: 1,
        settings: { ...settings, preset: 'careful' },
        by: 'x',
        note: undefined,
      });
      for (let step = 0; step < steps; step += 1) await source.undoLastMigration();
      expect(await source.query('SELECT preset FROM accounts ORDER BY id')).toEqual([
        { preset: 'careful' },
        { preset: 'balanced' },
      ]);
    } finally {
      await source.destroy();
      await migrateDatabase(service.url);
    }
  });
});
