import { describe, expect, it } from 'vitest';
import { stackForThisFile } from '../support/stack.js';
import { until } from '../support/until.js';

const questions = 150;
const insults = 50;
const praises = 300;

const stack = stackForThisFile({ workers: 0 });

/** Targets of the calls that Instagram got, with how often each was asked for. */
async function callsPerTarget(call: string): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const { target } of await stack().vendors.ledger({ vendor: 'instagram', call })) {
    counts.set(target, (counts.get(target) ?? 0) + 1);
  }
  return counts;
}

function onceEach(ids: readonly string[]): ReadonlyMap<string, number> {
  return new Map(ids.map((id) => [id, 1]));
}

/** So that what is lost is lost in the middle of the work, not before or after it. */
async function whenFinished(share: number, ids: readonly string[], lose: () => Promise<void>): Promise<void> {
  const finished = await until(`the end of ${share * 100} % of the comments`, 200_000, async () => {
    const [row] = await stack().sql<{ finished: number }>(
      `SELECT count(*)::int AS finished FROM comments WHERE id = ANY ($1) AND stage = 'done'`,
      [ids],
    );
    return row !== undefined && row.finished >= ids.length * share && row.finished;
  });
  expect(finished, 'finished before the loss').toBeLessThan(ids.length);
  await lose();
}

describe('five hundred comments in flight', { timeout: 600_000 }, () => {
  it('all end, none twice, while Redis is emptied twice and killed once', async () => {
    const { vendors, queue } = stack();
    const written = await Promise.all([
      vendors.comments('Hi! How much is delivery?', { count: questions }),
      vendors.comments('You are all scum and idiots, go to hell', { count: insults }),
      vendors.comments('Best croissants I have ever had, thank you!', { count: praises }),
    ]);
    const [asked, insulted] = written;
    const ids = written.flat();

    await stack().startWorker();
    await whenFinished(0.1, ids, queue.wipe);
    await whenFinished(0.4, ids, queue.wipe);
    await whenFinished(0.6, ids, queue.crashAndRestart ?? queue.wipe);

    await stack().untilFinal(ids, 300_000);
    expect(await callsPerTarget('reply')).toEqual(onceEach(asked));
    expect(await callsPerTarget('hide')).toEqual(onceEach(insulted));
    expect(await vendors.ledger({ vendor: 'telegram', call: 'send-message' })).toEqual([]);
  });

  it('leave no row behind that nobody will finish', async () => {
    await until('the end of the echoes', 30_000, async () => (await stack().vendors.openDeliveries()) === 0);
    const rows = await stack().sql(
      `SELECT id, stage FROM comments WHERE stage NOT IN ('done', 'parked') OR due_at IS NOT NULL
       UNION ALL SELECT comment_id, state FROM replies WHERE due_at IS NOT NULL OR state <> 'sent'
       UNION ALL SELECT comment_id, state FROM moderations WHERE due_at IS NOT NULL OR state <> 'done'`,
    );
    expect(rows).toEqual([]);
  });
});
