import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CommentContexts } from '#domain/comments/comment-contexts.js';
import type { CommentClass } from '#domain/comments/verdict.js';
import { AppError } from '#domain/shared/errors.js';
import { CommentId } from '#domain/shared/ids.js';
import { promptLibrary } from '#infrastructure/openai/prompts/library.js';
import { PostgresAccounts } from '#infrastructure/postgres/accounts.js';
import { PostgresBacktests } from '#infrastructure/postgres/backtests.js';
import { PostgresComments } from '#infrastructure/postgres/comments.js';
import { PostgresCorrections } from '#infrastructure/postgres/corrections.js';
import type { Database } from '#infrastructure/postgres/database.js';
import { PostgresMediaLibrary } from '#infrastructure/postgres/media-library.js';
import { PostgresPolicies } from '#infrastructure/postgres/policies.js';
import { LinearPatterns } from '#infrastructure/patterns/linear-patterns.js';
import { PostgresPromptChoices } from '#infrastructure/postgres/prompt-choices.js';
import { PostgresSamples } from '#infrastructure/postgres/samples.js';
import { RequestBacktest, type BacktestWish } from '#use-cases/evaluation/request-backtest.js';
import { RunBacktests } from '#use-cases/evaluation/run-backtests.js';
import { startApi } from '../support/api.js';
import { VirtualClock } from '../fakes/virtual-clock.js';
import { insertPast } from '../support/past-comments.js';
import { account, openDatabase } from '../support/rows.js';
import { ScriptedModel, wish } from '../support/scripted-model.js';
import { startDatabase, type TestService } from '../support/services.js';

const nobody = { get: () => expect.unreachable(), all: () => [] };
let service: TestService;
let database: Database;
let api: NestFastifyApplication;
let backtests: PostgresBacktests;
let corrections: PostgresCorrections;
let model: ScriptedModel;
let clock: VirtualClock;

beforeAll(async () => {
  service = await startDatabase();
  database = await openDatabase(service.url);
  backtests = new PostgresBacktests(database);
  corrections = new PostgresCorrections(database);
  await new PostgresAccounts(database).connect(account);
  await database.query(`INSERT INTO media (id, account_id, caption) VALUES ('18000000000000001', $1, 'Cakes')`, [
    account.id,
  ]);
  api = await startApi(service.url);
});
beforeEach(() => {
  model = new ScriptedModel();
  clock = new VirtualClock();
  clock.ms = Date.now();
});
afterEach(async () => {
  await database.query(
    'TRUNCATE comments, corrections, backtests, backtest_changes, decisions, replies, moderations, alerts',
  );
});
afterAll(async () => {
  await api.close();
  await database.close();
  await service.stop();
});

const accounts = (): PostgresAccounts => new PostgresAccounts(database);
const patterns = new LinearPatterns();
const policies = (): PostgresPolicies => new PostgresPolicies(database);
const request = (): RequestBacktest =>
  new RequestBacktest(
    accounts(),
    backtests,
    new PostgresSamples(database),
    policies(),
    patterns,
    promptLibrary(),
    new PostgresPromptChoices(database),
    model,
    clock,
  );
const worker = (): RunBacktests => {
  const library = new PostgresMediaLibrary(database);
  const contexts = new CommentContexts(new PostgresComments(database), library, nobody, clock);
  return new RunBacktests(
    backtests,
    new PostgresSamples(database),
    accounts(),
    policies(),
    patterns,
    contexts,
    promptLibrary(),
    model,
    clock,
  );
};
const hasten = async (): Promise<unknown> =>
  await database.query('UPDATE backtests SET due_at = now() WHERE due_at IS NOT NULL');
async function start(given: Partial<BacktestWish>): Promise<string> {
  return (await request().execute({ ...wish, ...given })).id;
}
async function run(given: Partial<BacktestWish>) {
  const id = await start(given);
  const one = worker();
  while (await one.execute());
  return await found(id);
}
async function found(id: string) {
  const backtest = await backtests.find(id);
  if (!backtest) throw new Error('the backtest is gone');
  return backtest;
}
const published = async (): Promise<unknown> =>
  await database.query(
    `SELECT (SELECT count(*)::int FROM replies) AS replies, (SELECT count(*)::int FROM moderations) AS moderations,
            (SELECT count(*)::int FROM alerts) AS alerts, (SELECT count(*)::int FROM decisions) AS decisions,
            (SELECT md5(string_agg(comments::text, '|' ORDER BY id)) FROM comments) AS comments`,
  );
