import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { reviewRules } from '#domain/moderation/review-rules.js';
import { AccountId } from '#domain/shared/ids.js';
import { mondayOf, weekNameOf } from '#domain/shared/iso-week.js';
import { PostgresAccounts } from '#infrastructure/postgres/accounts.js';
import type { Database } from '#infrastructure/postgres/database.js';
import { PostgresReviews } from '#infrastructure/postgres/reviews.js';
import { PostgresWorkOverview } from '#infrastructure/postgres/work-overview.js';
import { startApi } from '../support/api.js';
import { account, openDatabase } from '../support/rows.js';
import { startDatabase, type TestService } from '../support/services.js';

const localhost = { host: 'localhost:3000' };
const other = { ...account, id: AccountId.parse('17841400000000002'), username: 'other.cakes' };
const weekMs = 7 * 86_400_000;
const hourMs = 3_600_000;
/** The newest week that is drawn from, also in the first hour of a Monday. */
const lastMonday = new Date(mondayOf(new Date(Date.now() - reviewRules.afterMs)).getTime() - weekMs);
const lastWeek = weekNameOf(lastMonday);

let service: TestService;
let database: Database;
let reviews: PostgresReviews;
let api: NestFastifyApplication;

beforeAll(async () => {
  service = await startDatabase();
  database = await openDatabase(service.url);
  reviews = new PostgresReviews(database);
  api = await startApi(service.url);
});
afterAll(async () => {
  await api.close();
  await database.close();
  await service.stop();
});
beforeEach(async () => {
  await database.query(
    'TRUNCATE accounts, comments, deliveries, decisions, moderations, reviews, review_weeks RESTART IDENTITY',
  );
  for (const one of [account, other]) await new PostgresAccounts(database).connect(one);
  await connectedAt(lastMonday);
});

const connectedAt = async (moment: Date): Promise<unknown> =>
  await database.query('UPDATE accounts SET connected_at = $1', [moment]);

/** Comments that were hidden, by the machine unless something else is said, so many hours into last week. */
async function hidden(ids: readonly string[], given: Readonly<Record<string, string | number>> = {}): Promise<void> {
  const { hours = 30, actor = 'system', accountId = account.id, state = 'done' } = given;
  await database.query(
    `WITH stored AS (
       INSERT INTO comments (id, account_id, delivery_id, trace_id, text, stage, outcome, finished_at, class, confidence, verdict_reason, hidden)
       SELECT id, $2, 1, 't', 'text of ' || id, 'done', 'hidden', now(), 'toxic', 91, 'Insults.', true FROM unnest($1::text[]) AS id
     ), told AS (
       INSERT INTO decisions (comment_id, step, reason, detail)
       SELECT id, 'triage', 'hide-confident', '{"needed": 85}' FROM unnest($1::text[]) AS id
     )
     INSERT INTO moderations (comment_id, account_id, action, actor, state, done_at)
     SELECT id, $2, 'hide', $3, $4, $5::timestamptz + $6 * interval '1 hour' FROM unnest($1::text[]) AS id`,
    [ids, accountId, actor, state, lastMonday, hours],
  );
}

const many = (count: number, first = 1): string[] => Array.from({ length: count }, (_, index) => String(first + index));
const get = async (path: string, query: Readonly<Record<string, string>> = {}): ReturnType<typeof api.inject> =>
  await api.inject({ method: 'GET', url: `/api/v1/${path}`, headers: localhost, query });
const answer = async (id: string, payload: object): ReturnType<typeof api.inject> =>
  await api.inject({ method: 'PUT', url: `/api/v1/reviews/${id}`, headers: localhost, payload });

interface Listed {
  readonly id: string;
  readonly commentId: string;
  readonly verdict: string | null;
}
async function listed(query: Readonly<Record<string, string>> = {}): Promise<readonly Listed[]> {
  return (await get('reviews', { limit: '100', ...query })).json().reviews;
}

