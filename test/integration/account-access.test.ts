import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AccountId } from '#domain/shared/ids.js';
import { KeyRing } from '#infrastructure/access/key-ring.js';
import { PostgresAccountAccess } from '#infrastructure/postgres/account-access.js';
import type { Database } from '#infrastructure/postgres/database.js';
import { account, openDatabase } from '../support/rows.js';
import { startDatabase, type TestService } from '../support/services.js';

const key = (): string => randomBytes(32).toString('hex');
const [first, second] = [key(), key()];
const other = AccountId.parse('17841400000000002');
const inSixtyDays = new Date(Date.now() + 60 * 86_400_000);

let service: TestService;
let database: Database;
let warnings: string[];

beforeAll(async () => {
  service = await startDatabase();
  database = await openDatabase(service.url);
});
beforeEach(async () => {
  warnings = [];
  await database.query('TRUNCATE account_tokens');
});
afterAll(async () => {
  await database.close();
  await service.stop();
});

/** A process of its own, started with this token in its settings. */
function started(token = 'token-of-the-settings', keys: readonly string[] = [first]): PostgresAccountAccess {
  const log = { warn: (_fields: object, message: string) => void warnings.push(message) };
  return new PostgresAccountAccess(database, new KeyRing(keys), token, log);
}

async function sealed(): Promise<{ account_id: string; key_id: string; sealed: Buffer }[]> {
  return await database.query('SELECT account_id, key_id, sealed FROM account_tokens ORDER BY account_id');
}

describe('the token in use', () => {
  it('is the one of the settings until another took over; then every process has that', async () => {
    const one = started();
    expect(await one.current()).toBe('token-of-the-settings');
    await one.keep(account.id, 'renewed-token', inSixtyDays);
    expect(await one.current()).toBe('renewed-token');
    expect(await started().current()).toBe('renewed-token');
    expect((await started().state(account.id)).expiresAt).toEqual(inSixtyDays);
  });

  it('is looked for at once by a process whose own one is refused', async () => {
    const [one, late] = [started(), started()];
    expect(await late.current()).toBe('token-of-the-settings');
    await one.keep(account.id, 'renewed-token', inSixtyDays);
    expect(await late.insteadOf('token-of-the-settings')).toBe('renewed-token');
    expect(await late.current()).toBe('renewed-token');
    expect(await started().insteadOf('renewed-token')).toBe('token-of-the-settings');
    expect(await started('a-dead-token').insteadOf('a-dead-token')).toBeUndefined();
  });

  it('of changed settings wins over everything that came from the one before', async () => {
    await started().keep(account.id, 'renewed-token', inSixtyDays);
    expect(await started('a-new-token').current()).toBe('a-new-token');
    expect((await started('a-new-token').state(account.id)).expiresAt).toBeUndefined();
  });

  // audit 46
  it('is encrypted anew as soon as it is read under a new key', async () => {
    await started().keep(account.id, 'renewed-token', inSixtyDays);
    const [before] = await sealed();
    expect(await started(undefined, [second, first]).current()).toBe('renewed-token');
    const [after] = await sealed();
    expect(after?.key_id).not.toBe(before?.key_id);
    expect(await started(undefined, [second]).current()).toBe('renewed-token');
    expect(warnings).toEqual([]);
  });

  it('is the one of the settings again when the key is lost, and that is said', async () => {
    await started().keep(account.id, 'renewed-token', inSixtyDays);
    expect(await started(undefined, [second]).current()).toBe('token-of-the-settings');
    expect(warnings).toHaveLength(1);
  });
});

describe('a token in the database', () => {
  // audit 48
  it('cannot be read in a dump, and does not open in the row of another account', async () => {
    await started().keep(account.id, 'renewed-token', inSixtyDays);
    await started('token-of-the-other').keep(other, 'token-of-somebody', inSixtyDays);
    const rows = await sealed();
    expect(rows.every((row) => !row.sealed.includes('token'))).toBe(true);
    expect(JSON.stringify(await database.query('SELECT * FROM account_tokens'))).not.toMatch(/token-of|renewed-token/u);
    await database.query(
      `UPDATE account_tokens AS mine SET sealed = theirs.sealed FROM account_tokens AS theirs
        WHERE theirs.account_id <> mine.account_id`,
    );
    expect(await started().current()).toBe('token-of-the-settings');
    expect(await started('token-of-the-other').current()).toBe('token-of-the-other');
    expect(warnings).toHaveLength(2);
  });
});
