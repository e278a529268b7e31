import { createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InstagramWebhook } from './webhook.js';

const secret = 'app-secret';
const webhook = new InstagramWebhook({ appSecrets: [secret, 'older-secret'], verifyToken: 'our-token' });
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const parse = (payload: unknown): ReturnType<InstagramWebhook['parse']> =>
  webhook.parse(bytes(typeof payload === 'string' ? payload : JSON.stringify(payload)));
const signed = (body: Uint8Array, key = secret): string =>
  `sha256=${createHmac('sha256', key).update(body).digest('hex')}`;

const value = {
  id: '17865799348089039',
  text: 'How much is the honey cake?',
  from: { id: '232323232', username: 'anna' },
  media: { id: '18000000000000001', media_product_type: 'FEED' },
};
const delivery = (...changes: unknown[]): unknown => ({
  object: 'instagram',
  entry: [{ id: '17841400000000001', time: 1770000000, changes }],
});
const comment = (over: object = {}): unknown => ({ field: 'comments', value: { ...value, ...over } });
const read = {
  id: '17865799348089039',
  accountId: '17841400000000001',
  mediaId: '18000000000000001',
  parentId: undefined,
  authorId: '232323232',
  username: 'anna',
  text: 'How much is the honey cake?',
  mediaKind: 'FEED',
  adId: undefined,
};

describe('our own comment', () => {
  // audit 21
  it('is recognised by the id that only own comments carry, whatever scope the other id is of', () => {
    const own = { from: { id: '26500000000000021', username: 'brand', self_ig_scoped_id: '10570000000000021' } };
    expect(parse(delivery(comment(own))).comments).toMatchObject([{ authorId: '17841400000000001' }]);
    expect(parse(delivery(comment())).comments).toMatchObject([{ authorId: '232323232' }]);
  });
});

describe('the handshake', () => {
  const query = { 'hub.mode': 'subscribe', 'hub.challenge': '1158201444', 'hub.verify_token': 'our-token' };

  it('echoes the challenge to whoever knows the token', () => {
    expect(webhook.handshake(query)).toEqual({ kind: 'accepted', challenge: '1158201444' });
  });

  it.each([
    { ...query, 'hub.verify_token': 'guess' },
    { ...query, 'hub.verify_token': 'our-token ' },
    { ...query, 'hub.verify_token': ['our-token', 'our-token'] },
    { ...query, 'hub.challenge': ['1', '2'] },
    { ...query, 'hub.mode': 'unsubscribe' },
  ])('refuses a wrong token, mode or repeated parameter: %j', (wrong) => {
    expect(webhook.handshake(wrong)).toEqual({ kind: 'refused' });
  });

  it('names the parameters that are missing', () => {
    expect(webhook.handshake({ 'hub.mode': 'subscribe', 'hub.challenge': '' })).toEqual({
      kind: 'incomplete',
      missing: ['hub.verify_token', 'hub.challenge'],
    });
  });

  it('accepts nobody while no token is set', () => {
    const open = new InstagramWebhook({ appSecrets: [secret], verifyToken: '' });
    expect(open.handshake({ ...query, 'hub.verify_token': 'x' })).toEqual({ kind: 'refused' });
  });
});

