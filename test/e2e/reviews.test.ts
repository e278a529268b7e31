import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { stackForThisFile } from '../support/stack.js';
import { until } from '../support/until.js';

const enoughMs = 60_000;
const stack = stackForThisFile();
const page = z.object({ reviews: z.array(z.object({ id: z.string(), commentId: z.string(), hidden: z.boolean() })) });
const week = z.object({
  hidden: z.number(),
  sampled: z.number(),
  reviewed: z.number(),
  wrong: z.number(),
  falseHideRate: z.object({ rate: z.number() }).nullable(),
});
const fairness = z.object({ weeks: z.array(week) });

// PO-3
describe('a comment that the machine hid', { timeout: 200_000 }, () => {
  it('is offered for review when its week is over; found wrong, everybody sees it again at Instagram', async () => {
    const { vendors } = stack();
    const id = await vendors.comment('You are all scum and idiots, go to hell');
    await stack().untilFinal([id], enoughMs);
    expect(await vendors.isHidden(id)).toBe(true);

    // A week later, and a day: in its first hour a week has no sample yet.
    await stack().sql(`UPDATE moderations SET done_at = done_at - interval '8 days'`);
    await stack().sql(`UPDATE accounts SET connected_at = connected_at - interval '8 days'`);
    await stack().sql(`DELETE FROM turns WHERE name = 'reviews'`);
    await stack().startWorker();
    const [review] = await until('a sample', enoughMs, async () => {
      const { reviews } = page.parse((await stack().admin('GET', 'reviews')).body);
      return reviews.length > 0 && reviews;
    });
    expect(review).toMatchObject({ commentId: id, hidden: true });

    await stack().admin('PUT', `reviews/${review?.id}`, { verdict: 'wrong' });
    await until('the comment to be back', enoughMs, async () => !(await vendors.isHidden(id)));
    await stack().untilFinal([id], enoughMs);
    const last = (await stack().reasonsOf(id)).slice(-3);
    expect(new Set(last)).toEqual(new Set(['moderation-requested', 'review-wrong', 'unhidden']));
    const { weeks } = fairness.parse((await stack().admin('GET', 'moderation/fairness')).body);
    expect(weeks).toContainEqual({ hidden: 1, sampled: 1, reviewed: 1, wrong: 1, falseHideRate: { rate: 1 } });
  });
});
