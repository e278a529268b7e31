import { describe, expect, it } from 'vitest';
import { stackForThisFile } from '../support/stack.js';
import { until } from '../support/until.js';

const enoughMs = 60_000;
const stack = stackForThisFile();

async function modelCallsAbout(text: string): Promise<number> {
  return (await stack().vendors.ledger({ vendor: 'openai', target: text })).length;
}

// CL-4
describe('the same words under the same post', () => {
  it('are understood by one call, and each comment says how its verdict came about', async () => {
    const { vendors } = stack();
    const text = 'Wonderful, the best rye bread of my life!';
    const ids = await vendors.comments(text, { count: 1_000 });
    await stack().untilFinal(ids, enoughMs);
    expect(await modelCallsAbout(text)).toBe(1);

    const later = await vendors.comment(text.toUpperCase());
    await stack().untilFinal([later], enoughMs);
    expect(await modelCallsAbout(text.toUpperCase())).toBe(0);
    const how = await stack().sql<{ reason: string; comments: number }>(
      `SELECT reason, count(*)::int AS comments FROM decisions WHERE step = 'classify' AND comment_id = ANY ($1)
        GROUP BY reason ORDER BY reason`,
      [[...ids, later]],
    );
    expect(how).toEqual([
      { reason: 'classified', comments: 1 },
      { reason: 'classified-as-before', comments: 1_000 },
    ]);
    expect(await stack().reasonsOf(later)).toContain('classified-as-before');
    expect((await stack().decisions(later))?.comment.verdict?.class).toBe('positive');
  });

  it('are found by a worker that was started later', async () => {
    const { vendors } = stack();
    const text = 'Thank you for the lovely evening!';
    await stack().untilFinal([await vendors.comment(text)], enoughMs);
    await stack().endWorkers('SIGKILL');
    await stack().startWorker();
    const again = await vendors.comment(text);
    await stack().untilFinal([again], enoughMs);
    expect(await modelCallsAbout(text)).toBe(1);
    expect(await stack().reasonsOf(again)).toContain('classified-as-before');
  });
});

describe('comments that words alone decide', () => {
  it.each([
    ['only emoji', '😍😍🔥', 'positive'],
    ['only friends', '@lena.bakes @oleg.z', 'spam'],
    ['copied advertising', 'Check out my new channel', 'spam'],
  ])('are shown to no model: %s', async (_, text, name) => {
    const { vendors } = stack();
    const id = await vendors.comment(text);
    await stack().untilFinal([id], enoughMs);
    expect(await modelCallsAbout(text)).toBe(0);
    expect(await stack().reasonsOf(id)).toContain('classified-locally');
    expect((await stack().decisions(id))?.comment.verdict).toMatchObject({ class: name });
  });

  it('are shown to the model from when the account switches the rule off', async () => {
    const { vendors } = stack();
    const [row] = await stack().sql<{ id: string }>('SELECT id FROM accounts');
    const route = `accounts/${row?.id}/local-rules`;
    const all = { 'emoji-only': true, 'mention-only': true, 'known-spam': true, repeat: true };
    expect(await stack().admin('GET', route)).toEqual({ status: 200, body: all });
    const without = { ...all, 'emoji-only': false };
    expect(await stack().admin('PUT', route, without)).toEqual({ status: 200, body: without });
    const text = '🔥😍';
    await until('the model to be asked', enoughMs, async () => {
      const id = await vendors.comment(text);
      await stack().untilFinal([id], enoughMs);
      return (await modelCallsAbout(text)) > 0;
    });
    expect((await stack().admin('PUT', route, { ...all, jokes: true })).status).toBe(400);
    expect((await stack().admin('PUT', route, { repeat: false })).status).toBe(400);
    expect((await stack().admin('PUT', 'accounts/1/local-rules', all)).status).toBe(404);
    expect((await stack().admin('GET', 'accounts/1/local-rules')).status).toBe(404);
    await stack().admin('PUT', route, all);
  });
});