describe('the signature', () => {
  it.each([
    String.raw`{"text":"caf\u00e9"}`,
    String.raw`{"text":"\ud83c\udf70\ud83d\udc68\u200d\ud83d\udc69"}`,
    String.raw`{"url":"https:\/\/example.com\/a"}`,
    '{"text":"раз 🍰"}',
    '',
  ])('holds for the very bytes that were sent: %s', (text) => {
    const body = bytes(text);
    expect(webhook.signedBy(body, signed(body))).toBe(true);
    expect(webhook.signedBy(body, signed(body, 'older-secret'))).toBe(true);
  });

  it('does not hold for the same text written in another way', () => {
    const sent = bytes(String.raw`{"text":"caf\u00e9"}`);
    expect(webhook.signedBy(bytes(JSON.stringify({ text: 'café' })), signed(sent))).toBe(false);
  });

  const body = bytes('{"a":1}');
  const good = signed(body);
  const hex = good.slice('sha256='.length);
  it.each([
    ['missing', undefined],
    ['empty', ''],
    ['without its name', hex],
    ['in capitals', `sha256=${hex.toUpperCase()}`],
    ['with the name in capitals', `SHA256=${hex}`],
    ['cut short', good.slice(0, -1)],
    ['too long', `${good}0`],
    ['followed by a line break', `${good}\n`],
    ['sent twice', [good, good]],
    ['a list of one', [good]],
    ['joined from two headers', `${good}, ${good}`],
    ['SHA-1', `sha1=${createHmac('sha1', secret).update(body).digest('hex')}`],
    ['of another secret', signed(body, 'guess')],
    ['of an empty secret', signed(body, '')],
    ['of other bytes', signed(bytes('{"a":2}'))],
  ])('is refused when it is %s', (_, header) => {
    expect(new InstagramWebhook({ appSecrets: [secret, ''], verifyToken: 't' }).signedBy(body, header)).toBe(false);
  });
});

