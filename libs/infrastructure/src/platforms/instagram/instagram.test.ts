import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AppError } from '#domain/shared/errors.js';
import { AccountId, CommentId, MediaId } from '#domain/shared/ids.js';
import { json, StubVendor, type VendorAnswer } from '../../../../../test/contracts/stub-vendor.js';
import type { PlatformLimits } from '../../resilience/platform-limits.js';
import { instagram } from './instagram.js';
import { InstagramApi } from './instagram-api.js';

const accountId = AccountId.parse('17841400000000001');
const commentId = CommentId.parse('17865799348089039');
const token = 'IGAA-very-secret-token';
let stub: StubVendor;
let platform: ReturnType<typeof instagram>;

const connect = (
  known: string | undefined,
  limits?: Pick<PlatformLimits, 'mayCall' | 'heard'>,
): ReturnType<typeof instagram> =>
  instagram(
    {
      baseUrl: `${stub.url}/instagram/`,
      version: 'v26.0',
      token,
      appSecrets: ['secret'],
      verifyToken: 'verify',
      accountId: known,
    },
    limits,
  );

beforeEach(async () => {
  stub = await StubVendor.start();
  platform = connect(accountId);
});
afterEach(async () => {
  await platform.close();
  stub.close();
});

/** The process stands still for so long, as everything that measures time sees it afterwards. */
function standStill(ms: number): void {
  const running = performance.now.bind(performance);
  Reflect.set(performance, 'now', () => running() + ms);
}

describe('a process that stood still before it could publish', () => {
  const before = performance.now.bind(performance);
  afterEach(() => {
    Reflect.set(performance, 'now', before);
  });
  const never = { kind: 'unavailable', detail: { failure: 'timeout-before-send' } };

  it('does not publish after it asked whether it may', async () => {
    const mayCall = async (): Promise<void> => await Promise.resolve(standStill(200_000));
    const watched = connect(accountId, { mayCall, heard: () => undefined });
    await expect(watched.replies.publish({ accountId, commentId, text: 'late' })).rejects.toMatchObject(never);
    expect(stub.calls).toEqual([]);
    await watched.close();
  });

  it('does not publish with the newer token after the old one was refused', async () => {
    const access = {
      current: async () => await Promise.resolve('old'),
      insteadOf: async () => {
        standStill(200_000);
        return await Promise.resolve('newer');
      },
    };
    const api = new InstagramApi({ baseUrl: stub.url, version: 'v26.0', token, access });
    stub.answer = json({ error: { code: 190 } }, 400);
    const late = api.publish({ what: 'publishing', path: ['1', 'replies'], form: { message: 'late' } }, z.unknown());
    await expect(late).rejects.toMatchObject(never);
    expect(stub.calls).toHaveLength(1);
    await api.close();
  });
});

const publish = (words = 'It costs 500 ₽ & up'): Promise<string> =>
  platform.replies.publish({ accountId, commentId, text: words });

describe('the limits of the platform', () => {
  it('are asked before a call and told after it, for the account, whatever the answer is', async () => {
    const told: string[] = [];
    const limits = {
      mayCall: async (of: string) => await Promise.resolve(void told.push(`may call ${of}`)),
      heard: (of: string, { percent }: { readonly percent: number }) => void told.push(`${of} at ${percent} %`),
    };
    const watched = connect(accountId, limits);
    stub.answer = json({ error: { code: 4 } }, 400, { 'x-app-usage': '{"call_count":97}' });
    await watched.moderation.hide({ accountId, commentId }).catch(() => undefined);
    expect(told).toEqual([`may call ${accountId}`, `${accountId} at 97 %`]);
    await watched.close();
  });

  it('keep a call from being made', async () => {
    const refusal = new AppError('rate-limited', 'wait');
    const watched = connect(accountId, { mayCall: async () => await Promise.reject(refusal), heard: () => undefined });
    await expect(watched.moderation.hide({ accountId, commentId })).rejects.toBe(refusal);
    expect(stub.calls).toEqual([]);
    await watched.close();
  });
});

