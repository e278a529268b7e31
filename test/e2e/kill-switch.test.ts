import { describe, expect, it } from 'vitest';
import { bakeryMedia } from '../../apps/sandbox/src/bakery/media.js';
import { stackForThisFile } from '../support/stack.js';
import { until } from '../support/until.js';
import type { LedgerEntry } from '../support/vendors.js';

const soonMs = 120_000;
/** PO-5: "takes effect within a second on all workers". */
const promisedMs = 1_000;
const workers = 2;

const stack = stackForThisFile({
  workers,
  // Nothing but the switch holds a reply back here.
  environment: { REPLIES_PER_HOUR: '100000', REPLIES_PER_AUTHOR: '100000', REPLIES_PER_THREAD: '100000' },
});
const [one = '', other = ''] = bakeryMedia.map(({ id }) => id);
const question = 'Hi! How much is delivery?';
const insult = 'You are all scum and idiots, go to hell';

/** What everybody would see: replies and hides that were asked of Instagram, in the order in which they began. */
async function visibleCalls(): Promise<readonly LedgerEntry[]> {
  const calls = await stack().vendors.ledger({ vendor: 'instagram' });
  return calls.filter(({ call }) => call === 'reply' || call === 'hide');
}

/** Customers who write all the time, under both posts, until they are told to stop. */
class Load {
  readonly ids: Record<string, string[]> = { [one]: [], [other]: [] };
  readonly insults: string[] = [];
  #ended = false;
  readonly #writing = this.#write();

  async #write(): Promise<void> {
    for (let round = 0; !this.#ended; round += 1) {
      for (const mediaId of [one, other]) {
        const insulted = await stack().vendors.comments(`${insult} ${round}`, { mediaId, count: 2 });
        this.insults.push(...insulted);
        this.ids[mediaId]?.push(...insulted, ...(await stack().vendors.comments(question, { mediaId, count: 4 })));
      }
    }
  }

  get count(): number {
    return Object.values(this.ids).flat().length;
  }

  async end(): Promise<readonly string[]> {
    this.#ended = true;
    await this.#writing;
    return Object.values(this.ids).flat();
  }
}

/** Waits until so many calls more that satisfy `which` were made. */
async function untilCalls(more: number, which: (call: LedgerEntry) => boolean = () => true): Promise<void> {
  const count = async (): Promise<number> => (await visibleCalls()).filter(which).length;
  const before = await count();
  await until(`${more} calls that customers see`, soonMs, async () => (await count()) >= before + more);
}

/** @returns when the answer was there, by the clock of this machine, which is also the journal's */
async function pull(path: string): Promise<number> {
  const { status } = await stack().admin('PUT', `pauses/${path}`);
  expect(status).toBe(200);
  return Date.now();
}

async function resume(path: string): Promise<void> {
  const answer = await fetch(`${stack().apiUrls[0]}/api/v1/pauses/${path}`, { method: 'DELETE' });
  expect(answer.status).toBe(204);
}

/** Replies and hides that are ready and held back: the workers would do them at once. */
async function untilHeldBack(mediaId: string, least: number): Promise<void> {
  await until(`${least} that are held back`, soonMs, async () => {
    const [row] = await stack().sql<{ held: number }>(
      `SELECT count(*)::int AS held FROM comments WHERE media_id = $1 AND (
         EXISTS (SELECT 1 FROM replies WHERE comment_id = comments.id AND state = 'drafted')
         OR EXISTS (SELECT 1 FROM moderations WHERE comment_id = comments.id AND state = 'due'))`,
      [mediaId],
    );
    return (row?.held ?? 0) >= least;
  });
}

async function expectEachOnce(load: Load): Promise<void> {
  const ids = await load.end();
  await stack().untilFinal(ids, soonMs);
  const insults = new Set(load.insults);
  const calls = await visibleCalls();
  const done = (id: string, call: string): number =>
    calls.filter((entry) => entry.target === id && entry.call === call && entry.status === 200).length;
  const wrong = ids.filter((id) => done(id, insults.has(id) ? 'hide' : 'reply') !== 1);
  expect(wrong).toEqual([]);
}

// PO-5
describe(`the kill switch, pulled while ${workers} workers are busy`, { timeout: 500_000 }, () => {
  it.each<{ path: string; stops: readonly string[]; goesOn: readonly string[] }>([
    { path: 'everything/all', stops: [one, other], goesOn: [] },
    { path: 'account/:account', stops: [one, other], goesOn: [] },
    { path: `post/${one}`, stops: [one], goesOn: [other] },
  ])(
    '$path: a second after the answer no reply and no hide begins there; after the resume each is done once',
    async (given) => {
      const [account] = await stack().sql<{ id: string }>('SELECT id FROM accounts');
      const path = given.path.replace(':account', account?.id ?? '');
      const load = new Load();
      await untilCalls(30);
      expect(stack().workers).toHaveLength(workers);

      const answered = await pull(path);
      const [clock] = await stack().sql<{ at: Date }>('SELECT clock_timestamp() AS at');
      for (const mediaId of given.stops) await untilHeldBack(mediaId, 15);
      for (const mediaId of given.goesOn) {
        const there = new Set(load.ids[mediaId]);
        await untilCalls(10, ({ target }) => there.has(target) || load.ids[mediaId]?.includes(target) === true);
      }

      const stopped = new Set(given.stops.flatMap((mediaId) => load.ids[mediaId] ?? []));
      const after = (await visibleCalls()).filter(({ target, at }) => stopped.has(target) && at > answered);
      const latest = Math.max(0, ...after.map(({ at }) => at - answered));
      process.stdout.write(
        `${path}: ${load.count} comments, ${after.length} calls after the answer, the last ${latest} ms\n`,
      );
      expect(after.filter(({ at }) => at > answered + promisedMs)).toEqual([]);
      // By the order of commits: nothing was marked as being sent there once the pause stood.
      const begun = await stack().sql(
        `SELECT decisions.comment_id FROM decisions WHERE reason = 'reply-sending' AND at > $1::timestamptz + interval '1 second'
          AND comment_id = ANY ($2)`,
        [clock?.at, [...stopped]],
      );
      expect(begun).toEqual([]);

      await resume(path);
      await expectEachOnce(load);
    },
  );
});
