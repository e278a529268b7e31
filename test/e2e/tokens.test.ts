import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { stackForThisFile } from '../support/stack.js';
import { until } from '../support/until.js';

const question = 'Hi! How much is delivery?';
const questions = 60;
const newToken = `IGAA-put-in-by-hand-${randomBytes(8).toString('hex')}`;
const settings = { ENCRYPTION_KEY: randomBytes(32).toString('hex') };

const stack = stackForThisFile({ environment: settings });

async function published(ids: readonly string[]): Promise<readonly number[]> {
  const calls = await stack().vendors.ledger({ vendor: 'instagram', call: 'reply' });
  return ids.map((id) => calls.filter(({ target, status }) => target === id && status === 200).length);
}

// T19, audit 31
describe('a token that dies in the middle of the work', { timeout: 300_000 }, () => {
  let ids: readonly string[];

  it('leaves every comment waiting, and none is lost', async () => {
    const { vendors } = stack();
    const first = await vendors.comment(question);
    await stack().untilFinal([first], 30_000);
    await vendors.token({ accepted: false });
    ids = await vendors.comments(question, { count: questions });
    await until('all to wait for the account', 120_000, async () => {
      const [row] = await stack().sql<{ waiting: number }>(
        `SELECT count(DISTINCT comment_id)::int AS waiting FROM decisions
          WHERE comment_id = ANY ($1) AND reason = 'waits-for-resume'`,
        [ids],
      );
      return row?.waiting === questions;
    });
    expect(await published(ids)).toEqual(ids.map(() => 0));
    const [parked] = await stack().sql<{ n: number }>(
      `SELECT count(*)::int AS n FROM comments WHERE id = ANY ($1) AND stage = 'parked'`,
      [ids],
    );
    expect(parked?.n).toBe(0);
  });

  it('is replaced by the next one in the settings: all are answered, once each', async () => {
    await stack().vendors.token({ token: newToken });
    await stack().endWorkers('SIGTERM');
    await stack().startWorker({ environment: { INSTA_TOKEN: newToken } });
    await stack().untilFinal(ids, 90_000);
    expect(await published(ids)).toEqual(ids.map(() => 1));
  });
});

// T19, audit 31, 46, 48
describe('a token that is renewed', { timeout: 300_000 }, () => {
  /** How often Instagram published an answer to a question that is asked now. */
  const answers = async (): Promise<readonly number[]> => {
    const id = await stack().vendors.comment(question);
    await stack().untilFinal([id], 60_000);
    return await published([id]);
  };

  it('takes over at once, and the one in the settings is needed no more', async () => {
    const { vendors } = stack();
    await vendors.token({ token: newToken, ageHours: 48 });
    const turn = `UPDATE turns SET next_at = now() WHERE name = 'access'`;
    await stack().sql(turn);
    // It has been in use for two days.
    await until('the token to be noted', 60_000, async () => {
      const rows = await stack().sql(
        `UPDATE account_tokens SET since = now() - interval '2 days' WHERE since > now() - interval '1 day'
          AND seed = encode(sha256($1::text::bytea), 'hex') RETURNING seed`,
        [newToken],
      );
      return rows.length === 1;
    });
    await stack().sql(turn);
    await until('a renewed token', 60_000, async () => {
      const rows = await stack().sql('SELECT seed FROM account_tokens WHERE sealed IS NOT NULL');
      return rows.length === 1;
    });
    await vendors.token({ token: newToken, accepted: false });
    expect(await answers()).toEqual([1]);
  });

  it('is found by the next process, also when the key changes at the same time', async () => {
    const [before] = await stack().sql<{ key_id: string }>(
      'SELECT key_id FROM account_tokens WHERE sealed IS NOT NULL',
    );
    await stack().endWorkers('SIGTERM');
    const ENCRYPTION_KEY = randomBytes(32).toString('base64');
    const keys = { ENCRYPTION_KEY, ENCRYPTION_KEY_PREVIOUS: settings.ENCRYPTION_KEY };
    await stack().startWorker({ environment: { INSTA_TOKEN: newToken, ...keys } });
    expect(await answers()).toEqual([1]);
    await until('a token under the new key', 30_000, async () => {
      const [after] = await stack().sql<{ key_id: string }>(
        'SELECT key_id FROM account_tokens WHERE sealed IS NOT NULL',
      );
      return after?.key_id !== before?.key_id;
    });
    await stack().endWorkers('SIGTERM');
    await stack().startWorker({ environment: { INSTA_TOKEN: newToken, ENCRYPTION_KEY } });
    expect(await answers()).toEqual([1]);
  });

  it('stands nowhere in the database nor in a log', async () => {
    const tables = await stack().sql<{ name: string }>(
      `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`,
    );
    expect(tables.map(({ name }) => name)).toContain('account_tokens');
    // Every token that the sandbox gives out, and the one put in by hand, begin like this.
    const asBytes = `%${Buffer.from('IGAA').toString('hex')}%`;
    for (const { name } of tables) {
      const rows = await stack().sql(
        `SELECT 1 FROM ${name} AS row WHERE row::text LIKE '%IGAA%' OR row::text LIKE $1`,
        [asBytes],
      );
      expect({ name, rows }).toEqual({ name, rows: [] });
    }
    expect(stack().logs()).not.toContain('IGAA');
  });
});
