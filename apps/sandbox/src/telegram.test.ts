import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestSandbox } from './testing/test-sandbox.js';

const html = { chat_id: '-1001', parse_mode: 'HTML' };

describe('Telegram', () => {
  let sandbox: TestSandbox;
  beforeEach(async () => {
    sandbox = await TestSandbox.start();
  });
  afterEach(() => sandbox.app.close());

  it('keeps the messages of the chat', async () => {
    const { body } = await sandbox.telegram('sendMessage', {
      ...html,
      text: '<b>Urgent</b> &lt;3',
      message_thread_id: 5,
    });
    expect(body).toMatchObject({ ok: true, result: { message_id: 1, message_thread_id: 5, text: 'Urgent <3' } });
    await sandbox.telegram('editMessageText', { ...html, message_id: 1, text: 'Solved' });
    expect((await sandbox.control('GET', '/state')).body['telegram']).toMatchObject([
      { messageId: 1, chatId: '-1001', threadId: 5, text: 'Solved' },
    ]);
  });

  it('counts the limit in UTF-16 units, after the entities are parsed', async () => {
    const send = async (text: string) => (await sandbox.telegram('sendMessage', { ...html, text })).body['description'];
    expect(await send(`<b>${'&amp;'.repeat(4096)}</b>`)).toBeUndefined();
    expect(await send('x'.repeat(4097))).toBe('Bad Request: message is too long');
    expect(await send('🍞'.repeat(2048))).toBeUndefined();
    expect(await send('🍞'.repeat(2049))).toBe('Bad Request: message is too long');
  });

  it.each([
    ['a stray bracket', 'bread < cake', "can't parse entities: Unclosed start tag at byte offset 6"],
    ['an unknown tag', 'хлеб <br> и', 'can\'t parse entities: Unsupported start tag "br" at byte offset 9'],
    ['an open tag', '<b>bread', 'can\'t parse entities: Can\'t find end tag corresponding to start tag "b"'],
    ['crossed tags', '<b><i>bread</b></i>', "can't parse entities: Unmatched end tag"],
    ['nothing to see', '<b> </b>', 'message text is empty'],
    ['no text', '', 'message text is empty'],
  ])('refuses %s', async (_name, text, description) => {
    const { status, body } = await sandbox.telegram('sendMessage', { ...html, text });
    expect(status).toBe(400);
    expect(body).toMatchObject({ ok: false, error_code: 400, description: expect.stringContaining(description) });
  });

  it('takes as plain text what is not marked as HTML', async () => {
    const { status } = await sandbox.telegram('sendMessage', { chat_id: '-1001', text: 'bread < cake' });
    expect(status).toBe(200);
    expect((await sandbox.control('GET', '/state')).body['telegram']).toMatchObject([{ text: 'bread &lt; cake' }]);
  });

  it('knows its own chat and topics only', async () => {
    const other = await sandbox.telegram('sendMessage', { chat_id: '-9', text: 'Hi' });
    expect(other.body).toMatchObject({ description: 'Bad Request: chat not found' });
    const topic = await sandbox.telegram('sendMessage', { chat_id: '-1001', message_thread_id: 6, text: 'Hi' });
    expect(topic.body).toMatchObject({ description: 'Bad Request: message thread not found' });
  });

  it('lets nobody in with another token', async () => {
    const answer = await sandbox.app.inject({ method: 'POST', url: '/telegram/bot1:wrong/sendMessage', payload: {} });
    expect([answer.statusCode, answer.json()]).toMatchObject([401, { ok: false, description: 'Unauthorized' }]);
  });

  it('takes forms, and says how long to wait when it is flooded', async () => {
    await sandbox.control('POST', '/faults', { vendor: 'telegram', effect: { kind: 'status', status: 429 } });
    const send = () =>
      sandbox.app.inject({
        method: 'POST',
        url: '/telegram/bot7000000021:test/sendMessage',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: 'chat_id=-1001&text=Hi',
      });
    expect((await send()).json()).toMatchObject({ error_code: 429, parameters: { retry_after: 3 } });
    expect((await send()).json()).toMatchObject({ ok: true });
  });
});
