import { afterAll, beforeAll, describe } from 'vitest';
import { PostgresIncidents } from '#infrastructure/postgres/incidents.js';
import type { Database } from '#infrastructure/postgres/database.js';
import { InMemoryIncidents } from '../fakes/in-memory-incidents.js';
import { VirtualClock } from '../fakes/virtual-clock.js';
import { incidentsContract } from '../contracts/incidents.contract.js';
import { openDatabase } from '../support/rows.js';
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

/** The database's clock is not ours to move: instead everything that stands in the book moves back. */
async function pass(ms: number): Promise<void> {
  const times = ['opened_at', 'seen_at', 'closed_at', 'tell_at', 'told_at', 'over_told_at'];
  const moved = times.map((time) => `${time} = ${time} - interval '${ms} milliseconds'`);
  await database.query(`WITH moved AS (UPDATE incidents SET ${moved.join(', ')} RETURNING id) SELECT id FROM moved`);
}

describe('the book of incidents in PostgreSQL', () => {
  incidentsContract(async () => {
    await database.query('TRUNCATE incidents');
    return { incidents: new PostgresIncidents(database), pass };
  });
});

describe('the book of incidents in memory', () => {
  incidentsContract(async () => {
    const clock = new VirtualClock();
    const passes = async (ms: number): Promise<void> => await Promise.resolve(clock.pass(ms));
    return await Promise.resolve({ incidents: new InMemoryIncidents(clock), pass: passes });
  });
});
