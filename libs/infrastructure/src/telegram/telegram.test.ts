import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AlertContent } from '#domain/notifications/alert.js';
import type { IncidentNotice } from '#domain/notifications/incident-telling.js';
import { backlogFigures, incidentKinds, type Incident } from '#domain/notifications/incidents.js';
import type { ErrorKind } from '#domain/shared/errors.js';
import { AccountId, CommentId, MediaId } from '#domain/shared/ids.js';
import { json, StubVendor, type VendorAnswer } from '../../../../test/contracts/stub-vendor.js';
import { alertHtml, alertText } from './alert-message.js';
import { incidentHtml, incidentText } from './incident-message.js';
import { TelegramApi } from './telegram-api.js';
import { NoNotifier, TelegramNotifier } from './telegram-notifier.js';

const token = '123456:very-secret-token';
/** How much may be written is tested where it is counted. */
const unlimited: ConstructorParameters<typeof TelegramNotifier>[2] = {
  write: async (_chatId, send) => await send(),
};
const accountId = AccountId.parse('17841400000000001');
let stub: StubVendor;
let api: TelegramApi;
let notifier: TelegramNotifier;

beforeEach(async () => {
  stub = await StubVendor.start();
  api = new TelegramApi({ baseUrl: `${stub.url}/telegram/`, token });
  notifier = new TelegramNotifier(api, { chatId: '-100200', alertsThreadId: 7, logsThreadId: undefined }, unlimited);
});
afterEach(async () => {
  await api.close();
  stub.close();
});

const comment = (over: Partial<AlertContent['comment']> = {}): AlertContent['comment'] => ({
  id: CommentId.parse('1'),
  accountId,
  mediaId: MediaId.parse('2'),
  parentId: undefined,
  authorId: '3',
  username: 'anna',
  text: 'Where is my <b>cake</b> & tea?',
  mediaKind: 'FEED',
  adId: undefined,
  stage: 'acting',
  receivedAt: new Date(0),
  verdict: {
    class: 'urgent',
    confidence: 96,
    reason: 'The order is missing.',
    language: 'en',
    model: 'm',
    promptVersion: 'p',
  },
  hidden: false,
  outcome: undefined,
  ...over,
});
const content = (over: Partial<AlertContent> = {}): AlertContent => ({
  comment: comment(),
  media: {
    id: MediaId.parse('2'),
    accountId,
    caption: 'Honey cake\nsecond line',
    type: 'IMAGE',
    permalink: 'https://www.instagram.com/p/abc/?a="1"&b=<2>',
    postedAt: undefined,
  },
  draft: { text: 'We are sorry <3', why: 'The policy wants a person to decide.' },
  parked: undefined,
  suggestsHiding: true,
  maybeRepeated: false,
  ...over,
});
const notice = (over: Partial<IncidentNotice> = {}, detail: Incident['detail'] = {}): IncidentNotice => ({
  incident: {
    id: '1',
    kind: 'upstream-away',
    subject: 'openai',
    detail,
    openedAt: new Date('2026-11-20T10:00:00Z'),
    closedAt: new Date('2026-11-20T10:12:00Z'),
  },
  stage: 'began',
  maybeRepeated: false,
  epoch: 1,
  ...over,
});
const ok = json({ ok: true, result: { message_id: 42 } });
const refusal = (description: string, status = 400, parameters?: object): VendorAnswer =>
  json({ ok: false, error_code: status, description, ...(parameters && { parameters }) }, status);
const inTurn = (...answers: VendorAnswer[]): VendorAnswer => {
  return (call, response) => answers[Math.min(stub.calls.length, answers.length) - 1]?.(call, response);
};
const sent = (index: number): Record<string, unknown> => JSON.parse(stub.calls[index]?.body ?? '{}');

