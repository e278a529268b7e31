import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '#infrastructure/postgres/database.js';
import { PostgresTurns } from '#infrastructure/postgres/turns.js';
import { openDatabase } from '../support/rows.js';
import { startDatabase, type TestService } from '../support/services.js';

let service: TestService;
let database: Database;
let turns: PostgresTurns;

beforeAll(async () => {
  service = await startDatabase();
  database = await openDatabase(service.url);
  turns = new PostgresTurns(database);
});
afterAll(async () => {
  await database.close();
  await service.stop();
});

const over = async (name: string): Promise<void> => {
  await database.query(
    `WITH past AS (UPDATE turns SET next_at = now() WHERE name = $1 RETURNING 1) SELECT 1 FROM past`,
    [name],
  );
};

describe('a turn', () => {
  it('is one process’s among ten that ask at once, and nobody’s before its time', async () => {
    const taken = await Promise.all(Array.from({ length: 10 }, async () => await turns.take('one', 60_000)));
    const mine = taken.filter((turn) => turn !== undefined);
    expect(mine).toHaveLength(1);
    if (mine[0]) await turns.finish(mine[0], 60_000);
    expect(await turns.take('one', 60_000)).toBeUndefined();
    await over('one');
    expect(await turns.take('one', 60_000)).toBeDefined();
  });

  it('of somebody who died goes on with the next; who was only held up changes nothing any more', async () => {
    const late = await turns.take('two', 60_000);
    await over('two');
    expect(await turns.take('two', 60_000)).toBeDefined();
    if (late) await turns.finish(late, 0);
    expect(await turns.take('two', 60_000)).toBeUndefined();
  });
});
