import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { pacing, windowOf, type Allowances, type LimitName, type Taken, type Use } from '#domain/work/allowances.js';

export interface AllowancesWorld {
  /** Empty books, and as many workers that share one as the adapter can have. */
  open(): Promise<readonly [Allowances, ...Allowances[]]>;
  /** As if so much time had gone by. */
  pass(ms: number): Promise<void>;
  /** How many rows it takes to know all that. */
  size(): Promise<number>;
}

const granted = (taken: readonly Taken[]): number => taken.filter(({ kind }) => kind === 'granted').length;

/** What every book of allowances promises. */
export function allowancesContract(name: string, world: AllowancesWorld, runs: number): void {
  describe(`${name} as the book of what may be done how often`, () => {
    let workers: readonly [Allowances, ...Allowances[]];
    let book: Allowances;
    beforeEach(async () => {
      workers = await world.open();
      [book] = workers;
    });

    const use = (limit: LimitName, most: number, amount = 1, of = 'a'): Use => ({ limit, of, amount, most });
    /** All workers ask so often each, at once. */
    const rush = async (uses: readonly Use[], timesEach: number): Promise<readonly Taken[]> =>
      await Promise.all(
        workers.flatMap((worker) => Array.from({ length: timesEach }, async () => await worker.take(uses))),
      );

    // audit 25, audit 26, T4
    it('lets through as many as the limit says, whoever asks at once, and again after the window', async () => {
      const uses = [use('replies-of-account', 20)];
      const { countsMs } = windowOf('replies-of-account');
      for (let window = 0; window < 2; window += 1) {
        expect(granted(await rush(uses, 30))).toBe(20);
        await world.pass(countsMs / 2);
        expect(granted(await rush(uses, 5))).toBe(0);
        await world.pass(countsMs / 2);
      }
    });

    it('says how long to wait: after that it is granted, and not much sooner', async () => {
      const uses = [use('replies-to-author', 1)];
      await book.take(uses);
      const { windowMs, slotMs, countsMs } = windowOf('replies-to-author');
      const refused = await book.take(uses);
      if (refused.kind !== 'wait') throw new Error('granted');
      expect(refused.limit).toBe('replies-to-author');
      expect(refused.ms).toBeGreaterThan(windowMs);
      expect(refused.ms).toBeLessThanOrEqual(countsMs);
      await world.pass(refused.ms - slotMs);
      expect(granted([await book.take(uses)])).toBe(0);
      await world.pass(slotMs);
      expect(granted([await book.take(uses)])).toBe(1);
    });

    it('takes all or nothing', async () => {
      const [author, thread] = [use('replies-to-author', 1, 1, 'anna'), use('replies-in-thread', 3, 1, 'thread')];
      expect(granted([await book.take([author, thread])])).toBe(1);
      for (let time = 0; time < 5; time += 1) {
        expect(await book.take([author, thread])).toMatchObject({ kind: 'wait', limit: 'replies-to-author' });
      }
      const other = use('replies-to-author', 1, 1, 'berta');
      expect(granted([await book.take([other, thread])])).toBe(1);
      expect(granted([await book.take([use('replies-to-author', 1, 1, 'carla'), thread])])).toBe(1);
      expect(await book.take([use('replies-to-author', 1, 1, 'dora'), thread])).toMatchObject({
        limit: 'replies-in-thread',
      });
    });

    it('counts no more what was given back, and nothing older than that', async () => {
      const uses = [use('replies-to-author', 2), use('replies-in-thread', 10)];
      await book.take(uses);
      await world.pass(2 * windowOf('replies-in-thread').slotMs);
      for (let time = 0; time < 20; time += 1) {
        expect(granted([await book.take(uses)])).toBe(1);
        await book.giveBack(uses, 5_000);
      }
      expect(granted(await rush(uses, 5))).toBe(2);
      await book.giveBack(uses, 5_000);
      expect(granted(await rush(uses, 5))).toBe(1);
      await world.pass(windowOf('replies-in-thread').slotMs);
      await book.giveBack(uses, 5_000);
      expect(granted([await book.take([use('replies-in-thread', 3)])])).toBe(0);
    });

    it('counts every name for itself', async () => {
      expect(granted([await book.take([use('model-requests', 1)]), await book.take([use('model-tokens', 1)])])).toBe(2);
      expect(granted([await book.take([use('model-requests', 1, 1, 'b')])])).toBe(1);
    });

    it('lets through what alone is more than the limit, when nothing else is under way', async () => {
      const large = [use('model-tokens', 100, 5_000)];
      expect(granted(await rush(large, 2))).toBe(1);
      await world.pass(windowOf('model-tokens').countsMs);
      expect(granted([await book.take(large)])).toBe(1);
    });

    it('never waits in a circle when workers name the same limits in different orders', async () => {
      const uses = ['a', 'b', 'c', 'd'].map((of) => use('model-requests', 1_000, 1, of));
      const turns = [uses, uses.toReversed(), [...uses.slice(2), ...uses.slice(0, 2)]];
      const asked = Array.from({ length: 60 }, async (_, index) => {
        const worker = workers[index % workers.length] ?? book;
        return await worker.take(turns[index % turns.length] ?? uses);
      });
      expect(granted(await Promise.all(asked))).toBe(60);
    });

    it('holds what a vendor asked us to leave alone, the longest time that was said', async () => {
      const uses = [use('replies-of-account', 100), use('replies-to-author', 100, 1, 'anna')];
      await book.hold('a', 600_000, 'vendor-asked');
      await book.hold('a', 1_000, 'quota-used-up');
      for (const worker of workers) {
        expect(await worker.take(uses)).toMatchObject({ kind: 'wait', limit: 'vendor-asked' });
        expect(await worker.held('a')).toMatchObject({ why: 'vendor-asked' });
      }
      expect(await book.held('b')).toBeUndefined();
      expect(granted([await book.take([use('replies-of-account', 100, 1, 'b')])])).toBe(1);
      await world.pass(600_000);
      expect(await book.held('a')).toBeUndefined();
      expect(granted([await book.take(uses)])).toBe(1);
    });

    it('keeps a distance between uses while the vendor counts us near its limit', async () => {
      const uses = [use('replies-of-account', 1_000)];
      await book.slowDown('a', 96); // 16 s
      expect(granted(await rush(uses, 10))).toBe(1);
      const refused = await book.take(uses);
      expect(refused).toMatchObject({ kind: 'wait', limit: 'slowed-down' });
      expect(refused.kind === 'wait' && refused.ms >= pacing.comeBackMs && refused.ms <= 16_000).toBe(true);
      await world.pass(16_000);
      expect(granted(await rush(uses, 10))).toBe(1);
      await book.slowDown('a', 50);
      expect(granted(await rush(uses, 2))).toBe(workers.length * 2);
    });

    it('forgets a distance that nobody speaks of any more', async () => {
      await book.slowDown('a', 100);
      await world.pass(pacing.lastsMs);
      expect(granted(await rush([use('replies-of-account', 1_000)], 3))).toBe(workers.length * 3);
    });

    it('stays small, however many names it has seen', async () => {
      for (let count = 0; count < 100; count += 1) await book.take([use('replies-to-author', 5, 1, `author ${count}`)]);
      await world.pass(windowOf('replies-to-author').countsMs + 1_000);
      for (let count = 0; count < 20; count += 1) await book.take([use('replies-of-account', 750)]);
      expect(await world.size()).toBeLessThanOrEqual(3);
    });

    // T4: whenever they ask, and however much
    it('never lets more through than the limit in any window', { timeout: 120_000 }, async () => {
      const most = 10;
      const { windowMs } = windowOf('model-tokens');
      const moves = fc.array(
        fc.record({
          waitMs: fc.nat({ max: 20_000 }),
          amounts: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 6 }),
        }),
        { minLength: 5, maxLength: 25 },
      );
      await fc.assert(
        fc.asyncProperty(moves, async (script) => {
          workers = await world.open();
          const grants: { readonly at: number; readonly amount: number }[] = [];
          let at = 0;
          for (const { waitMs, amounts } of script) {
            await world.pass(waitMs);
            at += waitMs;
            const taken = await Promise.all(
              amounts.map(async (amount, index) => {
                const worker = workers[index % workers.length] ?? book;
                return { amount, taken: await worker.take([use('model-tokens', most, amount)]) };
              }),
            );
            grants.push(...taken.filter((each) => each.taken.kind === 'granted').map(({ amount }) => ({ at, amount })));
          }
          for (const { at: from } of grants) {
            const within = grants.filter((grant) => grant.at >= from && grant.at < from + windowMs);
            expect(within.reduce((sum, { amount }) => sum + amount, 0)).toBeLessThanOrEqual(most);
          }
        }),
        { numRuns: runs },
      );
    });
  });
}
