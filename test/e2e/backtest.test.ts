import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { insertPast } from '../support/past-comments.js';
import { stackForThisFile } from '../support/stack.js';
import { until } from '../support/until.js';

const stack = stackForThisFile();
const accountId = '17841400000000021';
const withinMs = 120_000;

const View = z.object({
  id: z.string(),
  state: z.string(),
  reason: z.string().nullable(),
  total: z.number(),
  compared: z.number(),
  changed: z.number(),
  changes: z.record(z.string(), z.number()),
  cost: z.object({ asked: z.number(), estimated: z.number().nullable(), actual: z.number().nullable() }),
});
const Changes = z.object({
  changes: z.array(z.object({ number: z.number(), commentId: z.string() })),
  next: z.number().nullable(),
});

async function start(wish: object): Promise<string> {
  const { status, body } = await stack().admin('POST', 'backtests', { accountId, ...wish });
  expect({ status, body }).toMatchObject({ status: 202 });
  return View.parse(body).id;
}
const read = async (id: string) => View.parse((await stack().admin('GET', `backtests/${id}`)).body);
const untilDone = async (id: string) =>
  await until('the end of the backtest', withinMs, async () => {
    const seen = await read(id);
    return ['done', 'failed', 'cancelled'].includes(seen.state) ? seen : undefined;
  });
async function allChanges(id: string): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let after: number | null = 0; after !== null;) {
    const page: z.infer<typeof Changes> = Changes.parse(
      (await stack().admin('GET', `backtests/${id}/changes?limit=1000&after=${after}`)).body,
    );
    ids.push(...page.changes.map(({ commentId }) => commentId));
    after = page.next;
  }
  return ids;
}
const publishedAndDecided = async (): Promise<unknown> =>
  await stack().sql(
    `SELECT (SELECT count(*)::int FROM replies) AS replies, (SELECT count(*)::int FROM moderations) AS moderations,
            (SELECT count(*)::int FROM alerts) AS alerts, (SELECT count(*)::int FROM decisions) AS decisions,
            (SELECT md5(string_agg(comments::text, '|' ORDER BY id)) FROM comments) AS comments`,
  );

beforeAll(async () => {
  const database = { query: async (sql: string, given: readonly unknown[] = []) => await stack().sql(sql, given) };
  // As the others, but of this stack's account.
  await insertPast(database, {
    account: accountId,
    count: 10_000,
    class: 'question',
    confidence: 'CASE WHEN number % 4 = 0 THEN 65 ELSE 95 END',
  });
});

// PO-4
describe('a backtest in the running product', () => {
  it('over 10,000 past comments with another threshold says what would have changed, and publishes nothing', async () => {
    const before = await publishedAndDecided();
    const began = performance.now();
    const id = await start({ limit: 10_000, policy: { replyFrom: 60 } });
    const done = await untilDone(id);
    const seconds = (performance.now() - began) / 1_000;
    process.stdout.write(`a backtest over 10,000 comments took ${seconds.toFixed(1)} s\n`);
    expect(done).toMatchObject({
      state: 'done',
      total: 10_000,
      compared: 10_000,
      changed: 2_500,
      changes: { 'reply: draft > auto': 2_500 },
      cost: { asked: 0, estimated: 0, actual: 0 },
    });
    expect(new Set(await allChanges(id)).size).toBe(2_500);
    expect(await publishedAndDecided()).toEqual(before);
  });

  it('with another prompt asks the model, and goes on where it was when its worker is killed: each comment once', async () => {
    // Slow enough that it is killed in the middle.
    await stack().vendors.fault({ vendor: 'openai', times: 0, effect: { kind: 'delay', ms: 150 } });
    const before = await publishedAndDecided();
    const id = await start({
      limit: 400,
      understanding: { prompt: 2 },
      policy: { classes: { question: { reply: 'draft' } } },
      maxCost: 1,
    });
    await until('the first hundred', withinMs, async () => (await read(id)).compared >= 100);
    await stack().endWorkers('SIGKILL');
    const at = await read(id);
    expect(at.state).toBe('running');
    expect(at.compared).toBeLessThan(400);
    await stack().startWorker();
    // Its lease runs for minutes, so that no slow model is asked twice; a test does not wait for that.
    await stack().sql(`UPDATE backtests SET due_at = now() WHERE id = $1 AND due_at IS NOT NULL`, [id]);
    const done = await untilDone(id);
    expect(done).toMatchObject({ state: 'done', reason: null, total: 400, compared: 400, cost: { asked: 400 } });
    const changed = await allChanges(id);
    expect(new Set(changed).size).toBe(changed.length);
    expect(changed).toHaveLength(done.changed);
    expect(await publishedAndDecided()).toEqual(before);
    expect(await stack().vendors.ledger({ vendor: 'instagram', call: 'reply' })).toEqual([]);
    process.stdout.write(`it was killed after ${at.compared} of 400 comments\n`);
  });

  it('is cancelled at once, and stays so', async () => {
    const id = await start({ limit: 5_000, understanding: { prompt: 2 } });
    await until('its beginning', withinMs, async () => (await read(id)).compared > 0);
    expect((await stack().admin('POST', `backtests/${id}/cancel`)).status).toBe(200);
    const { compared } = await read(id);
    const other = await start({ limit: 10, policy: { replyFrom: 60 } });
    await untilDone(other); // the worker is free for others
    expect(await read(id)).toMatchObject({ state: 'cancelled', compared });
  });
});
