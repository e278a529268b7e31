import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { stackForThisFile } from '../support/stack.js';
import { until } from '../support/until.js';

const page = z.object({
  parked: z.array(
    z.object({
      id: z.string(),
      kind: z.string(),
      commentId: z.string(),
      reason: z.string(),
      error: z.string().nullable(),
    }),
  ),
  next: z.string().nullable(),
});
const refused = { kind: 'status', status: 400, body: { error: { message: 'no', type: 'x', code: 100 } } };

const stack = stackForThisFile({ workers: 0 });

async function list(query = ''): Promise<z.infer<typeof page>> {
  return page.parse((await stack().admin('GET', `parked${query}`)).body);
}

const retry = async (id: string): Promise<number> => (await stack().admin('POST', `parked/${id}/retry`)).status;

// audit 3
describe('work that machines gave up', { timeout: 240_000 }, () => {
  const texts = ['What is the price of the honey cake?', 'Are you open on Sunday?', 'Can the bread be frozen?'];
  let ids: readonly string[] = [];

  beforeAll(async () => {
    const { vendors } = stack();
    await vendors.fault({ vendor: 'instagram', call: 'reply', times: texts.length, effect: refused });
    ids = await Promise.all(texts.map(async (text) => await vendors.comment(text)));
    await stack().startWorker();
    await stack().untilFinal(ids, 60_000);
    await vendors.clearFaults();
  });

  it('is listed page by page, with the reason and the error', async () => {
    const first = await list('?limit=2&reason=parked-rejected');
    const rest = await list(`?limit=2&reason=parked-rejected&cursor=${first.next ?? ''}`);
    const all = [...first.parked, ...rest.parked];
    expect([first.parked.length, rest.parked.length, rest.next]).toEqual([2, 1, null]);
    expect(all.map(({ commentId }) => commentId).toSorted()).toEqual(ids.toSorted());
    expect(all[0]).toMatchObject({ kind: 'reply', error: expect.stringContaining('code 100') });
    expect((await list('?reason=parked-unclear')).parked).toEqual([]);
    const wrong = ['?limit=101', '?reason=bored', '?cursor=nonsense', '?page=2'];
    const statuses = await Promise.all(
      wrong.map(async (query) => (await stack().admin('GET', `parked${query}`)).status),
    );
    expect(statuses).toEqual([400, 400, 400, 400]);
  });

  it('is tried again once, and its comment is answered once, also when the api dies between commit and bell', async () => {
    const { vendors } = stack();
    const [one, two, three] = (await list()).parked;
    if (!one || !two || !three) throw new Error('three replies should be parked');
    expect([await retry(one.id), await retry(one.id), await retry('reply-nobody')]).toEqual([202, 409, 404]);

    await stack().endApis('SIGKILL');
    const api = await stack().startApi({ crashAt: { when: 'after', statement: 'WITH retried AS' } });
    await expect(retry(two.id)).rejects.toThrow('fetch failed');
    await until('the crash of the api', 20_000, () => api.hasEnded());
    await stack().startApi();
    await stack().untilFinal([one.commentId, two.commentId], 60_000);
    for (const id of [one.commentId, two.commentId]) {
      expect(await vendors.thread(id)).toHaveLength(1);
      expect((await stack().decisions(id))?.comment).toMatchObject({ stage: 'done', outcome: 'answered' });
    }
    expect((await list()).parked.map(({ id }) => id)).toEqual([three.id]);
  });

  it('because a person hid the comment meanwhile is not parked, but dropped with that reason', async () => {
    const { vendors } = stack();
    const text = 'Do you bake gluten-free bread?';
    await vendors.fault({ vendor: 'openai', match: { text }, times: 0, effect: { kind: 'delay', ms: 1_500 } });
    const id = await vendors.comment(text);
    await vendors.hideInApp(id);
    await stack().untilFinal([id], 60_000);
    const way = await stack().decisions(id);
    expect(way?.decisions.map(({ reason }) => reason)).toContain('reply-target-hidden');
    expect(way?.comment.stage).toBe('done');
    expect(await vendors.thread(id)).toEqual([]);
  });
});
