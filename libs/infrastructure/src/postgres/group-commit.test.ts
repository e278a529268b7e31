import { describe, expect, it } from 'vitest';
import { AppError } from '#domain/shared/errors.js';
import { GroupCommit } from './group-commit.js';

interface Gate {
  readonly items: readonly string[];
  open(): void;
}

/** A store whose writes stay open until the test lets each of them through. */
function gatedStore(limits: { waiting?: number; weightPerGroup?: number } = {}) {
  const gates: Gate[] = [];
  const write = async (items: readonly string[]): Promise<readonly string[]> => {
    await new Promise<void>((open) => gates.push({ items, open }));
    return items.map((item) => item.toUpperCase());
  };
  const group = new GroupCommit(write, {
    inFlight: 1,
    waiting: 100,
    weightOf: () => 1,
    weightPerGroup: 100,
    ...limits,
  });
  return { group, gates };
}

describe('writing in groups', () => {
  it('writes a lone item at once, and what came meanwhile in one group after it', async () => {
    const { group, gates } = gatedStore();
    const all = ['a', 'b', 'c'].map(async (item) => await group.add(item));
    expect(gates.map(({ items }) => items)).toEqual([['a']]);
    gates[0]?.open();
    expect(await all[0]).toBe('A');
    await Promise.resolve();
    expect(gates.map(({ items }) => items)).toEqual([['a'], ['b', 'c']]);
    gates[1]?.open();
    expect(await Promise.all(all)).toEqual(['A', 'B', 'C']);
  });

  it('keeps groups within their weight, and still writes an item that is too heavy alone', async () => {
    const sizes: number[] = [];
    const write = async (items: readonly string[]): Promise<readonly string[]> => {
      sizes.push(items.length);
      return await Promise.resolve(items);
    };
    const weightOf = (item: string): number => item.length;
    const group = new GroupCommit(write, { inFlight: 1, waiting: 100, weightOf, weightPerGroup: 4 });
    await Promise.all(['a', 'bb', 'bb', 'bbbbbbbbb', 'b'].map(async (item) => await group.add(item)));
    expect(sizes).toEqual([1, 2, 1, 1]);
  });

  it('refuses what would wait behind too many', async () => {
    const { group, gates } = gatedStore({ waiting: 1 });
    const written = [group.add('a'), group.add('b')];
    await expect(group.add('c')).rejects.toMatchObject({ kind: 'unavailable' });
    gates[0]?.open();
    await written[0];
    await Promise.resolve();
    gates[1]?.open();
    expect(await Promise.all(written)).toEqual(['A', 'B']);
  });

  it('leaves out what nobody waits for any more, and nothing else', async () => {
    const { group, gates } = gatedStore();
    const givenUp = new AbortController();
    const first = group.add('a');
    const late = group.add('b', givenUp.signal);
    const other = group.add('c', new AbortController().signal);
    givenUp.abort(new Error('answered already'));
    gates[0]?.open();
    await expect(late).rejects.toThrow('answered already');
    expect(await first).toBe('A');
    expect(gates.map(({ items }) => items)).toEqual([['a'], ['c']]);
    gates[1]?.open();
    expect(await other).toBe('C');
  });

  it('loses no neighbour of an item that cannot be written', async () => {
    const write = async (items: readonly string[]): Promise<readonly string[]> => {
      if (items.includes('bad')) throw new Error('broken value');
      return await Promise.resolve(items);
    };
    const group = new GroupCommit(write, { inFlight: 1, waiting: 100, weightOf: () => 1, weightPerGroup: 100 });
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
    const group = new GroupCommit<string, string>(write, {
      inFlight: 1,
      waiting: 100,
      weightOf: () => 1,
      weightPerGroup: 100,
    });
    const results = await Promise.allSettled(['a', 'b', 'c'].map(async (item) => await group.add(item)));
    expect(results.every(({ status }) => status === 'rejected')).toBe(true);
    expect(writes).toBe(2);
  });
});