const correct = async (id: number, to: CommentClass): Promise<unknown> =>
  await corrections.correct({
    commentId: CommentId.parse(String(1_000_000 + id)),
    to,
    reason: 'I read it.',
    by: 'anna',
  });

// PO-4
describe('a backtest of a policy', () => {
  it('says what would have changed, of which comments, asks no model, and publishes nothing', async () => {
    await insertPast(database, {
      count: 2_500,
      class: 'question',
      confidence: 'CASE WHEN number % 5 = 0 THEN 65 ELSE 95 END',
    });
    const before = await published();
    const {
      state,
      figures,
      total,
      request: asked,
    } = await run({ policy: { replyFrom: 60, classes: { question: { alert: true } } } });
    expect({ state, total, asked: model.asked.length }).toEqual({ state: 'done', total: 2_500, asked: 0 });
    expect(figures).toMatchObject({
      compared: 2_500,
      changed: 2_500,
      changes: { 'reply: draft > auto': 500, 'alert: no > yes': 2_500 },
      cost: 0,
    });
    expect(asked.policy).toEqual({ replyFrom: 60, classes: { question: { alert: true } } });
    expect(await published()).toEqual(before);
  });

  it('looks at the newest, at each once, however many came in the same moment', async () => {
    await insertPast(database, { count: 2_500, class: 'question', confidence: '65' });
    const { id, figures } = await run({ policy: { replyFrom: 60 }, limit: 2_200 });
    expect(figures).toMatchObject({ compared: 2_200, changed: 2_200 });
    const pages = [];
    for (
      let after = 0, page;
      (page = await backtests.changes(id, after, 900)).length > 0;
      after = page.at(-1)?.number ?? 0
    )
      pages.push(...page);
    expect(pages.map(({ number }) => number)).toEqual(Array.from({ length: 2_200 }, (_, index) => index + 1));
    expect(new Set(pages.map(({ commentId }) => commentId)).size).toBe(2_200);
    expect(pages[0]).toMatchObject({
      commentId: '1002500',
      differences: ['reply: draft > auto'],
      before: { class: 'question', confidence: 65, reply: 'draft' },
      after: { reply: 'auto' },
    });
    expect(Math.min(...pages.map(({ commentId }) => Number(commentId)))).toBe(1_000_301);
  });

  it('of rules tries them in the place of the account\u2019s, each as the comment stood when it came', async () => {
    await insertPast(database, { count: 30, class: 'question' });
    const rules = [{ name: 'Seven', when: { pattern: 'number 7\\?' }, do: { hide: 'suggest' as const } }];
    const { figures, state } = await run({ policy: { rules } });
    expect({ state, changes: figures.changes }).toEqual({
      state: 'done',
      changes: { 'reply: auto > none': 1, 'hide: none > suggest': 1 },
    });
  });

  it('of a time looks at that time only; of none it is done with nothing', async () => {
    await insertPast(database, { count: 90, class: 'spam' });
    const middle = new Date(Date.now() - 30 * 86_400_000 + 15_000);
    const { figures, total } = await run({ policy: { preset: 'careful' }, to: middle });
    expect(figures.compared).toBe(total);
    expect(total).toBeGreaterThan(20);
    expect(total).toBeLessThan(60);
    expect(await run({ policy: { preset: 'careful' }, to: new Date(0) })).toMatchObject({
      state: 'done',
      total: 0,
      figures: { compared: 0 },
    });
  });
});

// CL-7 as consumer
describe('a backtest over what people have corrected', () => {
  it('measures both sides by the person\u2019s word, the stored one by what the machine had said', async () => {
    await insertPast(database, { count: 100, class: 'question' });
    for (let id = 1; id <= 6; id += 1) await correct(id, 'critical');
    await correct(7, 'question');
    await correct(8, 'spam');
    await correct(8, 'critical'); // the last word counts
    model.says = (text) => (/number [1-5]\?/u.test(text) ? 'critical' : 'question');
    const { figures, total } = await run({ over: 'corrected', understanding: { prompt: 2 } });
    expect(total).toBe(8);
    expect(figures.before).toEqual({ 'critical question 90': 7, 'question question 90': 1 });
    expect(figures.after).toEqual({ 'critical critical 90': 5, 'critical question 90': 2, 'question question 90': 1 });
    expect(new Set(model.asked.map((line) => line.split(' ').slice(1).join(' ')))).toEqual(new Set(['2 m']));
  });

  it('compares two versions of a prompt side by side', async () => {
    await insertPast(database, { count: 20, class: 'question' });
    for (let id = 1; id <= 10; id += 1) await correct(id, 'critical');
    model.says = (_, prompt) => (prompt === 2 ? 'critical' : 'question');
    const { figures } = await run({ over: 'corrected', understanding: { prompt: 2 }, against: { prompt: 1 } });
    expect(figures).toMatchObject({
      compared: 10,
      asked: 20,
      changes: { 'class: question > critical': 10, 'reply: auto > draft': 10, 'alert: no > yes': 10 },
      before: { 'critical question 90': 10 },
      after: { 'critical critical 90': 10 },
      tokens: { input: 20_000, output: 2_000 },
      cost: 22_000,
    });
  });
});