// PO-3
describe('the weekly sample of what the machine hid', () => {
  it('is drawn once, however many workers draw at the same time, and is the same whoever draws', async () => {
    await hidden(many(100));
    const drawn = await Promise.all([1, 2, 3, 4].map(async () => await reviews.draw()));
    expect(drawn.toSorted((one, two) => two.comments - one.comments)).toEqual([
      { weeks: 2, comments: reviewRules.sampleSize },
      ...Array.from({ length: 3 }, () => ({ weeks: 0, comments: 0 })),
    ]);
    const first = (await listed()).map(({ commentId }) => commentId).toSorted();
    expect(new Set(first).size).toBe(reviewRules.sampleSize);
    await database.query('TRUNCATE reviews, review_weeks');
    await reviews.draw();
    expect((await listed()).map(({ commentId }) => commentId).toSorted()).toEqual(first);
  });

  it('is by chance: neither the first nor the last of the week, but from all over it', async () => {
    await hidden(many(1_000));
    await reviews.draw();
    const numbers = (await listed()).map(({ commentId }) => Number(commentId));
    const middle = numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
    // Which thirty depends on the week; in two weeks of a million the mean of thirty lies farther away.
    expect(middle).toBeGreaterThan(250);
    expect(middle).toBeLessThan(750);
  });

  it('has what the machine hid within the week, and nothing else', async () => {
    await hidden(['1'], { hours: 0 });
    await hidden(['2'], { hours: 167 });
    await hidden(['3'], { hours: -1 });
    await hidden(['4'], { hours: 168 });
    await hidden(['5'], { actor: 'operator' });
    await hidden(['6'], { state: 'dropped' });
    await hidden(['7'], { accountId: other.id });
    await connectedAt(new Date(lastMonday.getTime() + hourMs));
    await reviews.draw();
    expect((await listed({ account: account.id })).map(({ commentId }) => commentId).toSorted()).toEqual(['1', '2']);
    expect((await listed({ account: other.id })).map(({ commentId }) => commentId)).toEqual(['7']);
  });

  it('makes up for weeks in which no worker ran, but for none from before the account was connected', async () => {
    await hidden(['1'], { hours: -24 });
    await connectedAt(new Date(lastMonday.getTime() - hourMs));
    expect(await reviews.draw()).toEqual({ weeks: 4, comments: 1 });
    await connectedAt(new Date(0));
    expect((await reviews.draw()).weeks).toBe((reviewRules.weeksBack - 2) * 2);
  });

  it('shows what the comment is, when and why it was hidden, and whether it still is', async () => {
    await hidden(['1']);
    await reviews.draw();
    expect((await get('reviews', { week: lastWeek })).json()).toMatchObject({
      reviews: [
        {
          week: lastWeek,
          accountId: account.id,
          text: 'text of 1',
          class: { class: 'toxic', confidence: 91, reason: 'Insults.' },
          hiddenAt: new Date(lastMonday.getTime() + 30 * hourMs).toISOString(),
          hidden: true,
          because: [{ reason: 'hide-confident', detail: { needed: 85 } }],
          verdict: null,
          by: null,
        },
      ],
      next: null,
    });
  });

  it('is listed page by page; of a week without one, and before the first, it is empty', async () => {
    expect((await get('reviews')).json()).toEqual({ reviews: [], next: null });
    await hidden(many(5));
    await reviews.draw();
    const ids: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: { reviews: Listed[]; next: string | null } = (
        await get('reviews', { limit: '2', ...(cursor !== '' && { cursor }) })
      ).json();
      ids.push(...page.reviews.map(({ id }) => id));
      cursor = page.next;
    }
    expect(new Set(ids).size).toBe(5);
    expect(await listed({ week: '2020-W01' })).toEqual([]);
    const wrong = [
      { week: '2026-W54' },
      { week: 'x' },
      { limit: '101' },
      { cursor: 'x' },
      { open: 'no' },
      { page: '1' },
    ];
    const statuses = await Promise.all(wrong.map(async (query) => (await get('reviews', query)).statusCode));
    expect(statuses).toEqual(wrong.map(() => 400));
  });
});

