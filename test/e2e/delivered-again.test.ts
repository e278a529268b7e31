import { beforeAll, describe, expect, it } from 'vitest';
import { rawComment } from '../support/raw-comments.js';
import { Seeded } from '../support/seeded.js';
import { stackForThisFile } from '../support/stack.js';
import { until } from '../support/until.js';

const texts = {
  question: 'Hi! How much is delivery?',
  insult: 'You are all scum and idiots, go to hell',
  complaint: 'I found a piece of glass in the bread! What are you going to do about it?',
};
const praise = 'Best croissants I have ever had, thank you!';
const times = 100;
const others = 1_000;
const seed = 20_261_120;

const stack = stackForThisFile({ apis: 2 });

describe('one comment that Meta delivers again and again', { timeout: 300_000 }, () => {
  const ids = { question: '', insult: '', complaint: '' };

  /** Written at Instagram, but the system does not hear of them yet. */
  async function writeUnheard(text: string, count: number): Promise<readonly string[]> {
    const { vendors } = stack();
    await vendors.fault({ vendor: 'webhook', match: { text }, times: count, effect: { kind: 'reset' } });
    return await vendors.comments(text, { count });
  }

  beforeAll(async () => {
    for (const kind of ['question', 'insult', 'complaint'] as const) {
      [ids[kind] = ''] = await writeUnheard(texts[kind], 1);
    }
  });

  async function expectEachOnce(): Promise<void> {
    const { vendors } = stack();
    expect(await vendors.thread(ids.question)).toHaveLength(1);
    expect(await vendors.isHidden(ids.insult)).toBe(true);
    expect(await vendors.alertsWith('piece of glass')).toBe(1);
    // Nothing for anybody else either.
    expect(await vendors.ledger({ vendor: 'instagram', call: 'reply' })).toMatchObject([{ target: ids.question }]);
    expect(await vendors.ledger({ vendor: 'instagram', call: 'hide' })).toMatchObject([{ target: ids.insult }]);
    expect(await vendors.ledger({ vendor: 'telegram', call: 'send-message' })).toHaveLength(1);
  }

  /** As Meta does: what is not acknowledged comes again. */
  async function deliverUntilAccepted(id: string, text: string, apiUrl: string | undefined): Promise<number> {
    return await until(`the acknowledgement of ${id}`, 30_000, async () => {
      const status = await stack().deliver([rawComment(id, text)], apiUrl);
      return status === 503 ? undefined : status;
    });
  }

  it('a hundred times at once, to two apis: one reply, one hide, one alert', async () => {
    const { apiUrls } = stack();
    const deliveries = Array.from({ length: times }, (_, index) => apiUrls[index % apiUrls.length]).flatMap((apiUrl) =>
      (['question', 'insult', 'complaint'] as const).map((kind) =>
        deliverUntilAccepted(ids[kind], texts[kind], apiUrl),
      ),
    );
    expect(new Set(await Promise.all(deliveries))).toEqual(new Set([200]));
    await stack().untilFinal(Object.values(ids), 60_000);
    await expectEachOnce();
  });

  it('a hundred times more, in any order among a thousand others: still one reply, one hide, one alert', async () => {
    const { vendors } = stack();
    const crowd = await writeUnheard(praise, others);
    const again = Array.from({ length: times }, () => Object.values(ids)).flat();
    const statuses = await vendors.deliverAgain({ ids: new Seeded(seed).shuffled([...again, ...crowd]), batch: 3 });
    expect(['200', '503']).toEqual(expect.arrayContaining(Object.keys(statuses)));
    await until('Meta to be done', 60_000, async () => (await vendors.openDeliveries()) === 0);
    await stack().untilFinal([...Object.values(ids), ...crowd], 240_000);
    await expectEachOnce();
  });
});
