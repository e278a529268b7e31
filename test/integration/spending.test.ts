import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AccountId, CommentId } from '#domain/shared/ids.js';
import { budgetRules } from '#domain/spending/budget.js';
import type { Usage } from '#infrastructure/openai/model-request.js';
import type { Begun, EndedCall, PlannedCall } from '#infrastructure/openai/call-book.js';
import { PostgresBudgets } from '#infrastructure/postgres/budgets.js';
import { dataSource, migrateDatabase } from '#infrastructure/postgres/data-source.js';
import { Database } from '#infrastructure/postgres/database.js';
import { PostgresModelCalls } from '#infrastructure/postgres/model-calls.js';
import { PostgresUsage } from '#infrastructure/postgres/usage.js';
import { startDatabase, type TestService } from '../support/services.js';

const accountId = AccountId.parse('17841400000000001');
const other = AccountId.parse('17841400000000002');

let service: TestService;
let databases: readonly [Database, Database];
let books: readonly [PostgresModelCalls, PostgresModelCalls];
let budgets: PostgresBudgets;
let usage: PostgresUsage;

beforeAll(async () => {
  service = await startDatabase();
  await migrateDatabase(service.url);
  const open = async (): Promise<Database> => new Database(await dataSource(service.url, 'test').initialize());
  databases = [await open(), await open()];
  budgets = new PostgresBudgets(databases[1]);
  usage = new PostgresUsage(databases[1]);
});
afterAll(async () => {
  await Promise.all(databases.map(async (database) => await database.close()));
  await service.stop();
});
beforeEach(async () => {
  await databases[0].query('TRUNCATE budgets, model_calls, spending_days, usage_days');
  books = [new PostgresModelCalls(databases[0]), new PostgresModelCalls(databases[1])];
});

interface Asked {
  readonly of?: AccountId;
  readonly author?: string;
  readonly estimate?: number;
}

const planned = ({ of = accountId, author, estimate = 100 }: Asked = {}): PlannedCall => ({
  task: 'classification',
  model: 'gpt-6-luna',
  promptVersion: 'classify-comment@1',
  spender: { accountId: of, authorId: author, commentId: CommentId.parse('17900000000000001') },
  estimate,
});
const tokens: Usage = { inputTokens: 1_000, cachedTokens: 200, outputTokens: 50 };
const ended = (cost: number | undefined, over: Partial<EndedCall> = {}): EndedCall => ({
  outcome: 'ok',
  failure: undefined,
  usage: tokens,
  cost,
  latencyMs: 12.4,
  ...over,
});
/** So many calls at once, by two workers. */
const rush = async (count: number, asked: Asked = {}): Promise<readonly Begun[]> =>
  await Promise.all(
    Array.from({ length: count }, async (_, index) => await (books[index % 2] ?? books[0]).begin(planned(asked))),
  );
const idsOf = (begun: readonly Begun[]): readonly string[] =>
  begun.flatMap((one) => (one.kind === 'may-be-made' ? [one.id] : []));
const count = (begun: readonly Begun[], kind: Begun['kind']): number => begun.filter((one) => one.kind === kind).length;
const endAll = async (ids: readonly string[], cost: number): Promise<void> => {
  await Promise.all(ids.map(async (id, index) => await (books[index % 2] ?? books[0]).end(id, ended(cost))));
};
const spent = async (of = accountId): Promise<number> => (await budgets.get(of)).today.spent;
const everyDay = { from: '2000-01-01', to: '2100-01-01', limit: 10, offset: 0 } as const;