describe('a backtest that asks the model', () => {
  it('counts each comment once when its worker dies in the middle and another goes on', async () => {
    await insertPast(database, { count: 60, class: 'question' });
    model.says = () => 'spam';
    const id = await start({ understanding: { prompt: 2 } });
    // The first one stands still in its third batch for so long that its lease is over.
    let wake: () => void = () => undefined;
    let stands: () => void = () => undefined;
    const standing = new Promise<void>((resolve) => (stands = resolve));
    model.before = () => {
      if (model.asked.length !== 20) return undefined;
      stands();
      return new Promise((resolve) => (wake = resolve));
    };
    const first = worker().execute();
    await standing;
    expect(await found(id)).toMatchObject({ state: 'running', figures: { compared: 16 } });
    await hasten();
    const second = worker();
    while (await second.execute());
    const done = await found(id);
    expect(done).toMatchObject({ state: 'done', figures: { compared: 60, changed: 60 } });
    wake();
    await first; // what it found is thrown away
    expect(await found(id)).toEqual(done);
    expect(await backtests.changes(id, 0, 1_000)).toHaveLength(60);
  });

  it('waits when the model is down, keeps what came before, and goes on', async () => {
    await insertPast(database, { count: 20, class: 'question' });
    const id = await start({ understanding: { prompt: 2 } });
    model.before = (commentId) => {
      if (commentId === '1000010') throw new AppError('unavailable', 'the model server is down');
    };
    await worker().execute();
    expect(await found(id)).toMatchObject({
      state: 'running',
      reason: 'the model server is down',
      figures: { compared: 10 },
    });
    expect(await worker().execute()).toBe(false); // not yet
    model.before = () => undefined;
    await hasten();
    while (await worker().execute());
    expect(await found(id)).toMatchObject({ state: 'done', reason: undefined, figures: { compared: 20 } });
  });

  it('waits while the account has no money for models, and goes on where it was', async () => {
    await insertPast(database, { count: 10, class: 'question' });
    model.says = (text) => (text.includes('number 9?') ? 'over-budget' : 'question');
    const id = await start({ understanding: { prompt: 1 } });
    await worker().execute();
    expect(await found(id)).toMatchObject({ state: 'running', figures: { compared: 1, asked: 1 } });
    expect((await found(id)).reason).toContain('goes on tomorrow');
    model.says = () => 'question';
    await hasten();
    while (await worker().execute());
    expect(await found(id)).toMatchObject({ state: 'done', figures: { compared: 10, asked: 10 } });
  });

  it('ends with the reason when it can never work, or has failed too often', async () => {
    await insertPast(database, { count: 3, class: 'question' });
    model.before = () => {
      throw new AppError('misconfigured', 'the model server knows no such model');
    };
    expect(await run({ understanding: { model: 'x' } })).toMatchObject({
      state: 'failed',
      reason: 'the model server knows no such model',
    });
    model.before = () => {
      throw new AppError('unavailable', 'down');
    };
    const id = await start({ understanding: { prompt: 1 } });
    for (let tries = 0; tries < 25; tries += 1) {
      await hasten();
      await worker().execute();
    }
    expect(await found(id)).toMatchObject({ state: 'failed', reason: 'down', figures: { compared: 0 } });
  });

  it('counts a comment that the model will not speak about as one without a class', async () => {
    await insertPast(database, { count: 1, class: 'question' });
    model.says = () => 'refused';
    const { figures } = await run({ understanding: { prompt: 1 } });
    expect(figures.changes).toEqual({
      'class: question > undecided': 1,
      'reply: auto > none': 1,
      'alert: no > yes': 1,
    });
  });

  it('stops when it has cost more than it may', async () => {
    await insertPast(database, { count: 100, class: 'question' });
    model.says = () => 'question';
    model.price = { input: 0.001, output: 0.001 }; // the estimate is far too low
    const id = await start({ understanding: { prompt: 1 }, maxCost: 20_000 });
    model.price = { input: 1, output: 1 };
    while (await worker().execute());
    const { state, reason, figures } = await found(id);
    expect({ state, reason }).toEqual({
      state: 'failed',
      reason: 'It has cost more than maxCost; what it has found is kept.',
    });
    expect(figures.compared).toBe(24);
  });
});