describe('publishing a reply', () => {
  it('is one POST with the message and nothing else', async () => {
    stub.answer = json({ id: '17900000000000001' });
    await expect(publish()).resolves.toBe('17900000000000001');
    expect(stub.calls).toHaveLength(1);
    expect(stub.calls[0]).toMatchObject({
      method: 'POST',
      path: '/instagram/v26.0/17865799348089039/replies',
      query: {},
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect([...new URLSearchParams(stub.calls[0]?.body)]).toEqual([['message', 'It costs 500 ₽ & up']]);
  });

  it('keeps the digits of a reply id that comes as a number', async () => {
    stub.answer = (_, response) => response.end('{"id":17900000000000000001}');
    await expect(publish()).resolves.toBe('17900000000000000001');
  });

  it.each<[string, VendorAnswer]>([
    ['a success without an id', json({})],
    ['a success with an empty id', json({ id: '' })],
    ['a success that is no JSON', (_, response) => response.end('OK')],
    ['a success cut in half', (_, response) => response.end('{"id":"179')],
    ['an empty success', (_, response) => response.end()],
    ['a gateway page', (_, response) => response.writeHead(502).end('<html>Bad Gateway</html>')],
    ['code 2', json({ error: { code: 2, message: 'try later', is_transient: true } }, 500)],
    ['created, then refused', json({ error: { code: 20, error_subcode: 1772107, message: 'no' } }, 400)],
    ['a reset', (_, response) => response.destroy()],
  ])('is unclear after %s, and not repeated', async (_, ending) => {
    stub.answer = ending;
    await expect(publish()).rejects.toMatchObject({ kind: 'ambiguous' });
    expect(stub.calls).toHaveLength(1);
  });

  it('is clearly refused where Graph refuses, also inside a 200', async () => {
    const gone = { error: { code: 100, error_subcode: 33, message: 'missing' } };
    stub.answer = json(gone, 400);
    await expect(publish()).rejects.toMatchObject({ kind: 'gone' });
    stub.answer = json(gone);
    await expect(publish()).rejects.toMatchObject({ kind: 'gone' });
  });

  it('never shows the token, even when Graph repeats it', async () => {
    stub.answer = json({ error: { code: 190, message: `Malformed access token ${token}` } }, 400);
    const error: unknown = await publish().catch((caught: unknown) => caught);
    expect(error).toMatchObject({ kind: 'reconnect', detail: { message: 'Malformed access token [token]' } });
    expect(inspect(error, { depth: 10 })).not.toContain(token);
  });

  it('pauses after repeated failures without stopping reads', async () => {
    stub.answer = (_, response) => response.writeHead(500).end();
    for (let count = 0; count < 10; count += 1) await expect(publish()).rejects.toMatchObject({ kind: 'ambiguous' });
    await expect(publish()).rejects.toMatchObject({ kind: 'unavailable', detail: { circuit: 'open' } });
    expect(stub.calls).toHaveLength(10);
    stub.answer = json({ caption: 'cake' });
    await expect(platform.media.read({ accountId, mediaId: MediaId.parse('1') })).resolves.toMatchObject({
      caption: 'cake',
    });
    expect(platform.circuits().map(({ name, state }) => [name, state])).toEqual([
      ['instagram publish', 'open'],
      ['instagram message', 'closed'],
      ['instagram moderate', 'closed'],
      ['instagram read', 'closed'],
    ]);
  });
});

describe('looking for our replies in a thread', () => {
  const reply = (id: number, over: object = {}): object => ({
    id: String(id),
    text: ` reply ${id} `,
    timestamp: '2026-11-20T10:00:00+0000',
    username: 'guest',
    from: { id: '9', username: 'guest' },
    ...over,
  });
  const pages = (...all: object[][]): void => {
    stub.answer = (call, response) => {
      if (call.path.endsWith('/me')) return json({ user_id: accountId, username: 'warm.bread' })(call, response);
      const at = Number(call.query['after'] ?? 0);
      const next = at + 1 < all.length ? { next: `http://stub/next?access_token=x&after=${at + 1}` } : {};
      return json({ data: all[at], paging: { cursors: { after: String(at + 1) }, ...next } })(call, response);
    };
  };
  const ids = async (): Promise<string[]> =>
    (await platform.replies.listOurs({ accountId, topLevelId: commentId })).map(({ id }) => id);

  it('reads all pages and keeps ours, by account id or by name', async () => {
    pages(
      [reply(1), reply(2, { from: { id: accountId } })],
      [reply(3, { username: 'warm.bread', from: undefined })],
      [reply(4, { username: undefined, from: { id: '77', username: 'warm.bread' } }), reply(5)],
    );
    const ours = await platform.replies.listOurs({ accountId, topLevelId: commentId });
    expect(ours).toEqual([
      { id: '2', text: ' reply 2 ', at: new Date('2026-11-20T10:00:00Z') },
      { id: '3', text: ' reply 3 ', at: new Date('2026-11-20T10:00:00Z') },
      { id: '4', text: ' reply 4 ', at: new Date('2026-11-20T10:00:00Z') },
    ]);
    const listings = stub.calls.filter((call) => call.path.endsWith('/replies'));
    expect(listings.map((call) => call.query['after'])).toEqual([undefined, '1', '2']);
    expect(listings[0]?.query['fields']).toBe('id,text,timestamp,username,from');
  });

  it('goes on by the cursor when a server names no next page, and ends when nothing new comes', async () => {
    const full = Array.from({ length: 50 }, (_, index) => reply(index, { from: { id: accountId } }));
    stub.answer = (call, response) =>
      json(
        call.path.endsWith('/me')
          ? { user_id: accountId, username: 'warm.bread' }
          : { data: full, paging: { cursors: { after: 'again' } } },
      )(call, response);
    expect(await ids()).toHaveLength(50);
    expect(stub.calls.filter((call) => call.path.endsWith('/replies'))).toHaveLength(2);
  });

  it('fails rather than give half a list', async () => {
    let page = 0;
    stub.answer = (call, response) => {
      if (call.path.endsWith('/me')) return json({ user_id: accountId, username: 'warm.bread' })(call, response);
      page += 1;
      return json({ data: [reply(page)], paging: { next: `http://stub/?after=${page}` } })(call, response);
    };
    await expect(ids()).rejects.toMatchObject({ kind: 'unavailable' });
    expect(page).toBe(50);
  });

  it('takes a reply without a readable time for a new one', async () => {
    pages([reply(1, { from: { id: accountId }, timestamp: 'yesterday' })]);
    const before = Date.now();
    const [ours] = await platform.replies.listOurs({ accountId, topLevelId: commentId });
    expect(ours?.at.getTime()).toBeGreaterThanOrEqual(before);
  });

  it('does without the name when the server does not know /me, but waits when it may know it later', async () => {
    stub.answer = (call, response) =>
      call.path.endsWith('/me')
        ? json({ error: { code: 100, message: 'unknown path' } }, 400)(call, response)
        : json({ data: [reply(1, { from: { id: accountId } })] })(call, response);
    expect(await ids()).toEqual(['1']);
    stub.answer = json({ error: { code: 2 } }, 500);
    await expect(ids()).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('says when the thread is gone', async () => {
    stub.answer = json({ error: { code: 100, error_subcode: 33, message: 'missing' } }, 400);
    await expect(ids()).rejects.toMatchObject({ kind: 'gone' });
  });

  it('knows its own text again after Instagram has trimmed it', () => {
    const { asShown } = platform.replies;
    expect(asShown(' Hello,\r\n\n world \u00a0')).toBe(asShown('Hello,\nworld'));
    expect(asShown('cafe\u0301')).toBe(asShown('café'));
    expect(asShown('Hello, world')).not.toBe(asShown('Hello world'));
  });
});

describe('the other calls', () => {
  it('hides a comment', async () => {
    stub.answer = json({ success: true });
    await platform.moderation.hide({ accountId, commentId });
    expect(stub.calls[0]).toMatchObject({
      method: 'POST',
      path: '/instagram/v26.0/17865799348089039',
      query: { hide: 'true' },
      body: '',
    });
    stub.answer = json({ success: false });
    await expect(platform.moderation.hide({ accountId, commentId })).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('reads a post', async () => {
    const mediaId = MediaId.parse('18000000000000001');
    stub.answer = json({
      id: mediaId,
      caption: 'Honey cake\u0000',
      media_type: 'IMAGE',
      permalink: 'https://www.instagram.com/p/abc/',
      timestamp: '2026-11-20T10:00:00+0000',
      media_url: 'https://scontent.cdninstagram.com/v/1.jpg',
    });
    await expect(platform.media.read({ accountId, mediaId })).resolves.toEqual({
      pictures: [mediaId],
      id: mediaId,
      accountId,
      caption: 'Honey cake',
      type: 'IMAGE',
      permalink: 'https://www.instagram.com/p/abc/',
      postedAt: new Date('2026-11-20T10:00:00Z'),
    });
    stub.answer = json({ id: mediaId });
    await expect(platform.media.read({ accountId, mediaId })).resolves.toMatchObject({ caption: undefined });
  });

  it.each([undefined, '17841400000000021'])('notices a new name of the account (id configured: %s)', async (known) => {
    const own = connect(known);
    stub.answer = json({ user_id: '17841400000000021', username: 'warm.bread' });
    expect(await own.accounts.connected()).toMatchObject([{ username: 'warm.bread' }]);
    stub.answer = json({ user_id: '17841400000000021', username: 'warmer.bread' });
    expect(await own.accounts.connected()).toMatchObject([{ username: 'warmer.bread' }]);
    await own.close();
  });

  it('knows its account by user_id, not by id', async () => {
    platform = connect(undefined);
    stub.answer = json({ id: '26500000000000021', user_id: '17841400000000021', username: 'warm.bread' });
    const identity = { id: '17841400000000021', platform: 'instagram', username: 'warm.bread' };
    await expect(platform.accounts.connected()).resolves.toEqual([identity]);
    expect(stub.calls[0]).toMatchObject({ path: '/instagram/v26.0/me', query: { fields: 'user_id,username' } });
  });

  it('asks again after a failure, and refuses an answer without user_id', async () => {
    platform = connect(undefined);
    stub.answer = json({ id: '26500000000000021', username: 'warm.bread' });
    await expect(platform.accounts.connected()).rejects.toMatchObject({ kind: 'unavailable' });
    stub.answer = json({ user_id: '1', username: 'warm.bread' });
    await expect(platform.accounts.connected()).resolves.toHaveLength(1);
  });

  it('does not depend on the answer when the account is configured', async () => {
    stub.answer = (_, response) => response.destroy();
    await expect(platform.accounts.connected()).resolves.toEqual([
      { id: accountId, platform: 'instagram', username: accountId, access: 'untold' },
    ]);
  });

  // audit 31
  it('tells a dead token from a bad moment', async () => {
    stub.answer = json({ error: { type: 'OAuthException', code: 190, message: 'expired' } }, 400);
    await expect(platform.accounts.connected()).resolves.toMatchObject([{ id: accountId, access: 'refused' }]);
    platform = connect(undefined);
    await expect(platform.accounts.connected()).rejects.toMatchObject({ kind: 'reconnect' });
  });
});
