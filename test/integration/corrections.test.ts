import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decide } from '#domain/comments/reason-codes.js';
import type { Plan } from '#domain/comments/triage.js';
import { CommentId, MediaId } from '#domain/shared/ids.js';
import { PostgresAccounts } from '#infrastructure/postgres/accounts.js';
import { PostgresComments } from '#infrastructure/postgres/comments.js';
import { PostgresCorrections } from '#infrastructure/postgres/corrections.js';
import type { Database } from '#infrastructure/postgres/database.js';
import { PostgresIntake } from '#infrastructure/postgres/intake.js';
import { PostgresLeases } from '#infrastructure/postgres/leases.js';
import { PostgresStoredVerdicts } from '#infrastructure/postgres/stored-verdicts.js';
import { startApi } from '../support/api.js';
import { account, delivery, incoming, openDatabase, verdictOf } from '../support/rows.js';
import { startDatabase, type TestService } from '../support/services.js';

const localhost = { host: 'localhost:3000' };
const nothing: Plan = { reply: 'none', hide: 'none', alert: false, decisions: [decide('left-visible')] };
let service: TestService;
let database: Database;
let corrections: PostgresCorrections;
let api: NestFastifyApplication;

beforeAll(async () => {
  service = await startDatabase();
  database = await openDatabase(service.url);
  corrections = new PostgresCorrections(database);
  await new PostgresAccounts(database).connect(account);
  api = await startApi(service.url);
});
afterAll(async () => {
  await api.close();
  await database.close();
  await service.stop();
});
beforeEach(async () => {
  await database.query('TRUNCATE comments, deliveries, decisions, replies, moderations, alerts, corrections');
});

/** A comment that a model took for praise; one with a likeness is taken over by equal ones. */
async function understood(id: string, given: Parameters<typeof incoming>[1] = {}, likeness?: string): Promise<void> {
  await new PostgresIntake(database).store(delivery([incoming(id, given)]));
  const claim = await new PostgresLeases(database, 'test').claim({ kind: 'comment', id: CommentId.parse(id) }, 60_000);
  if (claim.kind !== 'claimed') throw new Error(`not claimed: ${claim.kind}`);
  const verdict = { ...verdictOf('positive'), ...(likeness !== undefined && { likeness }) };
  await new PostgresComments(database).recordVerdict(claim.lease, verdict, nothing, nothing.decisions);
}

const correct = async (id: string, payload: object): ReturnType<NestFastifyApplication['inject']> =>
  await api.inject({ method: 'PUT', url: `/api/v1/comments/${id}/verdict`, headers: localhost, payload });
const list = async (query: Readonly<Record<string, string>> = {}): ReturnType<NestFastifyApplication['inject']> =>
  await api.inject({ method: 'GET', url: '/api/v1/corrections', headers: localhost, query });

