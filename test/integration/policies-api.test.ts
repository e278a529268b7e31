import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Plan } from '#domain/comments/triage.js';
import { initialSettings } from '#domain/policies/settings.js';
import { CommentId } from '#domain/shared/ids.js';
import { PostgresAccounts } from '#infrastructure/postgres/accounts.js';
import { PostgresComments } from '#infrastructure/postgres/comments.js';
import type { Database } from '#infrastructure/postgres/database.js';
import { PostgresIntake } from '#infrastructure/postgres/intake.js';
import { PostgresLeases } from '#infrastructure/postgres/leases.js';
import { startApi } from '../support/api.js';
import { account, delivery, incoming, openDatabase, verdictOf } from '../support/rows.js';
import { startDatabase, type TestService } from '../support/services.js';

let service: TestService;
let database: Database;
let api: NestFastifyApplication;
beforeAll(async () => {
  service = await startDatabase();
  database = await openDatabase(service.url);
  await new PostgresAccounts(database).connect(account);
  api = await startApi(service.url);
});
beforeEach(async () => {
  await database.query('TRUNCATE policies, takeovers, comments, deliveries, replies, moderations, alerts, decisions');
});
afterAll(async () => {
  await api.close();
  await database.close();
  await service.stop();
});

async function ask(
  method: 'GET' | 'PUT' | 'POST' | 'DELETE',
  path: string,
  payload?: object,
): Promise<{ status: number; body: unknown }> {
  const headers = { host: 'localhost:3000' };
  const answer = await api.inject({ method, url: `/api/v1/${path}`, headers, ...(payload && { payload }) });
  return { status: answer.statusCode, body: answer.body === '' ? undefined : answer.json() };
}

const here = `accounts/${account.id}`;
const post = '18000000000000001';
const delivered = { name: 'delivery', when: { words: ['delivery'] }, do: { reply: ['Daily until 8 pm.'] } };