describe('reading a delivery', () => {
  it('reads a comment as the reference describes it', () => {
    expect(parse(delivery(comment()))).toEqual({ comments: [read], quarantined: [], counted: {} });
  });

  it.each([
    ['a list around it', [delivery(comment())]],
    ['field and value inline', { object: 'instagram', entry: [{ id: read.accountId, field: 'comments', value }] }],
    ['both at once', [{ object: 'instagram', entry: [{ id: read.accountId, time: 1, field: 'comments', value }] }]],
    ['a list of entries without an envelope', [{ id: read.accountId, time: 1, field: 'comments', value }]],
    ['comment_id instead of id', delivery(comment({ id: undefined, comment_id: value.id }))],
    ['no object name', { entry: [{ id: read.accountId, changes: [comment()] }] }],
    ['fields nobody knows', delivery(comment({ mood: { deep: [1] }, ['__proto__']: 1 }))],
    ['the verb add', delivery(comment({ verb: 'add' }))],
  ])('understands %s', (_, payload) => {
    expect(parse(payload)).toEqual({ comments: [read], quarantined: [], counted: {} });
  });

  it('reads the printed example of the test button: text ids, small numbers, account "0"', () => {
    const payload =
      '[{"entry":[{"id":"0","time":1773000000,"changes":[{"field":"comments","value":{"from":{"id":232323232,"username":"test"},' +
      '"media":{"id":"123123123","media_product_type":"FEED"},"id":17865799348089039,"parent_id":"1231231234","text":"This is an example."}}]}],"object":"instagram"}]';
    expect(parse(payload).comments).toEqual([
      {
        ...read,
        accountId: '0',
        mediaId: '123123123',
        parentId: '1231231234',
        username: 'test',
        text: 'This is an example.',
      },
    ]);
  });

  it('keeps every digit of ids beyond 2^53', () => {
    const payload =
      '{"object":"instagram","entry":[{"id":17841400000000012345,"changes":[{"field":"comments","value":{"id":99999999999999999999,"text":"99999999999999999999"}}]}]}';
    expect(parse(payload).comments[0]).toMatchObject({
      id: '99999999999999999999',
      accountId: '17841400000000012345',
      text: '99999999999999999999',
    });
  });

  it('takes a sticker, an unknown author and an unknown post for what they are', () => {
    const bare = { text: undefined, mediaId: undefined, authorId: undefined, username: undefined };
    const { comments } = parse(delivery({ field: 'comments', value: { id: '1' } }));
    expect(comments).toEqual([{ ...read, ...bare, id: '1', text: '', mediaKind: undefined }]);
    const { comments: nulls } = parse(
      delivery({ field: 'comments', value: { id: '1', text: null, from: null, media: null, parent_id: '' } }),
    );
    expect(nulls).toEqual(comments);
  });

  it('files a comment on an ad under the original post', () => {
    const media = { id: '18000000000000009', ad_id: '120', original_media_id: '18000000000000001' };
    expect(parse(delivery(comment({ media }))).comments[0]).toMatchObject({
      mediaId: '18000000000000001',
      adId: '120',
    });
  });

  it('keeps long, right-to-left and composed text, and repairs what PostgreSQL cannot hold', () => {
    const long = 'д'.repeat(10_000);
    const composed = 'שלום \u202e 👨‍👩‍👧';
    const { comments, quarantined } = parse(
      String.raw`{"entry":[{"id":"1","changes":[{"field":"comments","value":{"id":"1","text":"a\u0000b\ud83cc","from":{"id":"2","username":"\udf70"}}}]}]}`,
    );
    expect(quarantined).toEqual([]);
    expect(comments[0]).toMatchObject({ text: 'ab\uFFFDc', username: '\uFFFD' });
    const texts = parse(delivery(comment({ text: long }), comment({ text: composed }))).comments.map(
      ({ text }) => text,
    );
    expect(texts).toEqual([long, composed]);
  });

  // AN-9
  it('knows a comment of a live broadcast as one', () => {
    const { comments, counted } = parse(delivery({ field: 'live_comments', value }));
    expect(comments).toEqual([{ ...read, mediaKind: 'LIVE' }]);
    expect(counted).toEqual({});
  });

  it('counts by name what has no feature yet', () => {
    const entry = [
      {
        id: '1',
        changes: [
          { field: 'live_comments', value: { ...value, verb: 'remove' } },
          { field: 'mentions', value: { media_id: '1' } },
          { field: 'mentions' },
          { field: 'story_insights', value: {} },
          { field: 'comments', value: { ...value, verb: 'remove' } },
          { field: '__proto__', value: 1 },
        ],
      },
      { id: '1', messaging: [{}, {}] },
      { id: '1', standby: [{}] },
    ];
    const { comments, quarantined, counted } = parse({ object: 'instagram', entry });
    expect({ comments, quarantined }).toEqual({ comments: [], quarantined: [] });
    expect(Object.entries(counted)).toEqual([
      ['live_comments:remove', 1],
      ['mentions', 2],
      ['story_insights', 1],
      ['comments:remove', 1],
      ['__proto__', 1],
      ['messaging', 2],
      ['standby', 1],
    ]);
    expect(Object.getPrototypeOf(counted)).toBe(Object.prototype);
    expect(parse({ object: 'page', entry: [{ id: '1', changes: [comment()] }] }).counted).toEqual({ 'object:page': 1 });
  });

  it('does not let a stranger fill the counters', () => {
    const changes = Array.from({ length: 500 }, (_, index) => ({ field: `${index}-${'x'.repeat(100)}` }));
    const { counted } = parse(delivery(...changes));
    expect(Object.keys(counted)).toHaveLength(51);
    expect(counted['other']).toBe(450);
    expect(Math.max(...Object.keys(counted).map((name) => name.length))).toBe(64);
  });

  const deep = JSON.parse(`${'['.repeat(1_000)}${']'.repeat(1_000)}`);
  it.each([
    ['without an id', comment({ id: undefined }), 'no id'],
    ['with an id that is no id', comment({ id: { $gt: '' } }), 'id'],
    ['with an id that would leave its URL', comment({ id: '../me' }), 'not usable as an id'],
    ['with an id too long to be one', comment({ id: '1'.repeat(65) }), 'not usable as an id'],
    ['with a fractional id', comment({ id: 1.5 }), 'id'],
    ['whose text is a number', comment({ text: 7 }), 'text'],
    ['whose author is a word', comment({ from: 'anna' }), 'from'],
    ['whose post is a list', comment({ media: [] }), 'media'],
    ['that is a word', { field: 'comments', value: 'hello' }, 'expected object'],
    ['that is missing', { field: 'comments' }, 'expected object'],
    ['nested too deeply', comment({ extra: deep }), 'deeper'],
    ['in a change without a field', { value }, 'no field'],
    ['in a change that is nothing', null, 'no field'],
  ])('puts a comment %s aside and keeps its neighbours', (_, bad, reason) => {
    const { comments, quarantined } = parse(delivery(comment({ id: '1' }), bad, comment({ id: '2' })));
    expect(comments.map(({ id }) => id)).toEqual(['1', '2']);
    expect(quarantined).toEqual([{ path: 'entry[0].changes[1]', reason: expect.stringContaining(reason) }]);
  });

  it.each([
    ['nothing', '', '$'],
    ['no JSON', 'hello', '$'],
    ['JSON that was cut', JSON.stringify(delivery(comment())).slice(0, -3), '$'],
    ['a number', '7', '$'],
    ['null', 'null', '$'],
    ['no entry', '{"object":"instagram"}', '$'],
    ['an entry that is a word', '{"object":"instagram","entry":"x"}', '$'],
    ['an entry that is empty', '{"object":"instagram","entry":[{"id":"1"}]}', 'entry[0]'],
    ['an entry that is null', '{"object":"instagram","entry":[null]}', 'entry[0]'],
    ['changes that are no list', '{"entry":[{"id":"1","changes":{}}]}', 'entry[0].changes'],
    ['an account that is no account', JSON.stringify({ entry: [{ changes: [comment()] }] }), 'entry[0].changes[0]'],
    ['a list of words', '["x"]', '[0]'],
    ['half a million brackets', '['.repeat(500_000), '$'],
    ['ten thousand closed brackets', '['.repeat(10_000) + ']'.repeat(10_000), '[0]'],
  ])('puts %s aside', (_, payload, path) => {
    const { comments, quarantined } = parse(payload);
    expect(comments).toEqual([]);
    expect(quarantined.map((item) => item.path)).toEqual([path]);
  });

  it('reads a thousand comments and more in one delivery', () => {
    const many = Array.from({ length: 1_500 }, (_, index) => comment({ id: String(index) }));
    expect(parse(delivery(...many)).comments).toHaveLength(1_500);
  });
});

