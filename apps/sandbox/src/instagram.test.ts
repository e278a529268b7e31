import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bakeryAccount } from './bakery/account.js';
import { bakeryMedia } from './bakery/media.js';
import { TestSandbox } from './testing/test-sandbox.js';

const mediaId = bakeryMedia[0]?.id ?? '';

describe('the Graph API', () => {
  let sandbox: TestSandbox;
  beforeEach(async () => {
    sandbox = await TestSandbox.start();
  });
  afterEach(() => sandbox.app.close());

  it('lets nobody in without the right token', async () => {
    const url = '/instagram/v26.0/me';
    const wrong = await sandbox.app.inject({ url, headers: { authorization: 'Bearer wrong' } });
    expect(wrong.json()).toMatchObject({
      error: { code: 190, type: 'OAuthException', fbtrace_id: expect.any(String) },
    });
    expect((await sandbox.app.inject({ url })).json()).toMatchObject({ error: { code: 104 } });
    expect((await sandbox.app.inject({ url: `${url}?access_token=test-instagram-token` })).statusCode).toBe(200);
  });

  it('has two ids for the account', async () => {
    const { body } = await sandbox.graph('GET', '/me?fields=user_id,username,id');
    expect(body).toEqual({ id: bakeryAccount.appScopedId, user_id: bakeryAccount.id, username: 'warm.bread' });
  });

  it('reads a comment with the wanted fields, and knows no others', async () => {
    const id = await sandbox.comment('Hello', { username: 'anna', mediaId });
    const { body } = await sandbox.graph('GET', `/${id}?fields=id,text,from,hidden,media{id},timestamp,parent_id`);
    expect(body).toEqual({
      id,
      text: 'Hello',
      from: { id: expect.stringMatching(/^\d{17}$/), username: 'anna' },
      hidden: false,
      media: { id: mediaId },
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000$/),
    });
    expect((await sandbox.graph('GET', `/${id}?fields=secret`)).body).toMatchObject({ error: { code: 100 } });
    expect(id).toMatch(/^\d{17}$/);
  });

  it('reads a post with its children, but no account of an unknown one', async () => {
    const carousel = bakeryMedia.find(({ type }) => type === 'CAROUSEL_ALBUM')?.id;
    const { body } = await sandbox.graph('GET', `/${carousel}?fields=caption,media_type,permalink,children{media_url}`);
    expect(body).toMatchObject({ media_type: 'CAROUSEL_ALBUM', children: { data: [{}, {}, {}] } });
    const { status, body: unknown } = await sandbox.graph('GET', '/17999999999999999?fields=caption');
    expect({ status, unknown }).toMatchObject({ status: 400, unknown: { error: { code: 100, error_subcode: 33 } } });
  });

  it('publishes a reply trimmed, in the thread of the top-level comment', async () => {
    const top = await sandbox.comment('How much?');
    const inner = await sandbox.comment('and delivery?', { parentId: top });
    const { body } = await sandbox.graph('POST', `/${inner}/replies`, { message: '  250 ₽\n' });
    const { body: listed } = await sandbox.graph('GET', `/${top}/replies?fields=id,text,from,parent_id`);
    expect(listed['data']).toEqual([
      expect.objectContaining({ id: inner }),
      { id: body['id'], text: '250 ₽', from: { id: bakeryAccount.id, username: 'warm.bread' }, parent_id: top },
    ]);
  });

  it('takes the message from a form, JSON or the query', async () => {
    const id = await sandbox.comment('Hi');
    const headers = { authorization: 'Bearer test-instagram-token' };
    const url = `/instagram/v26.0/${id}/replies`;
    await sandbox.app.inject({ method: 'POST', url, headers, payload: { message: 'as JSON' } });
    await sandbox.app.inject({ method: 'POST', url: `${url}?message=in+the+query`, headers });
    const { body } = await sandbox.graph('GET', `/${id}/replies`);
    expect(body['data']).toMatchObject([{ text: 'as JSON' }, { text: 'in the query' }]);
  });

  it('creates a comment although it refuses the fields parameter', async () => {
    const id = await sandbox.comment('Hi');
    const { status, body } = await sandbox.graph('POST', `/${id}/replies`, { message: 'Hello', fields: 'id' });
    expect({ status, body }).toMatchObject({ status: 400, body: { error: { code: 20, error_subcode: 1_772_107 } } });
    expect((await sandbox.graph('GET', `/${id}/replies`)).body['data']).toHaveLength(1);
  });

  it.each([
    ['an empty message', {}, '   ', 100],
    ['a message beyond every limit', {}, 'x'.repeat(2201), 100],
    ['a comment on live video', { live: true }, 'Hello', 100],
  ])('refuses %s', async (_name, more, message, code) => {
    const id = await sandbox.comment('Hi', more);
    const { status, body } = await sandbox.graph('POST', `/${id}/replies`, { message });
    expect({ status, body }).toMatchObject({ status: 400, body: { error: { code } } });
    expect((await sandbox.graph('GET', `/${id}/replies`)).body['data']).toHaveLength(0);
  });

  it('refuses a reply to a hidden comment until it is shown again', async () => {
    const id = await sandbox.comment('Rude');
    expect((await sandbox.graph('POST', `/${id}?hide=true`)).body).toEqual({ success: true });
    expect((await sandbox.graph('GET', `/${id}?fields=hidden`)).body).toMatchObject({ hidden: true });
    expect((await sandbox.graph('POST', `/${id}/replies`, { message: 'Hello' })).status).toBe(400);
    await sandbox.graph('POST', `/${id}?hide=false`);
    expect((await sandbox.graph('POST', `/${id}/replies`, { message: 'Hello' })).status).toBe(200);
  });

  it('keeps the account’s own comments visible', async () => {
    const id = await sandbox.comment('Hi');
    const { body } = await sandbox.graph('POST', `/${id}/replies`, { message: 'Hello' });
    await sandbox.graph('POST', `/${String(body['id'])}?hide=true`);
    expect((await sandbox.graph('GET', `/${String(body['id'])}?fields=hidden`)).body).toMatchObject({ hidden: false });
  });

  it('knows nothing of a deleted comment', async () => {
    const id = await sandbox.comment('Hi');
    expect((await sandbox.graph('DELETE', `/${id}`)).status).toBe(200);
    for (const [method, path] of [
      ['GET', `/${id}`],
      ['GET', `/${id}/replies`],
      ['POST', `/${id}/replies?message=x`],
      ['POST', `/${id}?hide=true`],
      ['DELETE', `/${id}`],
    ] as const) {
      expect((await sandbox.graph(method, path)).body).toMatchObject({ error: { code: 100, error_subcode: 33 } });
    }
  });

  it('lists replies page by page', async () => {
    const id = await sandbox.comment('Hi');
    for (const message of ['1', '2', '3']) await sandbox.graph('POST', `/${id}/replies`, { message });
    const first = await sandbox.graph('GET', `/${id}/replies?limit=2`);
    expect(first.body).toMatchObject({ data: [{ text: '1' }, { text: '2' }], paging: { next: expect.any(String) } });
    const after = /after=([^&]+)/.exec(JSON.stringify(first.body['paging']).replaceAll('"', '&'))?.[1];
    const second = await sandbox.graph('GET', `/${id}/replies?limit=2&after=${after}`);
    expect(second.body).toMatchObject({ data: [{ text: '3' }] });
    expect(second.body['paging']).not.toHaveProperty('next');
    expect(JSON.stringify(first.body)).not.toContain('test-instagram-token');
  });

  it('lists the account’s posts, newest first, with how many comments and replies each has', async () => {
    const id = await sandbox.comment('Hi', { mediaId });
    await sandbox.graph('POST', `/${id}/replies`, { message: 'Hello' });
    await sandbox.comment('on air', { mediaId, live: true });
    const { body } = await sandbox.graph('GET', '/me/media?fields=id,comments_count,timestamp&limit=2');
    expect(body).toMatchObject({
      data: [{ id: mediaId, comments_count: 2 }, { comments_count: 0 }],
      paging: { next: expect.any(String) },
    });
  });

  it('lists comments newest first, whoever wrote them when, with a first page of replies each', async () => {
    const top = await sandbox.comment('now', { mediaId });
    const older = await sandbox.comment('an hour ago', { mediaId, minutesAgo: 60, deliver: false });
    for (let count = 0; count < 30; count += 1) await sandbox.comment(`voice ${count}`, { parentId: top });
    const { body } = await sandbox.graph('GET', `/${mediaId}/comments?fields=id,replies{id,text}`);
    expect(body['data']).toMatchObject([
      { id: top, replies: { data: { length: 25 }, paging: { next: expect.stringContaining(`/${top}/replies?`) } } },
      { id: older },
    ]);
  });

  it('extends a token that is a day old, and lets the new one in beside the old one', async () => {
    const refresh = '/refresh_access_token?grant_type=ig_refresh_token&access_token=test-instagram-token';
    const ask = async (): Promise<unknown> => (await sandbox.app.inject({ url: `/instagram${refresh}` })).json();
    expect(await ask()).toMatchObject({ error: { code: 100 } });
    await sandbox.control('POST', '/tokens', { ageHours: 25 });
    const { access_token: renewed } = z.object({ access_token: z.string(), expires_in: z.number() }).parse(await ask());
    const me = async (token: string): Promise<number> =>
      (await sandbox.app.inject({ url: `/instagram/v26.0/me?access_token=${token}` })).statusCode;
    expect([await me(renewed), await me('test-instagram-token')]).toEqual([200, 200]);
    await sandbox.control('POST', '/tokens', { accepted: false });
    expect([await me(renewed), await me('test-instagram-token')]).toEqual([200, 400]);
    await sandbox.control('POST', '/tokens', { token: 'another-token', expiresInDays: -1 });
    expect(await me('another-token')).toBe(400);
    expect(JSON.stringify(await sandbox.ledger('call=refresh-token'))).not.toContain('test-instagram-token');
  });

  it('says how much of the limits is used', async () => {
    const answer = await sandbox.app.inject({ url: '/instagram/v26.0/me?access_token=test-instagram-token' });
    expect(JSON.parse(String(answer.headers['x-app-usage']))).toMatchObject({ call_count: expect.any(Number) });
    expect(JSON.parse(String(answer.headers['x-business-use-case-usage']))).toMatchObject({
      [bakeryAccount.id]: [{ type: 'instagram', estimated_time_to_regain_access: 0 }],
    });
  });

  it('knows no other paths and no version without a number', async () => {
    expect((await sandbox.graph('GET', `/${mediaId}/insights`)).body).toMatchObject({ error: { code: 2500 } });
    const url = '/instagram/latest/me?access_token=test-instagram-token';
    expect((await sandbox.app.inject({ url })).json()).toMatchObject({ error: { code: 2500 } });
  });
});
