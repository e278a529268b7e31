import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { stackForThisFile } from '../support/stack.js';
import { until } from '../support/until.js';

const question = 'Hi! How much is delivery?';
// A look every three seconds; a comment is left to its webhook for as long.
const stack = stackForThisFile({ environment: { COVERAGE_EVERY_MINUTES: '0.05' } });
const foundWithinMs = 60_000;

const report = z.object({
  accounts: z.array(
    z.object({
      seenByWebhook: z.number(),
      foundByPolling: z.number(),
      unexplained: z.number(),
      lastEventAt: z.string().nullable(),
      lastLookAt: z.string().nullable(),
    }),
  ),
});

async function coverage(): Promise<z.output<typeof report>['accounts'][number]> {
  const answer = await fetch(`${stack().apiUrls[0]}/api/v1/coverage?hours=1`);
  const [account] = report.parse(await answer.json()).accounts;
  if (!account) throw new Error('no account is covered');
  return account;
}

async function sourcesOf(ids: readonly string[]): Promise<readonly string[]> {
  const rows = await stack().sql<{ source: string }>(
    'SELECT DISTINCT source FROM comments WHERE id = ANY ($1) ORDER BY source',
    [ids],
  );
  return rows.map(({ source }) => source);
}

async function openIncidents(kind: string): Promise<number> {
  const rows = await stack().sql('SELECT id FROM incidents WHERE kind = $1 AND closed_at IS NULL', [kind]);
  return rows.length;
}

async function replyCalls(ids: readonly string[]): Promise<readonly number[]> {
  return await Promise.all(ids.map(async (id) => await stack().vendors.replyCalls(id)));
}

const once = (ids: readonly string[]): readonly number[] => ids.map(() => 1);

/** Written and known to Instagram; its webhook never arrives. */
async function lost(text: string, count: number, parentId?: string): Promise<readonly string[]> {
  const { vendors } = stack();
  await vendors.fault({
    vendor: 'webhook',
    match: { text },
    times: count,
    effect: { kind: 'status', status: 500 },
  });
  return await vendors.comments(text, { count, ...(parentId !== undefined && { parentId }) });
}

// IN-12
describe('comments that no webhook told about', { timeout: 180_000 }, () => {
  let top: string;
  let found: readonly string[];

  beforeAll(async () => {
    top = await stack().vendors.comment(question);
    await stack().untilFinal([top], foundWithinMs);
    found = await lost(`${question} (lost)`, 7);
  });

  it('are found under the post, and answered once each', async () => {
    await stack().untilFinal(found, foundWithinMs);
    expect(await sourcesOf(found)).toEqual(['polling']);
    expect(await sourcesOf([top])).toEqual(['webhook']);
    expect(await replyCalls(found)).toEqual(once(found));
    const way = await stack().decisions(found[0] ?? '');
    expect(way?.decisions[0]).toMatchObject({ step: 'receive', reason: 'found-by-polling' });
    expect(way?.comment.outcome).toBe('answered');
  });

  it('may still be told about later, three times: nothing happens', async () => {
    await stack().vendors.deliverAgain({ ids: found, times: 3, shuffle: true });
    const follower = await stack().vendors.comment(`${question} (after that)`);
    await stack().untilFinal([...found, follower], foundWithinMs);
    expect(await replyCalls(found)).toEqual(once(found));
    expect(await sourcesOf(found)).toEqual(['polling']);
  });

  it('are found in an old thread, too', async () => {
    const [reply = ''] = await lost('And how much is delivery on Sundays?', 1, top);
    await stack().untilFinal([reply], foundWithinMs);
    expect(await sourcesOf([reply])).toEqual(['polling']);
    expect(await stack().vendors.replyCalls(reply)).toBe(1);
  });

  it('show in the numbers, and operators hear of them', async () => {
    await until('the end of the echoes', 30_000, async () => (await stack().vendors.openDeliveries()) === 0);
    const numbers = await until('nothing unexplained', foundWithinMs, async () => {
      const now = await coverage();
      return now.unexplained === 0 && now;
    });
    expect(numbers.foundByPolling).toBe(8);
    expect(numbers.seenByWebhook).toBeGreaterThanOrEqual(2);
    expect(numbers.lastEventAt).not.toBeNull();
    expect(numbers.lastLookAt).not.toBeNull();
    await until('an incident', foundWithinMs, async () => (await openIncidents('events-missing')) === 1);
    const wrong = await fetch(`${stack().apiUrls[0]}/api/v1/coverage?hours=0`);
    expect(wrong.status).toBe(400);
  });

  it('are found once, although the worker that finds them is killed before it can note that', async () => {
    await stack().endWorkers('SIGTERM');
    const victims = await lost(`${question} (in between)`, 5);
    const crashing = await stack().startWorker({ crashAt: { when: 'before', statement: 'INSERT INTO media_looks' } });
    expect(await crashing.ended).toMatchObject({ text: 'SIGKILL' });
    await stack().startWorker();
    await stack().untilFinal(victims, foundWithinMs);
    expect(await replyCalls(victims)).toEqual(once(victims));
  });
});

// IN-12
describe('what was there before the account was connected', { timeout: 180_000 }, () => {
  it('is kept as history and never answered, not even when a webhook comes', async () => {
    const { vendors } = stack();
    const old = await vendors.comments(`${question} (long ago)`, { count: 60, minutesAgo: 600, deliver: false });
    const inThread = await vendors.comments('And on Sundays?', {
      parentId: old[0] ?? '',
      minutesAgo: 590,
      deliver: false,
    });
    const all = [...old, ...inThread];
    await stack().untilFinal(all, foundWithinMs);
    expect(await sourcesOf(all)).toEqual(['history']);
    await vendors.deliverAgain({ ids: all, batch: 50 });
    const follower = await vendors.comment(`${question} (now)`);
    await stack().untilFinal([follower], foundWithinMs);
    expect(await replyCalls(all)).toEqual(all.map(() => 0));
    const way = await stack().decisions(old[0] ?? '');
    expect(way).toMatchObject({ comment: { outcome: 'left-alone' }, decisions: [{ reason: 'imported-history' }] });
  });
});

// IN-13
describe('a subscription that was lost', { timeout: 180_000 }, () => {
  it('is renewed, and told about', async () => {
    await stack().vendors.unsubscribe();
    await until('an incident that is over', foundWithinMs, async () => {
      const rows = await stack().sql(
        `SELECT id FROM incidents WHERE kind = 'subscription-lost' AND closed_at IS NOT NULL`,
      );
      return rows.length === 1;
    });
    const again = await stack().vendors.comment(`${question} (told again)`);
    await stack().untilFinal([again], foundWithinMs);
    expect(await sourcesOf([again])).toEqual(['webhook']);
  });
});