// CL-7
describe('a person who says what a comment is', () => {
  it('replaces the verdict, is in the ledger, and nothing else follows', async () => {
    await understood('1');
    const answer = await correct('1', { class: 'toxic', reason: ' Irony ' });
    expect(answer.statusCode).toBe(200);
    const machine = { class: 'positive', confidence: 95, model: 'm', promptVersion: 'p' };
    expect(answer.json()).toMatchObject({ machine, class: 'toxic', reason: 'Irony', by: 'operator', times: 1 });
    const shown = await api.inject({ method: 'GET', url: '/api/v1/comments/1/decisions', headers: localhost });
    expect(shown.json().comment).toMatchObject({
      stage: 'done',
      outcome: 'left-alone',
      actions: [],
      verdict: { class: 'toxic', code: 6, confidence: 100, reason: 'Irony', language: 'en' },
    });
    expect(shown.json().decisions.at(-1)).toMatchObject({
      reason: 'verdict-corrected',
      actor: 'operator',
      detail: { from: 'positive', to: 'toxic', why: 'Irony' },
    });
    const due = 'SELECT id FROM replies UNION ALL SELECT id FROM moderations UNION ALL SELECT id FROM alerts';
    expect(await database.query(due)).toEqual([]);
  });

  it.each(['critical', 'Critical feedback', 2, '2'])('may name the class as %j', async (given) => {
    await understood('1');
    expect((await correct('1', { class: given, reason: 'why' })).json()).toMatchObject({ class: 'critical' });
  });

  it.each([
    [{ class: 'rude', reason: 'why' }, 400],
    [{ class: 8, reason: 'why' }, 400],
    [{ class: 'toxic' }, 400],
    [{ class: 'toxic', reason: '' }, 400],
    [{ class: 'toxic', reason: ' \n' }, 422],
    [{ class: 'toxic', reason: 'why', confidence: 3 }, 400],
  ])('is told what is wrong with %j', async (payload, status) => {
    await understood('1');
    expect((await correct('1', payload)).statusCode).toBe(status);
    expect(await corrections.list({ limit: 10 })).toEqual([]);
  });

  it('has to wait until somebody has tried to understand it; a parked one may be named', async () => {
    expect((await correct('404', { class: 'toxic', reason: 'why' })).statusCode).toBe(404);
    await new PostgresIntake(database).store(delivery([incoming('1'), incoming('2', { authorId: account.id })]));
    expect((await correct('1', { class: 'toxic', reason: 'why' })).statusCode).toBe(409);
    expect((await correct('2', { class: 'toxic', reason: 'why' })).statusCode).toBe(422); // our own
    await database.query(`UPDATE comments SET stage = 'parked', outcome = 'parked', due_at = NULL WHERE id = '1'`);
    expect((await correct('1', { class: 'spam', reason: 'why' })).json()).toMatchObject({
      machine: null,
      class: 'spam',
    });
  });

  it('may say something else later: the latest counts, each is kept, and the model\u2019s own stays known', async () => {
    await understood('1');
    const words = ['toxic', 'toxic', 'critical'].map((name) => ({ class: name, reason: `is ${name}` }));
    for (const payload of words) expect((await correct('1', payload)).statusCode).toBe(200);
    expect(await corrections.list({ limit: 10 })).toMatchObject([
      { class: 'critical', times: 2, machine: { class: 'positive', confidence: 95, model: 'm' } },
    ]);
    expect(await database.query('SELECT from_class, to_class FROM corrections ORDER BY id')).toEqual([
      { from_class: 'positive', to_class: 'toxic' },
      { from_class: 'toxic', to_class: 'critical' },
    ]);
  });

  it('twice at once is one correction', async () => {
    await understood('1');
    const same = { class: 'toxic', reason: 'Irony' };
    const answers = await Promise.all(Array.from({ length: 5 }, async () => await correct('1', same)));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200, 200]);
    expect(await corrections.list({ limit: 10 })).toMatchObject([{ times: 1 }]);
  });
});

// CL-4, CL-7
describe('a verdict that was corrected', () => {
  const wrong = { text: 'Best service ever\u2026' };

  it.each([
    ['the one whose verdict others took over', '1'],
    ['one of those that took it over', '2'],
  ])('goes no further when it was %s: neither the former nor the person\u2019s', async (_which, id) => {
    await understood('1', wrong, 'likeness');
    await understood('2', { text: ' best SERVICE ever\u2026' });
    expect(await new PostgresStoredVerdicts(database).find('likeness')).toBeDefined();
    await correct(id, { class: 'critical', reason: 'Irony' });
    expect(await new PostgresStoredVerdicts(database).find('likeness')).toBeUndefined();
    const classes = await database.query('SELECT id, class FROM comments ORDER BY id');
    expect(classes).toEqual(['1', '2'].map((one) => ({ id: one, class: one === id ? 'critical' : 'positive' })));
  });

  it('is still taken over by nobody, and others still are: other words, another post', async () => {
    await understood('1', wrong, 'a');
    await understood('2', { text: 'Thank you' }, 'b');
    await understood('3', { ...wrong, mediaId: MediaId.parse('18000000000000002') }, 'c');
    await correct('1', { class: 'critical', reason: 'Irony' });
    const stored = new PostgresStoredVerdicts(database);
    const found = await Promise.all(['a', 'b', 'c'].map(async (likeness) => await stored.find(likeness)));
    expect(found.map((verdict) => verdict?.class)).toEqual([undefined, 'positive', 'positive']);
  });
});

describe('the corrected comments', () => {
  it('are listed page by page, of one account or of all; none is an empty list', async () => {
    expect((await list()).json()).toEqual({ corrections: [], next: null });
    for (const id of ['1', '2', '3']) {
      await understood(id);
      await correct(id, { class: 'critical', reason: 'why' });
    }
    const first = (await list({ limit: '2', account: account.id })).json();
    const rest = (await list({ limit: '2', cursor: first.next })).json();
    const ids = [...first.corrections, ...rest.corrections].map(({ commentId }: { commentId: string }) => commentId);
    expect([ids, rest.next]).toEqual([['1', '2', '3'], null]);
    expect((await list({ account: '99' })).json().corrections).toEqual([]);
    const wrong = [{ limit: '501' }, { cursor: 'x' }, { page: '2' }, { account: 'a b' }];
    const statuses = await Promise.all(wrong.map(async (query) => (await list(query)).statusCode));
    expect(statuses).toEqual([400, 400, 400, 400]);
  });
});
