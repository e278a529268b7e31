import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verdictIsReusedForMs } from '#domain/comments/alike.js';
import { triage } from '#domain/comments/triage.js';
import { presets } from '#domain/comments/policy.js';
import { CommentId } from '#domain/shared/ids.js';
import { PostgresAccounts } from '#infrastructure/postgres/accounts.js';
import { PostgresComments } from '#infrastructure/postgres/comments.js';
import type { Database } from '#infrastructure/postgres/database.js';
import { PostgresIntake } from '#infrastructure/postgres/intake.js';
import { PostgresLeases } from '#infrastructure/postgres/leases.js';
import { PostgresStoredVerdicts } from '#infrastructure/postgres/stored-verdicts.js';
import { account, delivery, incoming, openDatabase, verdictOf } from '../support/rows.js';
import { startDatabase, type TestService } from '../support/services.js';

let server: TestService;
let database: Database;
beforeAll(async () => {
  server = await startDatabase();
  database = await openDatabase(server.url);
  await new PostgresAccounts(database).connect(account);
});
afterAll(async () => {
  await database.close();
  await server.stop();
});
beforeEach(async () => {
  await database.query('DELETE FROM decisions');
  await database.query('DELETE FROM comments');
});

async function understood(id: string, likeness?: string): Promise<void> {
  await new PostgresIntake(database).store(delivery([incoming(id)]));
  const claim = await new PostgresLeases(database, 'test').claim({ kind: 'comment', id: CommentId.parse(id) }, 60_000);
  if (claim.kind !== 'claimed') throw new Error(`not claimed: ${claim.kind}`);
  const verdict = { ...verdictOf('positive'), ...(likeness !== undefined && { likeness }) };
  const plan = triage({ hidden: false, live: false, own: false, muted: false }, verdict, presets.balanced);
  await new PostgresComments(database).recordVerdict(claim.lease, verdict, plan, plan.decisions);
}

// CL-4
describe('a stored verdict', () => {
  it('is found by its likeness, and by nothing else', async () => {
    await understood('1', 'one');
    await understood('2');
    const stored = new PostgresStoredVerdicts(database);
    const found = await Promise.all(['one', 'two', 'one'].map(async (likeness) => await stored.find(likeness)));
    expect(found).toEqual([verdictOf('positive'), undefined, verdictOf('positive')]);
  });

  it('is not found any more when its hour is over', async () => {
    await understood('1', 'one');
    await database.query(`UPDATE comments SET classified_at = classified_at - $1 * interval '1 millisecond'`, [
      verdictIsReusedForMs,
    ]);
    expect(await new PostgresStoredVerdicts(database).find('one')).toBeUndefined();
  });
});