describe('the alert', () => {
  it('shows what a person needs to decide, escaped', () => {
    expect(alertHtml(content())).toBe(
      [
        '🔴 <b>urgent issue / complaint</b> · 96 %',
        '<i>The order is missing.</i>',
        '',
        '<b>@anna</b> under <a href="https://www.instagram.com/p/abc/?a=%221%22&amp;b=%3C2%3E">Honey cake</a>',
        '<blockquote>Where is my &lt;b&gt;cake&lt;/b&gt; &amp; tea?</blockquote>',
        '<b>Draft</b>: The policy wants a person to decide.',
        '<blockquote>We are sorry &lt;3</blockquote>',
        'Suggestion: hide this comment.',
      ].join('\n'),
    );
  });

  it('says the same without markup', () => {
    expect(alertText(content())).toBe(
      [
        '🔴 urgent issue / complaint · 96 %',
        'The order is missing.',
        '',
        '@anna under Honey cake https://www.instagram.com/p/abc/?a=%221%22&b=%3C2%3E',
        'Where is my <b>cake</b> & tea?',
        'Draft: The policy wants a person to decide.',
        'We are sorry <3',
        'Suggestion: hide this comment.',
      ].join('\n'),
    );
  });

  it('does without what is not known', () => {
    const bare = content({
      comment: comment({ username: undefined, text: '', verdict: undefined }),
      media: undefined,
      draft: { text: undefined, why: 'Nothing in the knowledge fits.' },
      parked: undefined,
      suggestsHiding: false,
      maybeRepeated: true,
    });
    expect(alertHtml(bare)).toBe(
      [
        '<b>A comment needs a look</b>',
        '',
        '<b>@unknown</b>',
        '<blockquote>(no text: a sticker or GIF)</blockquote>',
        '<b>No draft</b>: Nothing in the knowledge fits.',
        '<i>You may have seen this already: an earlier try was interrupted.</i>',
      ].join('\n'),
    );
  });

  it('links only to the web', () => {
    const media = { ...content().media, id: MediaId.parse('2'), accountId, permalink: 'javascript:alert(1)' };
    const known = { caption: undefined, type: undefined, postedAt: undefined };
    expect(alertHtml(content({ media: { ...media, ...known } }))).toContain('<b>@anna</b> under a post\n');
  });

  it('fits into one message whatever is in it, with no half emoji and no half entity', () => {
    const words = fc.string({
      unit: fc.constantFrom('<', '&', '>', '"', '🍰', 'д', ' ', '\n'),
      maxLength: 12_000,
      size: 'max',
    });
    fc.assert(
      fc.property(words, words, words, (first, second, third) => {
        const full = content({
          comment: comment({ text: first, username: second, verdict: { ...verdictOf(), reason: third } }),
          media: {
            id: MediaId.parse('2'),
            accountId,
            caption: third,
            type: 'IMAGE',
            permalink: `https://www.instagram.com/p/${'a'.repeat(270)}`,
            postedAt: undefined,
          },
          draft: { text: second, why: first },
          maybeRepeated: true,
        });
        const html = alertHtml(full);
        const shown = html.replaceAll(/<[^>]*>/g, '').replaceAll(/&(?:amp|lt|gt);/g, 'x');
        expect(shown.length).toBeLessThanOrEqual(4_096);
        expect(shown).not.toMatch(/[&<>]/);
        expect(html).not.toMatch(/\p{Surrogate}/u);
        expect(alertText(full).length).toBeLessThanOrEqual(4_096);
      }),
      { numRuns: 60 },
    );
  });

  const verdictOf = (): NonNullable<AlertContent['comment']['verdict']> => ({
    class: 'critical',
    confidence: 100,
    reason: '',
    language: 'en',
    model: 'm',
    promptVersion: 'p',
  });
});

describe('a message about the system itself', () => {
  const { what, next } = incidentKinds['upstream-away'];

  it('says what it means, what is known and what to do, escaped', () => {
    expect(incidentHtml([notice({}, { call: '<openai> & co', tries: 3 })])).toBe(
      [`⚠️ <b>openai</b>: ${what}`, '<i>call: &lt;openai&gt; &amp; co, tries: 3</i>', next].join('\n'),
    );
  });

  it('says how long it took when it is over, and that it was when nobody could be told in time', () => {
    expect(incidentText([notice({ stage: 'over' })])).toContain('✅ openai is over, after 12 min');
    expect(incidentText([notice({ stage: 'was' })])).toContain('✅ openai was and is over: since 10:00 UTC, 12 min');
  });

  // CL-6
  it('says when the model is back what had gathered', () => {
    const figures = backlogFigures({ comments: 143, oldestMs: 61 * 60_000 });
    expect(incidentText([notice({}, figures)])).toContain('comments waiting: 143, oldest waits: 61 min');
    expect(incidentText([notice({ stage: 'over' }, figures)])).toContain(
      '143 comments had gathered, the oldest waited 61 min. They are being caught up with.',
    );
  });

  it('says that it may be known', () => {
    expect(incidentText([notice(), notice({ maybeRepeated: true })])).toContain('You may have seen this already');
  });

  it('holds twenty at once', () => {
    // audit 33
    const kinds = Object.keys(incidentKinds) as Incident['kind'][]; // the keys of a closed record
    const many = kinds.map((kind) => ({ ...notice().incident, kind, subject: '🍰'.repeat(200) }));
    for (const stage of ['began', 'over', 'was'] as const) {
      const notices = [...many, ...many]
        .slice(0, 20)
        .map((incident) => notice({ incident, stage, maybeRepeated: true }));
      expect(incidentText(notices).length).toBeLessThanOrEqual(4_096);
    }
  });

  it('goes to the topic for logs, else to that for alerts, and to the chat when there is none', async () => {
    stub.answer = ok;
    await expect(notifier.tellIncidents([notice()])).resolves.toBe('42');
    await new TelegramNotifier(api, { chatId: '-1', alertsThreadId: 7, logsThreadId: 9 }, unlimited).tellIncidents([
      notice(),
    ]);
    stub.answer = inTurn(ok, ok, refusal('Bad Request: message thread not found'), ok);
    await notifier.tellIncidents([notice()]);
    expect([0, 1, 2, 3].map((index) => sent(index)['message_thread_id'])).toEqual([7, 9, 7, undefined]);
  });
});

