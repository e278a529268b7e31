import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { TestSandbox } from './testing/test-sandbox.js';

describe('the ledger', () => {
  let sandbox: TestSandbox;
  beforeEach(async () => {
    sandbox = await TestSandbox.start();
  });
  afterEach(() => sandbox.app.close());

  it('finds calls by vendor, call, target and what came since', async () => {
    const id = await sandbox.comment('Hi');
    await sandbox.graph('POST', `/${id}/replies`, { message: 'Hello', access_token: 'secret' });
    await sandbox.graph('POST', `/${id}?hide=true`);
    await sandbox.telegram('sendMessage', { chat_id: '-1001', text: 'Told' });

    expect(await sandbox.ledger('vendor=telegram')).toMatchObject([
      { call: 'send-message', target: '-1001', status: 200 },
    ]);
    expect(await sandbox.ledger(`vendor=instagram&target=${id}`)).toMatchObject([{ call: 'reply' }, { call: 'hide' }]);
    expect(await sandbox.ledger('call=hide&target=nobody')).toEqual([]);
    expect(await sandbox.ledger('since=2')).toMatchObject([{ seq: 3 }]);
    expect(JSON.stringify(await sandbox.ledger())).not.toContain('secret');
    expect(await sandbox.ledger('call=reply')).toMatchObject([{ request: { parameters: { message: 'Hello' } } }]);

    await sandbox.control('DELETE', '/ledger');
    expect(await sandbox.ledger()).toEqual([]);
  });

  it('refuses filters that it does not know', async () => {
    expect((await sandbox.control('GET', '/ledger?vendr=telegram')).status).toBe(400);
  });
});

describe('many comments', () => {
  let sandbox: TestSandbox;
  beforeEach(async () => {
    sandbox = await TestSandbox.start();
  });
  afterEach(() => sandbox.app.close());

  it('are numbered, are left to others to deliver when that is wished, and are judged by what anybody could see', async () => {
    const { body } = await sandbox.control('POST', '/comments', { text: 'Hello {n}', count: 3, deliver: false });
    expect(body).toMatchObject({ comments: [{ text: 'Hello 1' }, { text: 'Hello 2' }, { text: 'Hello 3' }] });
    expect((await sandbox.control('GET', '/deliveries')).body).toMatchObject({ open: [], latest: [] });
    const [one, two, three] = z.array(z.string()).parse(body['ids']);
    await sandbox.graph('POST', `/${one}/replies`, { message: 'Hello' });
    await sandbox.graph('POST', `/${two}?hide=true`);
    await sandbox.telegram('sendMessage', { chat_id: '-1001', text: 'Told' });
    expect((await sandbox.control('GET', '/outcomes')).body).toEqual({
      outcomes: [
        { id: one, hidden: false, replies: 1 },
        { id: two, hidden: true, replies: 0 },
        { id: three, hidden: false, replies: 0 },
      ],
      messages: ['Told'],
    });
  });
});

describe('the usage of Instagram\u2019s limits', () => {
  it('stands in the headers of every answer, as it was set', async () => {
    const sandbox = await TestSandbox.start();
    expect((await sandbox.control('PUT', '/usage', { percent: 95, regainMinutes: 2 })).status).toBe(204);
    expect((await sandbox.control('PUT', '/usage', { percent: 'full' })).status).toBe(400);
    const { headers } = await sandbox.app.inject({ method: 'GET', url: '/instagram/v26.0/me' });
    const usage: unknown = JSON.parse(String(headers['x-business-use-case-usage']));
    expect(Object.values(usage ?? {})).toMatchObject([[{ call_count: 95, estimated_time_to_regain_access: 2 }]]);
    await sandbox.app.close();
  });
});

describe('a comment written by a visitor', () => {
  let sandbox: TestSandbox;
  beforeEach(async () => {
    sandbox = await TestSandbox.start();
  });
  afterEach(() => sandbox.app.close());

  it.each([
    [{}, 'text'],
    [{ text: '  ' }, 'write something'],
    [{ text: 'Hi', username: 'a b' }, 'username'],
    [{ text: 'Hi', mediaId: '1' }, 'There is no post 1'],
    [{ text: 'Hi', parentId: '1' }, 'There is no comment 1'],
    [{ text: 'Hi', count: 0 }, 'count'],
    [{ text: 'Hi', colour: 'red' }, 'colour'],
  ])('is refused with a reason when it is wrong: %o', async (payload, detail) => {
    const { status, body } = await sandbox.control('POST', '/comments', payload);
    expect({ status, body }).toMatchObject({ status: 400, body: { detail: expect.stringContaining(detail) } });
  });

  it('is seen on the page, with its thread', async () => {
    const mediaId = '17900000000000106';
    const id = await sandbox.comment('Open today?', { username: 'anna', mediaId });
    await sandbox.comment('And tomorrow?', { parentId: await sandbox.comment('Hm', { parentId: id }) });
    const { body } = await sandbox.control('GET', '/state');
    expect(body['posts']).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          id: mediaId,
          comments: [
            expect.objectContaining({
              id,
              username: 'anna',
              own: false,
              hidden: false,
              replies: [expect.objectContaining({ parentId: id }), expect.objectContaining({ parentId: id })],
            }),
          ],
        }),
      ]),
    );
  });

  it('does not come from another site', async () => {
    const answer = await sandbox.app.inject({
      method: 'POST',
      url: '/_sandbox/comments',
      headers: { origin: 'https://evil.example' },
      payload: { text: 'Hi' },
    });
    expect(answer.statusCode).toBe(403);
  });

  it('is not explained while the api is down', async () => {
    const { status, body } = await sandbox.control('GET', '/decisions/18000000000000001');
    expect({ status, body }).toMatchObject({
      status: 502,
      body: { detail: expect.stringContaining('does not answer') },
    });
  });
});

describe('a sandbox with a data folder', () => {
  let dataDir: string;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'sandbox-'));
  });
  afterEach(() => rmSync(dataDir, { recursive: true }));

  async function firstRun(): Promise<string> {
    const sandbox = await TestSandbox.start({ dataDir });
    const id = await sandbox.comment('Hi');
    await sandbox.graph('POST', `/${id}/replies`, { message: 'Hello' });
    await sandbox.graph('POST', `/${id}?hide=true`);
    const gone = await sandbox.comment('Gone');
    await sandbox.graph('DELETE', `/${gone}`);
    await sandbox.telegram('sendMessage', { chat_id: '-1001', text: 'Told' });
    const state = await sandbox.control('GET', '/state');
    await sandbox.app.close();
    return JSON.stringify(state.body);
  }

  it('remembers everything after a restart, and goes on', async () => {
    const before = await firstRun();
    const sandbox = await TestSandbox.start({ dataDir });
    expect(JSON.stringify((await sandbox.control('GET', '/state')).body)).toBe(before);
    const { body } = await sandbox.telegram('sendMessage', { chat_id: '-1001', text: 'Again' });
    expect(body).toMatchObject({ result: { message_id: 2 } });
    await sandbox.app.close();
  });

  it('starts although a crash has cut the last line', async () => {
    const before = await firstRun();
    const path = join(dataDir, 'events.jsonl');
    writeFileSync(path, `${readFileSync(path, 'utf8')}{"type":"comm`);
    const sandbox = await TestSandbox.start({ dataDir });
    expect(JSON.stringify((await sandbox.control('GET', '/state')).body)).toBe(before);
    await sandbox.app.close();
  });
});
