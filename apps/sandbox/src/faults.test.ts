import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestSandbox } from './testing/test-sandbox.js';

describe('faults', () => {
  let sandbox: TestSandbox;
  let url: string;
  beforeEach(async () => {
    sandbox = await TestSandbox.start();
    url = await sandbox.app.listen({ port: 0, host: '127.0.0.1' });
  });
  afterEach(() => sandbox.app.close());

  const order = (effect: object, more: object = {}) =>
    sandbox.control('POST', '/faults', { vendor: 'instagram', call: 'reply', effect, ...more });
  const reply = (id: string, message = 'Hello') =>
    fetch(`${url}/instagram/v26.0/${id}/replies`, {
      method: 'POST',
      headers: { authorization: 'Bearer test-instagram-token' },
      body: new URLSearchParams({ message }),
    });
  const replies = async (id: string) => (await sandbox.graph('GET', `/${id}/replies`)).body['data'];

  it('strike as often as they are told to, and the ledger says so', async () => {
    const id = await sandbox.comment('Hi');
    expect((await order({ kind: 'status', status: 500 }, { times: 2 })).status).toBe(201);
    expect([(await reply(id)).status, (await reply(id)).status, (await reply(id)).status]).toEqual([500, 500, 200]);
    expect(await sandbox.ledger('call=reply')).toMatchObject([
      { status: 500, fault: 'status' },
      { status: 500, fault: 'status' },
      { status: 200 },
    ]);
    expect((await sandbox.control('GET', '/faults')).body).toMatchObject({ faults: [{ hits: 2, times: 2 }] });
  });

  it('strike a share of the calls by chance, the same ones for the same seed', async () => {
    const id = await sandbox.comment('Hi');
    const statuses = async (seed: number): Promise<number[]> => {
      await sandbox.control('DELETE', '/faults');
      await order({ kind: 'status', status: 500 }, { times: 0, chance: 0.3, seed });
      const seen: number[] = [];
      for (let call = 0; call < 40; call += 1) seen.push((await reply(id, `Hello ${call}`)).status);
      return seen;
    };
    const first = await statuses(7);
    expect(first.filter((status) => status === 500).length).toBeGreaterThan(3);
    expect(first.filter((status) => status === 200).length).toBeGreaterThan(15);
    expect(await statuses(7)).toEqual(first);
    expect(await statuses(8)).not.toEqual(first);
  });

  it('strike the wanted target and text alone', async () => {
    const [one, two] = [await sandbox.comment('one'), await sandbox.comment('two')];
    await order({ kind: 'status', status: 503 }, { times: 0, match: { target: one, text: 'ell' } });
    expect([(await reply(two)).status, (await reply(one, 'Bye')).status, (await reply(one)).status]).toEqual([
      200, 200, 503,
    ]);
  });

  it.each(['do-then-reset', 'reset'])('cut the connection: %s', async (kind) => {
    const id = await sandbox.comment('Hi');
    await order({ kind });
    await expect(reply(id)).rejects.toThrow('fetch failed');
    expect(await replies(id)).toHaveLength(kind === 'reset' ? 0 : 1);
    expect(await sandbox.ledger('call=reply')).toMatchObject([{ status: null, fault: kind }]);
  });

  it.each(['do-then-hang', 'hang'])('hang until they are cleared: %s', async (kind) => {
    const id = await sandbox.comment('Hi');
    await order({ kind });
    const answer = reply(id).catch((error: unknown) => error);
    await expect.poll(async () => (await sandbox.ledger('call=reply')).length).toBe(1);
    expect(await replies(id)).toHaveLength(kind === 'hang' ? 0 : 1);
    await sandbox.control('DELETE', '/faults');
    expect(await answer).toBeInstanceOf(Error);
  });

  it('list what was published only later, each reply at a time of its own', async () => {
    const id = await sandbox.comment('Hi');
    for (let number = 0; number < 20; number += 1) await reply(id, `Hello ${number}`);
    await order({ kind: 'lag', ms: 600_000, scattered: true }, { call: 'list-replies', times: 1 });
    const listed = await replies(id);
    expect(Array.isArray(listed) && listed.length < 5).toBe(true);
    await order({ kind: 'lag', ms: 0 }, { call: 'list-replies', times: 1 });
    expect(await replies(id)).toHaveLength(20);
  });

  it('publish and then deny it', async () => {
    const id = await sandbox.comment('Hi');
    await order({ kind: 'do-then-status', status: 500 });
    await order({ kind: 'ok-without-id' });
    await order({ kind: 'html-502' });
    expect((await reply(id)).status).toBe(500);
    expect(await (await reply(id)).json()).toEqual({});
    const html = await reply(id);
    expect([html.status, html.headers.get('content-type')]).toEqual([502, 'text/html; charset=utf-8']);
    expect(await replies(id)).toHaveLength(2);
  });

  it('answer with the wanted body and headers', async () => {
    const id = await sandbox.comment('Hi');
    const body = { error: { code: 4, message: 'limit' } };
    await order({ kind: 'status', status: 400, body, headers: { 'x-app-usage': '{"call_count":100}' } });
    const answer = await reply(id);
    expect([await answer.json(), answer.headers.get('x-app-usage')]).toEqual([body, '{"call_count":100}']);
  });

  it.each([
    [{ vendor: 'nobody', effect: { kind: 'hang' } }, 'vendor'],
    [{ vendor: 'telegram', effect: { kind: 'refusal' } }, 'openai only'],
    [{ vendor: 'webhook', effect: { kind: 'hang' } }, 'lost'],
    [{ vendor: 'telegram', effect: { kind: 'dance' } }, 'effect.kind'],
  ])('are refused when they make no sense: %o', async (fault, detail) => {
    const { status, body } = await sandbox.control('POST', '/faults', fault);
    expect({ status, body }).toMatchObject({ status: 400, body: { detail: expect.stringContaining(detail) } });
  });
});