describe('telling operators', () => {
  it('sends one message to the chat and its topic', async () => {
    stub.answer = ok;
    await expect(notifier.tell(content())).resolves.toBe('42');
    expect(stub.calls).toHaveLength(1);
    expect(stub.calls[0]).toMatchObject({ method: 'POST', path: `/telegram/bot${token}/sendMessage` });
    expect(sent(0)).toEqual({
      chat_id: '-100200',
      message_thread_id: 7,
      text: alertHtml(content()),
      parse_mode: 'HTML',
      link_preview_options: { is_disabled: true },
    });
  });

  it('says it plainly, once, when Telegram cannot read the markup', async () => {
    const broken = refusal("Bad Request: can't parse entities: Unexpected end tag at byte offset 10");
    stub.answer = inTurn(broken, ok);
    await expect(notifier.tell(content())).resolves.toBe('42');
    expect(sent(1)).toMatchObject({ text: alertText(content()) });
    expect(sent(1)).not.toHaveProperty('parse_mode');
    stub.answer = broken;
    await expect(notifier.tell(content())).rejects.toMatchObject({ kind: 'rejected' });
    expect(stub.calls).toHaveLength(4);
  });

  it('uses the general chat when the topic is gone', async () => {
    stub.answer = inTurn(refusal('Bad Request: message thread not found'), ok);
    await expect(notifier.tell(content())).resolves.toBe('42');
    expect(sent(1)).toMatchObject({ chat_id: '-100200' });
    expect(sent(1)).not.toHaveProperty('message_thread_id');
  });

  it('follows a group that became a supergroup, and remembers it', async () => {
    const moved = refusal('Bad Request: group chat was upgraded', 400, { migrate_to_chat_id: -1001234567890123 });
    stub.answer = inTurn(moved, ok);
    await notifier.tell(content());
    await notifier.tell(content());
    expect([sent(0)['chat_id'], sent(1)['chat_id'], sent(2)['chat_id']]).toEqual([
      '-100200',
      '-1001234567890123',
      '-1001234567890123',
    ]);
  });

  it('does not follow a chat in circles', async () => {
    stub.answer = refusal('Bad Request: group chat was upgraded', 400, { migrate_to_chat_id: -1 });
    await expect(notifier.tell(content())).rejects.toMatchObject({ kind: 'rejected' });
    expect(stub.calls).toHaveLength(2);
  });

  it('gets around all obstacles in one go', async () => {
    stub.answer = inTurn(
      refusal('Bad Request: group chat was upgraded', 400, { migrate_to_chat_id: -5 }),
      refusal('Bad Request: message thread not found'),
      refusal("Bad Request: can't parse entities"),
      ok,
    );
    await expect(notifier.tell(content())).resolves.toBe('42');
  });

  const failures: readonly (readonly [string, VendorAnswer, ErrorKind])[] = [
    ['an unknown token', refusal('Unauthorized', 401), 'misconfigured'],
    ['a malformed token', refusal('Not Found', 404), 'misconfigured'],
    ['a bot that was thrown out', refusal('Forbidden: bot was kicked from the group chat', 403), 'misconfigured'],
    ['an unknown chat', refusal('Bad Request: chat not found'), 'misconfigured'],
    ['any other refusal', refusal('Bad Request: message is too long'), 'rejected'],
    ['a failing Telegram', refusal('Internal Server Error', 500), 'ambiguous'],
    ['a gateway page', (_, response) => response.writeHead(502).end('<html>'), 'ambiguous'],
    ['a success without a message', json({ ok: true }), 'ambiguous'],
    ['a reset after the request', (_, response) => response.destroy(), 'ambiguous'],
  ];
  it.each(failures)('fails clearly after %s', async (_, answer, kind) => {
    stub.answer = answer;
    await expect(notifier.tell(content())).rejects.toMatchObject({ kind });
    expect(stub.calls).toHaveLength(1);
  });

  it('waits as long as Telegram asks', async () => {
    stub.answer = refusal('Too Many Requests: retry after 17', 429, { retry_after: 17 });
    await expect(notifier.tell(content())).rejects.toMatchObject({ kind: 'rate-limited', retryAfterMs: 17_000 });
  });

  it('knows that nothing was sent when nobody listens', async () => {
    stub.close();
    await expect(notifier.tell(content())).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('never shows the token', async () => {
    for (const answer of [refusal(`bad token ${token}`, 401), refusal('x', 500)]) {
      stub.answer = answer;
      const error: unknown = await notifier.tell(content()).catch((caught: unknown) => caught);
      expect(inspect(error, { depth: 10 })).not.toContain('very-secret');
    }
    stub.answer = (_, response) => response.destroy();
    const error: unknown = await notifier.tell(content()).catch((caught: unknown) => caught);
    expect(inspect(error, { depth: 10 })).not.toContain('very-secret');
  });

  it('tells nobody when no channel is set up', async () => {
    await expect(new NoNotifier().tell()).resolves.toBeUndefined();
    await expect(new NoNotifier().tellTogether()).resolves.toBeUndefined();
    await expect(new NoNotifier().tellIncidents()).resolves.toBeUndefined();
  });
});
