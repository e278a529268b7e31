import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataSource, servingLimits } from '#infrastructure/postgres/data-source.js';
import { Database } from '#infrastructure/postgres/database.js';
import { preparedConnections } from '#infrastructure/postgres/prepared-statements.js';
import { startDatabase, type TestService } from '../support/services.js';

let service: TestService;

beforeAll(async () => {
  service = await startDatabase();
});
afterAll(async () => await service.stop());

describe('connections to the database', () => {
  it('are fewer than thirty for an api, four workers and a schema step together', () => {
    expect(servingLimits.poolSize * 5 + preparedConnections + 1).toBeLessThan(30);
  });

  it('are waited for, but not for ever: who gets none is told so in our words', async () => {
    const source = await dataSource(service.url, 'pool-test', { ...servingLimits, poolSize: 1 }).initialize();
    const database = new Database(source);
    try {
      const refused = await database.transaction(
        async () => await database.query('SELECT 1').catch((error: unknown) => error),
      );
      expect(refused).toMatchObject({ kind: 'unavailable' });
      expect(await database.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    } finally {
      await database.close();
    }
  });
});
