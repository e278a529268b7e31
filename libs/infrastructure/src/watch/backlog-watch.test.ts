import { describe, expect, it } from 'vitest';
import { InMemoryIncidents } from '../../../../test/fakes/in-memory-incidents.js';
import { BacklogWatch } from './backlog-watch.js';

describe('comments that nobody has understood yet', () => {
  // CL-6
  it('are told when the oldest is fifteen minutes old, and over when they are a few minutes old again', async () => {
    const book = new InMemoryIncidents();
    let minutes: number | undefined = 14;
    const watch = new BacklogWatch(book, async () => {
      const work = { accepted: 3, ended: {}, open: [], repliesSent: 0, openIncidents: {}, underWay: { received: 3 } };
      return await Promise.resolve(
        minutes === undefined ? undefined : { ...work, oldestUndecidedMs: minutes * 60_000 },
      );
    });
    const isOpenAfter = async (age: number | undefined): Promise<boolean> => {
      minutes = age;
      await watch.look();
      return book.isOpen('backlog-old', 'comments');
    };
    expect(await isOpenAfter(14)).toBe(false);
    expect(await isOpenAfter(15)).toBe(true);
    expect(book.all[0]?.detail).toEqual({ 'oldest, minutes': 15, comments: 3 });
    expect(await isOpenAfter(undefined)).toBe(true);
    expect(await isOpenAfter(10)).toBe(true);
    expect(await isOpenAfter(4)).toBe(false);
    expect(book.all).toHaveLength(1);
  });
});