describe('the policy of an account', () => {
  it('is the preset at first, and comes back as it was changed', async () => {
    expect(await ask('GET', `${here}/policy`)).toMatchObject({
      status: 200,
      body: { version: 0, settings: initialSettings, changedAt: null },
    });
    const settings = { ...initialSettings, preset: 'careful', timeZone: 'Europe/Berlin' };
    const put = await ask('PUT', `${here}/policy`, { version: 0, settings, note: 'New here' });
    expect(put).toMatchObject({ status: 200, body: { version: 1, settings, changedBy: 'operator', note: 'New here' } });
    expect((await ask('GET', `${here}/policy`)).body).toEqual(put.body);
  });

  it('is not overwritten by whoever has not seen the newest version', async () => {
    const body = { version: 0, settings: initialSettings };
    expect((await ask('PUT', `${here}/policy`, body)).status).toBe(200);
    expect(await ask('PUT', `${here}/policy`, body)).toMatchObject({
      status: 409,
      body: { detail: 'Version 1 is in force, not 0: read the policy again, then change it.' },
    });
    expect(await ask('PUT', `${here}/rules`, { version: 0, rules: [] })).toMatchObject({ status: 409 });
  });

  it('that contradicts itself is refused with the conflict named', async () => {
    const changes = { classes: { spam: { reply: 'auto', hide: 'auto' } } };
    expect(await ask('PUT', `${here}/policy`, { settings: { ...initialSettings, changes } })).toMatchObject({
      status: 422,
      body: {
        detail:
          'For the account, spam comments are answered and hidden by themselves: choose one of the two. (reply-and-hide)',
      },
    });
    expect(
      await ask('PUT', `${here}/rules`, { rules: [{ name: 'a', when: { pattern: '(' }, do: { ignore: true } }] }),
    ).toMatchObject({
      status: 422,
      body: { detail: 'The pattern of rule "a" cannot be used: missing closing ): `(`. (rule-pattern-broken)' },
    });
  });

  it.each([
    [{}, 'settings must be an object'],
    [{ settings: { ...initialSettings, preset: 'wild' } }, 'settings.preset: '],
    [{ settings: { ...initialSettings, color: 'red' } }, 'settings.color should not exist'],
    [
      { settings: { ...initialSettings, rules: [{ ...delivered, otherwise: {} }] } },
      'settings.rules.0.otherwise should not exist',
    ],
    [
      { settings: { ...initialSettings, rules: [{ ...delivered, when: { pattern: 'x'.repeat(201) } }] } },
      'rules.0.when.pattern: ',
    ],
    [{ settings: { ...initialSettings, rules: [{ ...delivered, name: '' }] } }, 'rules.0.name: '],
    [
      {
        settings: {
          ...initialSettings,
          rules: [{ ...delivered, do: { reply: Array.from({ length: 11 }, () => 'x') } }],
        },
      },
      'rules.0.do.reply: ',
    ],
    [{ settings: initialSettings, version: -1 }, 'version must not be less than 0'],
    [{ settings: initialSettings, extra: 1 }, 'property extra should not exist'],
  ])('of a wrong shape is refused with the field named: %j', async (body, said) => {
    const answer = await ask('PUT', `${here}/policy`, body);
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain(said);
  });

  it('differs under a post until that is taken back', async () => {
    const put = await ask('PUT', `${here}/policy/posts/${post}`, { changes: { atMost: { reply: 'draft' } } });
    expect(put).toMatchObject({ status: 200, body: { settings: { posts: [{ mediaId: post }] } } });
    await ask('PUT', `${here}/policy/posts/${post}`, { changes: { preset: 'classic' } });
    expect(await ask('GET', `${here}/policy`)).toMatchObject({
      body: { settings: { posts: [{ mediaId: post, changes: { preset: 'classic' } }] } },
    });
    expect(await ask('PUT', `${here}/policy/posts/${post}`, { changes: {} })).toMatchObject({ status: 422 });
    expect(await ask('DELETE', `${here}/policy/posts/${post}`)).toMatchObject({
      status: 200,
      body: { settings: { posts: [] } },
    });
    expect(await ask('DELETE', `${here}/policy/posts/${post}`)).toMatchObject({ status: 404 });
  });

  it('has a history, and a former version comes back as a new one', async () => {
    expect(await ask('GET', `${here}/policy/versions`)).toEqual({ status: 200, body: { versions: [], next: null } });
    await ask('PUT', `${here}/rules`, { rules: [delivered] });
    await ask('PUT', `${here}/rules`, { rules: [] });
    expect(await ask('GET', `${here}/policy/versions?limit=1`)).toMatchObject({
      body: { versions: [{ version: 2 }], next: 2 },
    });
    expect(await ask('GET', `${here}/policy/versions?before=2`)).toMatchObject({
      body: { versions: [{ version: 1 }], next: null },
    });
    expect(await ask('POST', `${here}/policy/versions/1/restore`, {})).toMatchObject({
      status: 200,
      body: { version: 3, note: 'version 1 again', settings: { rules: [delivered] } },
    });
    expect(await ask('POST', `${here}/policy/versions/9/restore`, {})).toMatchObject({ status: 404 });
    expect(await ask('POST', `${here}/policy/versions/one/restore`, {})).toMatchObject({ status: 404 });
  });

  it('of an account that is not connected is not there', async () => {
    for (const path of ['accounts/404/policy', 'accounts/404/policy/versions'])
      expect((await ask('GET', path)).status).toBe(404);
    expect((await ask('PUT', 'accounts/404/rules', { rules: [] })).status).toBe(404);
  });
});

describe('trying rules', () => {
  it('says which would decide and why, and does nothing', async () => {
    await ask('PUT', `${here}/rules`, { rules: [delivered] });
    expect(await ask('POST', `${here}/rules/try`, { text: 'Is DELIVERY free?' })).toEqual({
      status: 200,
      body: { rule: 'delivery', because: ['words "delivery"'], do: delivered.do },
    });
    expect(await ask('POST', `${here}/rules/try`, { text: 'Hi' })).toEqual({
      status: 200,
      body: { rule: null, because: [], do: null },
    });
    const rules = [{ name: 'friends', when: { authors: ['anna'], origin: 'ad' }, do: { allow: true } }];
    expect(await ask('POST', `${here}/rules/try`, { text: 'Hi', author: 'Anna', ad: true, rules })).toMatchObject({
      body: { rule: 'friends' },
    });
    expect(await ask('POST', `${here}/rules/try`, { text: 1 })).toMatchObject({ status: 400 });
    expect(await database.query('SELECT 1 FROM decisions')).toEqual([]);
  });
});

async function planned(id: string, plan: Partial<Plan>): Promise<void> {
  await new PostgresIntake(database).store(delivery([incoming(id)]));
  const claim = await new PostgresLeases(database, 'test').claim({ kind: 'comment', id: CommentId.parse(id) }, 30_000);
  if (claim.kind !== 'claimed') throw new Error('not claimed');
  const whole = { reply: 'none', hide: 'none', alert: false, decisions: [], ...plan } as const;
  await new PostgresComments(database).recordVerdict(claim.lease, verdictOf('spam'), whole, []);
}

