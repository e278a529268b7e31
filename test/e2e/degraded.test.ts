import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawComment } from '../support/raw-comments.js';
import { type Gate, startGate } from '../support/gate.js';
import { stackForThisFile } from '../support/stack.js';
import { until } from '../support/until.js';

/** As many calls as it takes to open a circuit, and some more that find it open. */
const many = 14;
/** Half a minute until it is told, a message's turn, an alert's backoff, and a busy machine. */
const toldWithinMs = 180_000;

const stack = stackForThisFile();
let database: Gate;
let redis: Gate;
let instagram: Gate;

/** Doors between our programs and what they stand on. */
beforeAll(async () => {
  const { databaseUrl, queue, vendors } = stack();
  database = await startGate(addressOf(databaseUrl));
  redis = await startGate(addressOf(queue.url));
  instagram = await startGate(addressOf(vendors.url));
  const environment = {
    DATABASE_URL: through(databaseUrl, database),
    REDIS_URL: through(queue.url, redis),
    INSTAGRAM_BASE_URL: `http://127.0.0.1:${instagram.port}/instagram`,
  };
  await Promise.all([stack().endWorkers('SIGTERM'), stack().endApis('SIGTERM')]);
  await Promise.all([stack().startWorker({ environment }), stack().startApi({ environment })]);
});
afterAll(() => {
  for (const gate of [database, redis, instagram]) gate.close();
});

function addressOf(url: string): { readonly host: string; readonly port: number } {
  const { hostname, port, protocol } = new URL(url);
  return { host: hostname, port: Number(port || (protocol === 'redis:' ? 6379 : 5432)) };
}

function through(address: string, gate: Gate): string {
  const url = new URL(address);
  url.host = `127.0.0.1:${gate.port}`;
  return url.href;
}

/** Messages that stand in the operators' chat with this text; what Telegram refused does not. */
async function told(text: string): Promise<number> {
  const sent = await stack().vendors.ledger({ vendor: 'telegram', call: 'send-message' });
  return sent.filter(({ status, request }) => status === 200 && JSON.stringify(request).includes(text)).length;
}

async function untilTold(text: string): Promise<void> {
  await until(`a message with "${text}"`, toldWithinMs, async () => (await told(text)) > 0);
}