describe('the routes of backtests', () => {
  const view = z.looseObject({ id: z.string(), state: z.string() });
  const ask = async (method: 'GET' | 'POST' | 'DELETE', path = '', payload?: object) => {
    const url = `/api/v1/backtests${path}`;
    const answer = await api.inject({ method, url, headers: { host: 'localhost:3000' }, ...(payload && { payload }) });
    const body: unknown = answer.body === '' ? undefined : answer.json();
    return { status: answer.statusCode, body };
  };

  it('start, show, page, cancel and remove', async () => {
    await insertPast(database, { count: 30, class: 'question', confidence: '65' });
    await correct(1, 'critical');
    expect(await ask('GET')).toEqual({ status: 200, body: { backtests: [], next: null } });
    const started = await ask('POST', '', { policy: { replyFrom: 60, classes: { spam: { hide: 'off' } } } });
    expect(started).toMatchObject({
      status: 202,
      body: {
        state: 'queued',
        total: 30,
        compared: 0,
        request: { policy: { replyFrom: 60, classes: { spam: { hide: 'off' } } } },
        cost: { estimated: 0 },
      },
    });
    const { id } = view.parse(started.body);
    while (await worker().execute());
    expect(await ask('GET', `/${id}?precision=90`)).toMatchObject({
      status: 200,
      body: {
        state: 'done',
        compared: 30,
        changes: { 'reply: draft > auto': 30 },
        before: { comments: 1, accuracy: 0, confusion: { critical: { question: 1 } } },
        after: { advice: expect.arrayContaining([expect.objectContaining({ class: 'question', kind: 'too-few' })]) },
      },
    });
    expect(await ask('GET', `/${id}/changes?limit=20`)).toMatchObject({
      status: 200,
      body: { changes: expect.any(Array), next: 20 },
    });
    expect(await ask('GET', `/${id}/changes?limit=20&after=20`)).toMatchObject({ body: { next: null } });
    expect(await ask('POST', `/${id}/cancel`)).toMatchObject({ status: 409 });

    const { id: second } = view.parse((await ask('POST', '', { policy: { preset: 'classic' } })).body);
    expect(await ask('DELETE', `/${second}`)).toMatchObject({ status: 409 });
    expect(await ask('POST', `/${second}/cancel`)).toMatchObject({ status: 200, body: { state: 'cancelled' } });
    expect(await worker().execute()).toBe(false);
    expect(await ask('GET', '?limit=1')).toMatchObject({ body: { backtests: [{ id: second }], next: second } });
    expect(await ask('GET', `?limit=1&cursor=${second}`)).toMatchObject({ body: { backtests: [{ id }], next: null } });
    expect(await ask('DELETE', `/${id}`)).toEqual({ status: 204, body: undefined });
    expect(await database.query('SELECT 1 FROM backtest_changes')).toEqual([]);
  });

  it('a cancelled one keeps nothing of the batch that was under way', async () => {
    await insertPast(database, { count: 20, class: 'question' });
    const id = await start({ understanding: { prompt: 2 } });
    model.before = async () => {
      if (model.asked.length === 12) await backtests.cancel(id);
    };
    await worker().execute();
    expect(await found(id)).toMatchObject({ state: 'cancelled', figures: { compared: 8 } });
    expect(model.asked).toHaveLength(16);
  });

  it('refuse what would cost more than it may, or nobody knows how much', async () => {
    await insertPast(database, { count: 1_000, class: 'question' });
    const dear = { ...wish, understanding: { prompt: 1 }, maxCost: 1_000_000 };
    await expect(request().execute(dear)).rejects.toThrow(
      /would cost some \$\d+\.\d\d, more than maxCost \(\$1\.00\)/u,
    );
    model.price = undefined;
    await expect(request().execute(dear)).rejects.toThrow(/Nobody knows what this model costs/u);
    await expect(request().execute({ ...dear, maxCost: undefined })).resolves.toMatchObject({ estimate: undefined });
  });

  it('forget reports after their time, and none that is under way', async () => {
    await start({ policy: { replyFrom: 1 } });
    while (await worker().execute());
    await start({ policy: { replyFrom: 1 } });
    await database.query(`UPDATE backtests SET created_at = now() - interval '100 days'`);
    expect(await backtests.forget(90)).toBe(1);
    expect(await backtests.forget(90)).toBe(0);
    expect(
      (await backtests.list({ account: undefined, before: undefined, limit: 10 })).map(({ state }) => state),
    ).toEqual(['queued']);
  });
});