// PO-6
describe('taking over', () => {
  it('a thread, and handing it back', async () => {
    await planned('1', {});
    expect(await ask('PUT', 'threads/1/takeover')).toMatchObject({
      status: 200,
      body: { scope: 'thread', id: '1', accountId: account.id, by: 'operator' },
    });
    expect(await ask('GET', 'takeovers')).toMatchObject({ body: { takeovers: [{ id: '1' }], next: null } });
    expect((await ask('DELETE', 'threads/1/takeover')).status).toBe(204);
    expect((await ask('DELETE', 'threads/1/takeover')).status).toBe(404);
    expect((await ask('PUT', 'threads/404/takeover')).status).toBe(404);
    expect(await ask('GET', 'takeovers')).toEqual({ status: 200, body: { takeovers: [], next: null } });
  });

  it('a post, and handing it back', async () => {
    expect(await ask('PUT', `posts/${post}/mute`, { account: account.id })).toMatchObject({
      status: 200,
      body: { scope: 'post', id: post },
    });
    expect((await ask('PUT', `posts/${post}/mute`, { account: '404' })).status).toBe(404);
    expect((await ask('PUT', `posts/${post}/mute`, {})).status).toBe(400);
    expect([
      (await ask('DELETE', `posts/${post}/mute`)).status,
      (await ask('DELETE', `posts/${post}/mute`)).status,
    ]).toEqual([204, 404]);
  });

  it('happens by what an operator does in the thread', async () => {
    await planned('1', {});
    expect((await ask('POST', 'comments/1/moderations', { action: 'hide' })).status).toBe(202);
    expect(await ask('GET', 'takeovers')).toMatchObject({ body: { takeovers: [{ id: '1', by: 'operator' }] } });
  });
});

describe('what waits for a person', () => {
  interface Listed {
    readonly suggestions: readonly { readonly id: string; readonly kind: string; readonly commentId: string }[];
    readonly next: string | null;
  }
  async function list(query = ''): Promise<Listed> {
    return (await ask('GET', `suggestions${query}`)).body as Listed; // the shape is what the test looks at
  }
  const outcome = async (id: string): Promise<unknown> =>
    (await new PostgresComments(database).find(CommentId.parse(id)))?.outcome;
  const reasons = async (): Promise<unknown> =>
    (await database.query<{ reason: string }>(`SELECT reason FROM decisions WHERE actor = 'operator'`)).map(
      ({ reason }) => reason,
    );

  it('is listed page by page, of one account when wished', async () => {
    expect(await list()).toEqual({ suggestions: [], next: null });
    await planned('1', { hide: 'suggest' });
    await planned('2', { reply: 'person', replyText: 'Perhaps this?' });
    await planned('3', { hide: 'suggest' });
    const first = await list('?limit=2');
    expect(first.suggestions).toMatchObject([
      { kind: 'hide', commentId: '3', class: 'spam', draft: null },
      { kind: 'reply', commentId: '2', draft: 'Perhaps this?' },
    ]);
    expect((await list(`?limit=2&cursor=${first.next}`)).suggestions).toMatchObject([{ commentId: '1' }]);
    expect((await list(`?account=${account.id}`)).suggestions).toHaveLength(3);
    expect((await list('?account=404')).suggestions).toEqual([]);
    expect((await ask('GET', 'suggestions?cursor=x')).status).toBe(400);
  });

  it('is hidden when accepted, once', async () => {
    await planned('1', { hide: 'suggest' });
    const [{ id } = { id: '' }] = (await list()).suggestions;
    expect(await ask('POST', `suggestions/${id}/accept`)).toEqual({ status: 202, body: { commentId: '1' } });
    expect(await database.query('SELECT state, actor, due_at IS NOT NULL AS due FROM moderations')).toEqual([
      { state: 'due', actor: 'operator', due: true },
    ]);
    expect((await ask('POST', `suggestions/${id}/accept`)).status).toBe(409);
    expect((await ask('POST', `suggestions/${id}/dismiss`)).status).toBe(409);
    expect(await reasons()).toEqual(['hide-accepted']);
  });

  it('stays visible when dismissed, and waits no longer', async () => {
    await planned('1', { hide: 'suggest' });
    expect(await outcome('1')).toBe('waiting');
    const [{ id } = { id: '' }] = (await list()).suggestions;
    expect(await ask('POST', `suggestions/${id}/dismiss`)).toEqual({ status: 200, body: { commentId: '1' } });
    expect(await outcome('1')).toBe('left-alone');
    expect(await reasons()).toEqual(['hide-dismissed']);
    expect((await ask('POST', 'suggestions/404/dismiss')).status).toBe(404);
  });
});