describe('the money of a day', () => {
  // CL-5, audit 34
  it('is promised to calls of all workers before they are made, never more than there is', async () => {
    await budgets.set(accountId, { account: 1_050 });
    const first = await rush(60);
    expect([count(first, 'may-be-made'), count(first, 'wait')]).toEqual([10, 50]);
    expect(count(await rush(5, { of: other }), 'may-be-made')).toBe(5);
  });

  it('comes back as far as it was not spent, and then is over: the rest is refused, not kept waiting', async () => {
    await budgets.set(accountId, { account: 1_050 });
    await endAll(idsOf(await rush(20)), 20);
    expect(await spent()).toBe(200);
    for (let round = 0; round < 10; round += 1) await endAll(idsOf(await rush(20)), 100);
    expect(await spent()).toBe(1_000);
    expect(await rush(2)).toEqual([1, 2].map(() => ({ kind: 'over-budget', whose: 'account' })));
    expect((await budgets.get(accountId)).today).toMatchObject({ refused: 182 });
  });

  it('of one author is counted apart: others go on', async () => {
    await budgets.set(accountId, { author: 300 });
    await endAll(idsOf(await rush(10, { author: 'troll' })), 100);
    expect(await rush(2, { author: 'troll' })).toEqual([1, 2].map(() => ({ kind: 'over-budget', whose: 'author' })));
    expect(count(await rush(10, { author: 'anna' }), 'may-be-made')).toBe(3);
    expect(count(await rush(10), 'may-be-made')).toBe(10);
    expect((await budgets.get(accountId)).today).toMatchObject({ refused: 0, authorsStopped: 1, spent: 300 });
  });

  it('grows at once when somebody says so, and nothing at all may be spent of none', async () => {
    await budgets.set(accountId, { account: 0 });
    expect(await rush(1, { estimate: 0 })).toEqual([{ kind: 'over-budget', whose: 'account' }]);
    expect((await budgets.get(accountId)).today.refused).toBe(1);
    const now = await budgets.set(accountId, {});
    expect(now).toMatchObject({ account: budgetRules.account, author: budgetRules.author, chosen: {} });
    expect(now.today.refused).toBe(0);
    expect(count(await rush(1), 'may-be-made')).toBe(1);
  });

  it('is not lost with a process: what it had promised counts as spent after two minutes', async () => {
    await budgets.set(accountId, { account: 150 });
    await rush(1);
    expect(await rush(1)).toEqual([{ kind: 'wait' }]);
    expect(await books[1].settleLost()).toBe(0);
    await databases[0].query(`UPDATE model_calls SET at = at - interval '3 minutes'`);
    expect(await Promise.all(books.map(async (book) => await book.settleLost()))).toContain(1);
    expect(await spent()).toBe(100);
    expect(await rush(1)).toEqual([{ kind: 'over-budget', whose: 'account' }]);
    const { total } = await usage.report({ ...everyDay, accountId, by: ['day'] });
    expect(total).toMatchObject({ calls: 1, failed: 1, micros: 100 });
  });

  it('is free again when a call was not made after all', async () => {
    await budgets.set(accountId, { account: 150 });
    const [id = ''] = idsOf(await rush(1));
    await books[0].end(id, ended(undefined, { outcome: 'not-made' }));
    expect(idsOf(await rush(1))).toHaveLength(1);
    expect((await usage.report({ ...everyDay, accountId, by: [] })).total.calls).toBe(0);
  });

  it('is counted once, however often the end of a call is told', async () => {
    const [id = ''] = idsOf(await rush(1));
    await Promise.all([1, 2, 3].map(async (each) => await (books[each % 2] ?? books[0]).end(id, ended(70))));
    expect(await spent()).toBe(70);
  });

  it('never waits in a circle when two workers ask for many accounts at once', async () => {
    const asked = Array.from({ length: 80 }, async (_, index) => {
      const of = [accountId, other][(index >> 1) % 2] ?? other;
      const book = books[index % 2] ?? books[0];
      const begun = await book.begin(planned({ of, author: `author ${index % 7}` }));
      if (begun.kind === 'may-be-made') await book.end(begun.id, ended(1));
      return begun;
    });
    expect(count(await Promise.all(asked), 'may-be-made')).toBe(80);
    expect([await spent(), await spent(other)]).toEqual([40, 40]);
  });
});

