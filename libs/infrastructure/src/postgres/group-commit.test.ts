import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { AppError } from '#domain/shared/errors.js';
import { GroupCommit, type GroupLimits, type Patience } from './group-commit.js';

interface Gate {
  readonly items: readonly string[];
  open(): void;
}

const long = 1_000_000;
const endless: Patience<string> = {
  ms: () => long,
  blindMs: long,
  stillAnswers: async () => await Promise.resolve(true),
};
const limits: GroupLimits<string> = { inFlight: 1, waiting: 100, weightOf: () => 1, weightPerGroup: 100 };

/** A store whose writes stay open until the test lets each of them through. */
function gatedStore(given: Partial<GroupLimits<string>> = {}) {
  const gates: Gate[] = [];
  const write = async (items: readonly string[]): Promise<readonly string[]> => {
    await new Promise<void>((open) => gates.push({ items, open }));
    return items.map((item) => item.toUpperCase());
  };
  const group = new GroupCommit(write, { ...limits, ...given });
  return { group, gates };
}

describe('writing in groups', () => {
  it('writes a lone item at once, and what came meanwhile in one group after it', async () => {
    const { group, gates } = gatedStore();
    const first = group.add('a');
    await turn();
    expect(gates.map(({ items }) => items)).toEqual([['a']]);
    const others = [group.add('b')];
    await turn();
    others.push(group.add('c'));
    await turn();
    expect(gates.map(({ items }) => items)).toEqual([['a']]);
    gates[0]?.open();
    expect(await first).toBe('A');
    await turn();
    expect(gates.map(({ items }) => items)).toEqual([['a'], ['b', 'c']]);
    gates[1]?.open();
    expect(await Promise.all(others)).toEqual(['B', 'C']);
  });

  it('writes in one group what comes at the same moment', async () => {
    const { group, gates } = gatedStore();
    const all = ['a', 'b', 'c'].map(async (item) => await group.add(item));
    await turn();
    expect(gates.map(({ items }) => items)).toEqual([['a', 'b', 'c']]);
    gates[0]?.open();
    expect(await Promise.all(all)).toEqual(['A', 'B', 'C']);
  });

  it('waits for company while one group follows the other, and never with a lone item', async () => {
    const { group, gates } = gatedStore({ gatherMs: 300 });
    const first = group.add('a');
    await turn();
    expect(gates.map(({ items }) => items)).toEqual([['a']]);
    gates[0]?.open();
    await first;
    const second = group.add('b');
    await turn();
    const third = group.add('c');
    await turn();
    expect(gates).toHaveLength(1);
    await expect.poll(() => gates.length, { timeout: 10_000 }).toBe(2);
    expect(gates[1]?.items).toEqual(['b', 'c']);
    gates[1]?.open();
    expect(await Promise.all([second, third])).toEqual(['B', 'C']);
    await wait(650); // more than twice as long: nobody comes behind it
    void group.add('d');
    await turn();
    expect(gates[2]?.items).toEqual(['d']);
  });

  it('keeps groups within their weight, and still writes an item that is too heavy alone', async () => {
    const sizes: number[] = [];
    const write = async (items: readonly string[]): Promise<readonly string[]> => {
      sizes.push(items.length);
      return await Promise.resolve(items);
    };
    const weightOf = (item: string): number => item.length;
    const group = new GroupCommit(write, { ...limits, weightOf, weightPerGroup: 4 });
    await Promise.all(['a', 'bb', 'bb', 'bbbbbbbbb', 'b'].map(async (item) => await group.add(item)));
    expect(sizes).toEqual([2, 1, 1, 1]);
  });

  it('refuses what would wait behind too many', async () => {
    const { group, gates } = gatedStore({ waiting: 1 });
    const written = [group.add('a')];
    await turn();
    written.push(group.add('b'));
    await expect(group.add('c')).rejects.toMatchObject({ kind: 'unavailable' });
    gates[0]?.open();
    await written[0];
    await turn();
    gates[1]?.open();
    expect(await Promise.all(written)).toEqual(['A', 'B']);
  });

  it('leaves out what waited too long, and nothing else', async () => {
    const patience = { ...endless, ms: (item: string) => (item === 'late' ? 1 : long) };
    const { group, gates } = gatedStore({ patience });
    const first = group.add('a');
    await turn();
    const late = group.add('late');
    const other = group.add('c');
    await expect(late).rejects.toMatchObject({ kind: 'unavailable' });
    gates[0]?.open();
    expect(await first).toBe('A');
    await turn();
    expect(gates.map(({ items }) => items)).toEqual([['a'], ['c']]);
    gates[1]?.open();
    expect(await other).toBe('C');
  });

  it('lets a large item wait for as long as it may while the store answers others, and asks that once', async () => {
    let asked = 0;
    const stillAnswers = async (): Promise<boolean> => {
      asked += 1;
      return await Promise.resolve(true);
    };
    const patience = { ms: (item: string) => (item === 'small' ? 200 : long), blindMs: 1, stillAnswers };
    const { group, gates } = gatedStore({ patience });
    const large = group.add('large');
    await expect(group.add('small')).rejects.toMatchObject({ kind: 'unavailable' });
    expect(asked).toBe(2);
    gates[0]?.open();
    expect(await large).toBe('LARGE');
  });

  it('lets no item wait for a store that does not answer', async () => {
    const patience = { ...endless, blindMs: 1, stillAnswers: async () => await Promise.resolve(false) };
    const { group, gates } = gatedStore({ patience });
    await expect(group.add('large')).rejects.toMatchObject({ kind: 'unavailable' });
    gates[0]?.open();
  });

  it('writes no more items at once than it may', async () => {
    const { group, gates } = gatedStore({ itemsPerGroup: 2 });
    const all = ['a', 'b', 'c'].map(async (item) => await group.add(item));
    await turn();
    gates[0]?.open();
    await all[0];
    await turn();
    gates[1]?.open();
    await Promise.all(all);
    expect(gates.map(({ items }) => items)).toEqual([['a', 'b'], ['c']]);
  });

  it('loses no neighbour of an item that cannot be written', async () => {
    const write = async (items: readonly string[]): Promise<readonly string[]> => {
      if (items.includes('bad')) throw new Error('broken value');
      return await Promise.resolve(items);
    };
    const group = new GroupCommit(write, limits);
    const results = await Promise.allSettled(
      ['first', 'good', 'bad', 'fine'].map(async (item) => await group.add(item)),
    );
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  });

  it('tells everybody at once when the database is away, without trying each alone', async () => {
    let writes = 0;
    const write = async (): Promise<readonly string[]> => {
      writes += 1;
      return await Promise.reject(new AppError('unavailable', 'away'));
    };
    const group = new GroupCommit<string, string>(write, limits);
    const results = await Promise.allSettled(['a', 'b', 'c'].map(async (item) => await group.add(item)));
    expect(results.every(({ status }) => status === 'rejected')).toBe(true);
    expect(writes).toBe(1);
  });
});