describe('anything that a network can bring', () => {
  it('never throws, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (body) => {
        expect(webhook.parse(body).comments).toEqual([]);
        expect(webhook.signedBy(body, 'sha256=')).toBe(false);
      }),
    );
  });

  it('never throws on damaged deliveries', () => {
    const whole = bytes(JSON.stringify([delivery(comment({ text: 'é🍰' }), comment({ id: 17 }))]));
    const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 8 });
    fc.assert(
      fc.property(damage, fc.nat(whole.length), (hits, length) => {
        const body = whole.slice(0, length === 0 ? whole.length : length);
        for (const [at, byte] of hits) if (at < body.length) body[at] = byte;
        const { comments, quarantined } = webhook.parse(body);
        expect(comments.length + quarantined.length).toBeLessThanOrEqual(2);
      }),
      { numRuns: 500 },
    );
  });

  it('never loses a valid comment to its neighbours', () => {
    const junk = fc.oneof(
      fc.jsonValue(),
      fc.record({ field: fc.constantFrom('comments', 'mentions', '__proto__', ''), value: fc.jsonValue() }),
      fc
        .dictionary(fc.constantFrom('id', 'text', 'from', 'media', 'parent_id', 'verb', '__proto__'), fc.jsonValue())
        .map((odd) => ({ field: 'comments', value: odd })),
    );
    fc.assert(
      fc.property(fc.array(junk, { maxLength: 6 }), fc.array(junk, { maxLength: 6 }), (before, after) => {
        const { comments } = parse(delivery(...before, comment({ id: 'kept' }), ...after));
        expect(comments).toContainEqual({ ...read, id: 'kept' });
      }),
      { numRuns: 300 },
    );
  });
});
