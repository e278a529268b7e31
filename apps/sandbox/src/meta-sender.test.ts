import type { Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { signatureHeaders } from './meta-payload.js';
import { TestSandbox, testSettings, webhookReceiver } from './testing/test-sandbox.js';

describe('Meta’s webhooks', () => {
  const open: { sandbox?: TestSandbox; server?: Server } = {};
  afterEach(async () => {
    await open.sandbox?.app.close();
    open.server?.close();
  });

  async function start(statuses: readonly number[] = []) {
    const receiver = await webhookReceiver(statuses);
    const sandbox = await TestSandbox.start({ apiUrl: receiver.url });
    Object.assign(open, { sandbox, server: receiver.server });
    return { sandbox, received: receiver.received };
  }

  it('arrive signed with the app secret', async () => {
    const { sandbox, received } = await start();
    const { status, body } = await sandbox.control('POST', '/comments', { text: 'Привет 🍞', username: 'anna' });
    expect({ status, body }).toMatchObject({ status: 201, body: { delivery: { status: 200, attempts: 1 } } });
    const [webhook] = received;
    expect(webhook?.headers['x-hub-signature-256']).toBe(
      signatureHeaders(webhook?.body ?? Buffer.alloc(0), testSettings.appSecret ?? '')['x-hub-signature-256'],
    );
    expect(JSON.parse(String(webhook?.body))).toMatchObject({
      entry: [{ changes: [{ value: { id: body['id'], text: 'Привет 🍞' } }] }],
    });
  });

  it('are repeated at once when they are not acknowledged', async () => {
    const { sandbox, received } = await start([503]);
    const { body } = await sandbox.control('POST', '/comments', { text: 'Hi' });
    expect(body['delivery']).toMatchObject({ status: 200, attempts: 2, state: 'delivered' });
    expect(received[0]?.body.toString().replace(/"time":\d+/, '')).toBe(
      received[1]?.body.toString().replace(/"time":\d+/, ''),
    );
  });

  it('are kept for later while nobody answers', async () => {
    const { sandbox } = await start([500, 500]);
    await sandbox.comment('Hi');
    expect((await sandbox.control('GET', '/deliveries')).body).toMatchObject({
      open: [{ status: 500, attempts: 2, state: 'trying' }],
    });
  });

  it('come again, several times and in batches, when a test asks for it', async () => {
    const { sandbox, received } = await start();
    const ids = [await sandbox.comment('one'), await sandbox.comment('two')];
    const { body } = await sandbox.control('POST', '/deliveries', { ids, times: 3, batch: 6, shuffle: true });
    expect(body).toEqual({ calls: 1, updates: 6, statuses: { '200': 1 } });
    expect(String(received[2]?.body).split('"field":"comments"')).toHaveLength(7);
  });

  it('tell about the account’s own reply as well', async () => {
    const { sandbox, received } = await start();
    const id = await sandbox.comment('How much?');
    const { body } = await sandbox.graph('POST', `/${id}/replies`, { message: 'It is free.' });
    await expect.poll(() => received.length).toBe(2);
    expect(JSON.parse(String(received[1]?.body))).toMatchObject({
      entry: [
        { changes: [{ value: { id: body['id'], parent_id: id, from: { self_ig_scoped_id: expect.any(String) } } }] },
      ],
    });
  });

  it('do not come while the account is not subscribed', async () => {
    const { sandbox, received } = await start();
    await sandbox.graph('DELETE', '/me/subscribed_apps');
    const lost = await sandbox.control('POST', '/comments', { text: 'Hi' });
    expect(lost.body['delivery']).toMatchObject({ state: 'lost' });
    await sandbox.graph('POST', '/me/subscribed_apps', { subscribed_fields: 'comments,messages' });
    await sandbox.comment('Hi again');
    expect(received).toHaveLength(1);
  });

  it('can be lost by order of a test', async () => {
    const { sandbox, received } = await start();
    const fault = { vendor: 'webhook', match: { text: 'secret' }, effect: { kind: 'reset' } };
    await sandbox.control('POST', '/faults', fault);
    await sandbox.comment('a secret');
    await sandbox.comment('no matter');
    expect(received).toHaveLength(1);
  });
});