describe('what operators should know of', () => {
  it('are accounts from that percentage on, and those whose calls were refused', async () => {
    await budgets.set(accountId, { account: 1_000 });
    await endAll(idsOf(await rush(6)), 100);
    await endAll(idsOf(await rush(1, { of: other })), 100);
    expect(await budgets.noteworthy(70)).toEqual([]);
    await endAll(idsOf(await rush(1)), 100);
    expect(await budgets.noteworthy(70)).toMatchObject([{ accountId, account: 1_000, today: { spent: 700 } }]);
    await budgets.set(other, { author: 10 });
    await rush(1, { of: other, author: 'troll' });
    expect((await budgets.noteworthy(70)).map((one) => one.accountId)).toEqual([accountId, other]);
  });
});

describe('the book of calls', () => {
  it('keeps of each what it was for, what it took and how it ended', async () => {
    const [first = '', second = ''] = idsOf(await rush(2, { author: '232323232' }));
    await books[0].end(first, ended(123));
    await books[0].end(second, ended(undefined, { outcome: 'failed', failure: 'timeout-after-send' }));
    const [one, two] = await databases[0].query('SELECT * FROM model_calls ORDER BY id');
    expect(one).toMatchObject({
      account_id: accountId,
      comment_id: '17900000000000001',
      task: 'classification',
      model: 'gpt-6-luna',
      prompt_version: 'classify-comment@1',
      outcome: 'ok',
      failure: null,
      input_tokens: 1_000,
      cached_tokens: 200,
      output_tokens: 50,
      micros: '123',
      latency_ms: 12,
    });
    expect(one?.['author']).toMatch(/^[0-9a-f]{64}$/u); // nobody's id
    expect(two).toMatchObject({ outcome: 'failed', failure: 'timeout-after-send', micros: null });
  });

  it('reports by day, account, task and model, whatever is asked for, page by page', async () => {
    await endAll(idsOf(await rush(3)), 10);
    const [id = ''] = idsOf([await books[0].begin({ ...planned(), task: 'answer', model: 'llama3.1:8b' })]);
    await books[0].end(id, ended(undefined));
    const all = await usage.report({ ...everyDay, accountId: undefined, by: ['task', 'model'] });
    expect(all.rows).toMatchObject([
      { task: 'classification', model: 'gpt-6-luna', day: undefined, figures: { calls: 3, micros: 30, unpriced: 0 } },
      { task: 'answer', model: 'llama3.1:8b', figures: { calls: 1, micros: 0, unpriced: 1, inputTokens: 1_000 } },
    ]);
    expect(all).toMatchObject({ count: 2, total: { calls: 4, cachedTokens: 800, outputTokens: 200, micros: 30 } });
    const page = await usage.report({ ...everyDay, accountId, by: ['task', 'model'], limit: 1, offset: 1 });
    expect(page).toMatchObject({ count: 2, rows: [{ task: 'answer' }] });
    const days = await usage.report({ ...everyDay, accountId, by: ['day', 'account'] });
    expect(days.rows).toMatchObject([{ day: expect.stringMatching(/^\d{4}-\d\d-\d\d$/u), accountId }]);
    const none = { rows: [], count: 0, total: { calls: 0, micros: 0 } };
    expect(await usage.report({ ...everyDay, accountId: other, by: ['day'] })).toMatchObject(none);
  });

  it('forgets single calls after ninety days and keeps the sums', async () => {
    await endAll(idsOf(await rush(3, { author: 'anna' })), 10);
    await databases[0].query(
      `UPDATE model_calls SET at = at - interval '91 days' WHERE id < (SELECT max(id) FROM model_calls)`,
    );
    await databases[0].query(`UPDATE spending_days SET day = day - 2`);
    expect(await books[0].forget(100)).toBe(2);
    expect(await books[0].forget(100)).toBe(0);
    expect(await databases[0].query('SELECT 1 FROM model_calls')).toHaveLength(1);
    expect(await databases[0].query('SELECT author FROM spending_days')).toEqual([{ author: '' }]);
    expect((await usage.report({ ...everyDay, accountId, by: ['day'] })).total.calls).toBe(3);
  });
});