describe('the product, with one thing away at a time', { timeout: 400_000 }, () => {
  // audit 29
  it('keeps comments while the model is away, says so once, and catches up', async () => {
    const { vendors } = stack();
    await vendors.fault({ vendor: 'openai', times: 0, effect: { kind: 'status', status: 500 } });
    const ids = await vendors.comments('Best croissants I have ever had, thank you! {n}', { count: many });
    await untilTold('<b>openai</b>: A vendor fails');
    const waiting = await stack().sql(`SELECT id FROM comments WHERE id = ANY ($1) AND stage = 'received'`, [ids]);
    expect(waiting).toHaveLength(many);
    await vendors.clearFaults();
    await stack().untilFinal(ids, 200_000);
    expect(await told('<b>openai</b>: A vendor fails')).toBe(1);
  });

  it('answers while Telegram is away; the alert comes later, once', async () => {
    const { vendors } = stack();
    await vendors.fault({ vendor: 'telegram', times: 0, effect: { kind: 'html-502' } });
    const complaint = await vendors.comment('My cake was burnt and I want my money back immediately!!!');
    const question = await vendors.comment('Hi! How much is delivery?');
    await stack().untilFinal([question], 100_000);
    expect(await vendors.replyCalls(question)).toBe(1);
    expect(await told('burnt')).toBe(0);
    await vendors.clearFaults();
    await untilTold('burnt');
    await stack().untilFinal([complaint], 60_000);
    expect(await told('burnt')).toBe(1);
  });

  it('understands comments while Instagram is away; replies wait, and go out once', async () => {
    const { vendors } = stack();
    const { port } = instagram;
    instagram.close();
    const ids = await vendors.comments('Hi! How much is delivery?', { count: many });
    await untilTold('<b>instagram</b>: A vendor fails');
    const waiting = await stack().sql<{ attempts: number; state: string }>(
      `SELECT attempts, state FROM replies WHERE comment_id = ANY ($1)`,
      [ids],
    );
    expect(waiting).toHaveLength(many);
    expect(new Set(waiting.map(({ state }) => state))).toEqual(new Set(['drafted']));
    // Those that opened the circuit, and the probes; a row that finds it open spends nothing.
    expect(waiting.reduce((sum, { attempts }) => sum + attempts, 0)).toBeLessThanOrEqual(many + 6);

    instagram = await startGate(addressOf(vendors.url), port);
    await stack().untilFinal(ids, 200_000);
    const calls = await Promise.all(ids.map(async (id) => await vendors.replyCalls(id)));
    expect(calls).toEqual(ids.map(() => 1));
    expect(await told('<b>instagram</b>: A vendor fails')).toBe(1);
  });

  it('takes comments while Redis hangs, says so once, and does them all afterwards', async () => {
    const { vendors } = stack();
    redis.silence();
    const ids = Array.from({ length: many }, (_, index) => `179000000055${String(index).padStart(5, '0')}`);
    const statuses = [];
    for (const id of ids) statuses.push(await stack().deliver([rawComment(id, 'Lovely bread!')]));
    expect(new Set(statuses)).toEqual(new Set([200]));
    const [apiUrl = ''] = stack().apiUrls;
    expect((await fetch(`${apiUrl}/health/ready`)).status).toBe(200);
    await untilTold('The queue does not answer');
    redis.open();
    await stack().untilFinal(ids, 200_000);
    expect(await told('The queue does not answer')).toBe(1);
    expect(await vendors.openDeliveries()).toBe(0);
  });

  it('refuses comments while the database hangs, says so once, and loses none that it took', async () => {
    // T10
    database.silence();
    const id = '17900000005600001';
    const comment = rawComment(id, 'Lovely cakes!');
    for (let left = 3; left > 0; left -= 1) expect(await stack().deliver([comment])).toBe(503);
    await untilTold('The database does not answer');
    expect(await stack().deliver([comment])).toBe(503);
    database.open();
    await until('a delivery that is taken', 60_000, async () => (await stack().deliver([comment])) === 200);
    await stack().untilFinal([id], 100_000);
    expect(await told('The database does not answer')).toBe(1);
  });

  it('says of each once that it is over, and of nothing twice that it began', async () => {
    for (const subject of ['openai', 'instagram', 'queue', 'database']) await untilTold(`<b>${subject}</b> is over`);
    await until('nothing left to tell', 60_000, async () => {
      const left = await stack().sql(`SELECT id FROM incidents WHERE closed_at IS NULL OR tell_at IS NOT NULL`);
      return left.length === 0;
    });
    for (const subject of ['openai', 'instagram', 'queue', 'database']) {
      const [began, over] = [await told(`<b>${subject}</b>: `), await told(`<b>${subject}</b> is over`)];
      expect({ subject, began, over }).toEqual({ subject, began: 1, over: 1 });
    }
  });

  it('accounts for every comment that it took', async () => {
    // audit 4
    const [apiUrl = ''] = stack().apiUrls;
    const text = await (await fetch(`${apiUrl}/metrics`)).text();
    const figures = [...text.matchAll(/^instachatico_comments_(accepted|ended|under_way)(?:\{.*\})? (\d+)$/gmu)];
    const sumOf = (name: string): number =>
      figures.filter(([, found]) => found === name).reduce((sum, [, , figure]) => sum + Number(figure), 0);
    expect(sumOf('accepted')).toBeGreaterThan(3 * many);
    expect(sumOf('ended') + sumOf('under_way')).toBe(sumOf('accepted'));
  });
});
