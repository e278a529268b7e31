import { describe, expect, it } from 'vitest';
import { rawComment } from '../support/raw-comments.js';
import { stackForThisFile } from '../support/stack.js';
import { until } from '../support/until.js';

/** Whoever stops us kills after half a minute; we are gone before. */
const goneWithinMs = 25_000;
const senders = 20;

const stack = stackForThisFile();

/** A question, and a model that is thinking about it right now. */
async function thinkingAbout(text: string, effect: { readonly kind: 'delay' | 'hang'; readonly ms?: number }) {
  const { vendors } = stack();
  await vendors.fault({ vendor: 'openai', match: { text }, effect });
  const id = await vendors.comment(text);
  await until('the model to think', 30_000, async () =>
    (await vendors.ledger({ vendor: 'openai', target: text })).some(({ status }) => status === null),
  );
  return id;
}

describe('a worker that is told to stop', { timeout: 200_000 }, () => {
  it('in the middle of a model call finishes what it has begun, and loses nothing', async () => {
    const text = 'Can the bread be frozen?';
    const id = await thinkingAbout(text, { kind: 'delay', ms: 3_000 });
    const [worker] = stack().workers;
    void worker?.end('SIGTERM');
    await until('the end of the worker', goneWithinMs, () => worker?.hasEnded());
    expect(await worker?.ended).toMatchObject({ code: 0 });
    expect((await stack().decisions(id))?.comment.verdict?.class).toBe('question');

    await stack().startWorker();
    await stack().untilFinal([id], 60_000);
    expect(await stack().vendors.thread(id)).toHaveLength(1);
    expect(await stack().vendors.replyCalls(id)).toBe(1);
  });

  it('while the model does not answer at all goes all the same, and the comment comes back', async () => {
    const id = await thinkingAbout('Is the rye bread vegan?', { kind: 'hang' });
    const [worker] = stack().workers;
    void worker?.end('SIGTERM');
    await until('the end of the worker', goneWithinMs, () => worker?.hasEnded());
    expect(await worker?.ended).toMatchObject({ code: 0 });

    await stack().vendors.clearFaults();
    await stack().startWorker();
    await stack().untilFinal([id], 120_000);
    expect(await stack().vendors.thread(id)).toHaveLength(1);
    expect(await stack().vendors.replyCalls(id)).toBe(1);
  });
});

describe('an api that is told to stop', { timeout: 120_000 }, () => {
  it('under load has stored every comment that it acknowledged', async () => {
    const [api] = stack().apis;
    const acknowledged: string[] = [];
    let sent = 0;
    /** One of Meta's machines: the next delivery follows the answer, until nobody answers. */
    const sender = async (): Promise<void> => {
      for (;;) {
        sent += 1;
        const id = `1790000000${String(sent).padStart(7, '0')}`;
        const status = await stack().deliver([rawComment(id, 'Best croissants I have ever had, thank you!')]);
        if (status === undefined) return;
        if (status === 200) acknowledged.push(id);
      }
    };
    const sending = Promise.all(Array.from({ length: senders }, sender));
    await until('some load', 30_000, () => acknowledged.length > 300);
    void api?.end('SIGTERM');
    await until('the end of the api', goneWithinMs, () => api?.hasEnded());
    await sending;
    expect(await api?.ended).toMatchObject({ code: 0 });

    const stored = await stack().sql<{ id: string }>('SELECT id FROM comments WHERE id = ANY ($1)', [acknowledged]);
    expect(stored.map(({ id }) => id).toSorted()).toEqual(acknowledged.toSorted());
    await stack().startApi();
    await stack().untilFinal(acknowledged, 90_000);
  });
});

// audit 55, 56
describe('an api behind a load balancer that is told to stop', { timeout: 60_000 }, () => {
  it('says first that it is not ready, and serves until that can have been noticed', async () => {
    const port = Number(new URL(stack().apiUrls[0] ?? '').port);
    await stack().endApis('SIGTERM');
    const api = await stack().startApi({ environment: { SHUTDOWN_GRACE_SECONDS: '3' } }, port);
    const id = '17900000009999999';
    void api.end('SIGTERM');
    await until('"not ready"', 10_000, async () => (await fetch(`${stack().apiUrls[0]}/health/ready`)).status === 503);
    expect(await stack().deliver([rawComment(id, 'Lovely place!')])).toBe(200);
    expect(await api.ended).toMatchObject({ code: 0 });
    await stack().startApi();
    await stack().untilFinal([id], 90_000);
  });
});
