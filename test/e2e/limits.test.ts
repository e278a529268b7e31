import { afterEach, describe, expect, it } from 'vitest';
import { windowOf } from '#domain/work/allowances.js';
import { stackForThisFile } from '../support/stack.js';
import { until } from '../support/until.js';
import type { LedgerEntry } from '../support/vendors.js';

const question = 'Hi! How much is delivery?';
/** No two alike: equal comments are understood once. */
const praise = 'Best croissants I have ever had, thank you! {n}';

const stack = stackForThisFile({ workers: 0 });

afterEach(async () => {
  await stack().endWorkers('SIGKILL');
  await stack().vendors.clearFaults();
});

/** Waits until every one of these comments says so in its ledger. */
async function untilEachSays(reason: string, ids: readonly string[]): Promise<void> {
  await until(`"${reason}" of ${ids.length} comment(s)`, 90_000, async () => {
    const [row] = await stack().sql<{ said: number }>(
      'SELECT count(DISTINCT comment_id)::int AS said FROM decisions WHERE comment_id = ANY ($1) AND reason = $2',
      [ids, reason],
    );
    return row?.said === ids.length;
  });
}

/** What the model was asked; a worker that starts also looks whether it is still there, and vectors have limits of their own. */
async function questions(): Promise<readonly LedgerEntry[]> {
  return (await stack().vendors.ledger({ vendor: 'openai' })).filter(
    ({ call }) => call !== 'model' && call !== 'embed',
  );
}

async function repliesTo(ids: readonly string[]): Promise<number> {
  const calls = await Promise.all(ids.map(async (id) => await stack().vendors.replyCalls(id)));
  return calls.reduce((sum, count) => sum + count, 0);
}

describe('one author who asks five times', { timeout: 300_000 }, () => {
  // audit 15
  it('gets as many answers as the limit says; the rest waits, and so it stays when workers die and Redis is emptied', async () => {
    const { vendors, queue } = stack();
    const limit = { environment: { REPLIES_PER_AUTHOR: '2' } };
    await Promise.all([stack().startWorker(limit), stack().startWorker(limit)]);
    const asked = await vendors.comments(question, { username: 'anna', count: 5 });
    const other = await vendors.comment(question, { username: 'berta' });
    await stack().untilFinal([other], 60_000);
    await until('the answers and those that wait', 60_000, async () => {
      const waiting = await stack().sql(
        `SELECT 1 FROM decisions WHERE comment_id = ANY ($1) AND reason = 'waits-for-limit'`,
        [asked],
      );
      return waiting.length === 3 && (await repliesTo(asked)) === 2;
    });

    await stack().endWorkers('SIGKILL');
    await queue.wipe();
    // As if their time had come too early; the workers say no again.
    const early = `UPDATE replies SET due_at = now() WHERE comment_id = ANY ($1) AND state = 'drafted' RETURNING id, epoch`;
    const before = await stack().sql<{ id: string; epoch: number }>(early, [asked]);
    expect(before).toHaveLength(3);
    await Promise.all([stack().startWorker(limit), stack().startWorker(limit)]);
    await until('another refusal of each', 60_000, async () => {
      const now = await stack().sql<{ id: string; epoch: number }>(
        `SELECT id, epoch FROM replies WHERE id = ANY ($1) AND lease_until IS NULL AND due_at > now()`,
        [before.map(({ id }) => id)],
      );
      return now.length === 3 && now.every(({ id, epoch }) => before.some((row) => row.id === id && row.epoch < epoch));
    });

    expect(await repliesTo(asked)).toBe(2);
    const waiting = await stack().sql<{ comment_id: string; attempts: number }>(
      `SELECT comment_id, attempts FROM replies WHERE comment_id = ANY ($1) AND state = 'drafted'`,
      [asked],
    );
    for (const { comment_id, attempts } of waiting) {
      expect(attempts).toBe(0);
      expect((await stack().reasonsOf(comment_id)).filter((reason) => /wait|sending/.test(reason))).toEqual([
        'waits-for-limit',
      ]);
    }
  });
});

describe('an account near the limits of the platform', { timeout: 300_000 }, () => {
  // M10, audit 26
  it('is left alone for the minutes that the platform names; then the reply goes out, and no try was spent', async () => {
    const { vendors } = stack();
    await vendors.usage({ percent: 95, regainMinutes: 1 });
    await Promise.all([stack().startWorker(), stack().startWorker()]);
    const last = await vendors.comment(question, { username: 'carla' });
    await stack().untilFinal([last], 60_000);
    const held = await vendors.comments(question, { username: 'dora', count: 4 });
    await untilEachSays('waits-for-limit', held);
    expect(await repliesTo(held)).toBe(0);
    const [row] = await stack().sql<{ tries: number }>(
      'SELECT sum(attempts + attempt)::int AS tries FROM replies WHERE comment_id = ANY ($1)',
      [held],
    );
    expect(row?.tries).toBe(0);

    await vendors.usage({ percent: 1 });
    await stack().untilFinal(held, 200_000);
    expect(await repliesTo(held)).toBe(4);
  });
});

describe('the model', { timeout: 400_000 }, () => {
  // audit 25
  it('is asked by two workers no more often in any minute than the limit says', async () => {
    const { vendors } = stack();
    const limit = { environment: { OPENAI_RPM: '12' } };
    const known = (await questions()).length;
    await Promise.all([stack().startWorker(limit), stack().startWorker(limit)]);
    const ids = await vendors.comments(praise, { username: 'emma', count: 20 });
    await stack().untilFinal(ids, 300_000);

    const calls = (await questions()).slice(known).map(({ at }) => at);
    expect(calls).toHaveLength(20);
    const { windowMs } = windowOf('model-requests');
    const fullest = Math.max(...calls.map((from) => calls.filter((at) => at >= from && at < from + windowMs).length));
    expect(fullest).toBe(12);
  });

  // audit K7, T18
  it('is asked no more when its quota is used up, operators are told once, and it goes on when somebody paid', async () => {
    const { vendors } = stack();
    const error = {
      message: 'You exceeded your current quota',
      type: 'insufficient_quota',
      code: 'insufficient_quota',
    };
    await vendors.fault({ vendor: 'openai', times: 0, effect: { kind: 'status', status: 429, body: { error } } });
    await Promise.all([stack().startWorker(), stack().startWorker()]);
    const first = await vendors.comment('Thank you, lovely bread!', { username: 'fay' });
    await untilEachSays('waits-for-quota', [first]);
    const known = (await questions()).length;
    const more = await vendors.comments(`${praise} more`, { username: 'fay', count: 30 });
    await untilEachSays('waits-for-quota', more);
    expect((await questions()).length - known).toBeLessThanOrEqual(stack().workers.length);
    const incidents = `SELECT closed_at IS NULL AS open FROM incidents WHERE kind = 'quota-used-up'`;
    expect(await stack().sql(incidents)).toEqual([{ open: true }]);

    await stack().endWorkers('SIGKILL');
    await vendors.clearFaults();
    await stack().sql(`UPDATE allowance_holds SET held_until = now()`);
    await stack().sql('UPDATE comments SET due_at = now() WHERE id = ANY ($1)', [[first, ...more]]);
    await stack().startWorker();
    await stack().untilFinal([first, ...more], 60_000);
    await until('the end of the incident', 10_000, async () => {
      const [row] = await stack().sql<{ open: boolean }>(incidents);
      return row?.open === false;
    });
  });
});
