import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import type { FileStore } from '#domain/knowledge/file-store.js';

export interface StoreUnderTest {
  readonly store: FileStore;
  /** How many things it holds, whole or not: read from what is behind it. */
  readonly holds: () => Promise<number>;
  /** Makes all that it holds as old as this. */
  readonly age: (when: Date) => Promise<void>;
}

const most = 50 * 1024 * 1024;

async function* pieces(count: number, size: number): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < count; index += 1) yield await Promise.resolve(Buffer.alloc(size, index));
}

/** What each store of files promises. */
export function fileStoreContract(make: () => Promise<StoreUnderTest>): void {
  // KN-7
  it.each([
    ['nothing', 0, 0],
    ['a few bytes', 1, 11],
    ['more than one part of an upload', 23, 512 * 1024],
  ])('keeps %s byte for byte, and says how many bytes and which hash', async (_, count, size) => {
    const { store, holds } = await make();
    const all = await buffer(pieces(count, size));
    const kept = await store.put(pieces(count, size), most);
    expect(kept).toMatchObject({ bytes: count * size, hash: createHash('sha256').update(all).digest('hex') });
    expect((await buffer(await store.open(kept.key))).equals(all)).toBe(true);
    expect(await holds()).toBe(1);
  });

  it('gives each file a name of its own, which nobody outside has chosen', async () => {
    const { store } = await make();
    const first = await store.put(pieces(1, 5), most);
    const second = await store.put(pieces(1, 5), most);
    expect(first.key).toMatch(/^[0-9a-f-]{36}$/);
    expect(second.key).not.toBe(first.key);
    expect(second.hash).toBe(first.hash);
  });

  it.each([
    ['at once', 1, 100, 99],
    ['in the middle of the parts', 20, 1024 * 1024, 11 * 1024 * 1024],
  ])('takes no more than the cap, and leaves nothing of what was too large: %s', async (_, count, size, cap) => {
    const { store, holds } = await make();
    await expect(store.put(pieces(count, size), cap)).rejects.toMatchObject({ kind: 'invalid' });
    expect(await holds()).toBe(0);
  });

  it.each([
    ['before the first byte', 0],
    ['after the first bytes', 1],
    ['after some parts of an upload', 14],
  ])('leaves nothing of what breaks off %s, and says what broke', async (_, whole) => {
    const { store, holds } = await make();
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield* pieces(whole, 1024 * 1024);
      throw new Error('the line was cut');
    }
    await expect(store.put(broken(), most)).rejects.toThrow('the line was cut');
    expect(await holds()).toBe(0);
  });

  it('removes a file, also twice, and then has none of that key', async () => {
    const { store, holds } = await make();
    const { key } = await store.put(pieces(1, 5), most);
    await store.remove(key);
    await store.remove(key);
    expect(await holds()).toBe(0);
    await expect(store.open(key)).rejects.toMatchObject({ kind: 'not-found' });
  });

  it.each(['../../etc/passwd', '/etc/passwd', '..', '', 'unfinished', 'a\0b', 'x'.repeat(300), 'AUX'])(
    'has nothing under a name that it did not give: %j',
    async (key) => {
      const { store } = await make();
      await expect(store.open(key)).rejects.toMatchObject({ kind: 'not-found' });
      await expect(store.remove(key)).resolves.toBeUndefined();
    },
  );

  it('names what is older than a time, over any number of pages', async () => {
    const { store, age } = await make();
    const old: string[] = [];
    for (let index = 0; index < 5; index += 1) old.push((await store.put(pieces(1, 5), most)).key);
    await age(new Date('2026-01-01T00:00:00Z'));
    await store.put(pieces(1, 5), most);
    expect((await all(store.olderThan(new Date('2026-01-02T00:00:00Z')))).toSorted()).toEqual(old.toSorted());
    expect(await all(store.olderThan(new Date('2025-12-31T00:00:00Z')))).toEqual([]);
  });
}

async function all(keys: AsyncIterable<string>): Promise<string[]> {
  const found: string[] = [];
  for await (const key of keys) found.push(key);
  return found;
}