describe('a person who reviews a hide', () => {
  beforeEach(async () => {
    await hidden(['1']);
    await reviews.draw();
  });
  const only = async (): Promise<Listed> => {
    const [review] = await listed();
    if (!review) throw new Error('nothing to review');
    return review;
  };
  const wishes = async (): Promise<unknown> =>
    await database.query(`SELECT action, actor, state FROM moderations WHERE action <> 'hide'`);
  const lines = async (): Promise<unknown> =>
    (await database.query(`SELECT reason FROM decisions WHERE actor = 'operator' ORDER BY id`)).map(
      ({ reason }) => reason,
    );

  it('and finds it right leaves it hidden', async () => {
    const { id } = await only();
    expect((await answer(id, { verdict: 'right' })).json()).toMatchObject({
      verdict: 'right',
      by: 'operator',
      hidden: true,
    });
    expect([await wishes(), await lines()]).toEqual([[], ['review-right']]);
    expect(await listed({ open: 'true' })).toEqual([]);
  });

  it('and finds it wrong brings the comment back, once, however often it is said', async () => {
    const { id } = await only();
    const wrong = { verdict: 'wrong', note: 'About the weather.' };
    for (let time = 0; time < 3; time += 1) expect((await answer(id, wrong)).json()).toMatchObject(wrong);
    expect(await wishes()).toEqual([{ action: 'unhide', actor: 'operator', state: 'due' }]);
    expect(await lines()).toEqual(['moderation-requested', 'review-wrong']);
  });

  it('may change the answer; nothing is hidden again by that, and a comment that is visible is not touched', async () => {
    const { id } = await only();
    await database.query('UPDATE comments SET hidden = false');
    await answer(id, { verdict: 'wrong' });
    await answer(id, { verdict: 'right', note: null });
    expect([await wishes(), await lines()]).toEqual([[], ['review-wrong', 'review-right']]);
  });

  it('is told what is wrong with the request', async () => {
    const { id } = await only();
    expect((await answer(id, { verdict: 'maybe' })).statusCode).toBe(400);
    expect((await answer(id, { verdict: 'right', week: 1 })).statusCode).toBe(400);
    expect((await answer('0193e3a2-1111-7aaa-8bbb-123456789abc', { verdict: 'right' })).statusCode).toBe(404);
    expect((await answer('nobody', { verdict: 'right' })).statusCode).toBe(404);
  });
});

describe('the false-hide rate', () => {
  it('comes with the numbers that it rests on, and is not known where nobody has looked', async () => {
    expect((await get('moderation/fairness')).json()).toEqual({ weeks: [] });
    await hidden(many(40));
    await reviews.draw();
    const all = await listed();
    for (const [index, { id }] of all.slice(0, 20).entries()) {
      await answer(id, { verdict: index < 2 ? 'wrong' : 'right' });
    }
    const figures = { week: lastWeek, accountId: account.id, hidden: 40, sampled: 30, reviewed: 20, wrong: 2 };
    const nothing = { hidden: 0, sampled: 0, reviewed: 0, wrong: 0, falseHideRate: null };
    expect((await get('moderation/fairness')).json().weeks).toEqual([
      {
        ...figures,
        falseHideRate: { rate: 0.1, from: expect.closeTo(0.0279, 4), to: expect.closeTo(0.301, 3) },
      },
      { week: lastWeek, accountId: other.id, ...nothing },
    ]);
    const { hideReviews } = await new PostgresWorkOverview(database).read();
    expect(hideReviews).toEqual({ open: 10, right: 18, wrong: 2 });
    expect((await get('moderation/fairness', { account: other.id })).json().weeks).toMatchObject([nothing]);
    expect((await get('moderation/fairness', { weeks: '54' })).statusCode).toBe(400);
  });
});
