import { beforeEach, describe, expect, it } from 'vitest';
import { InMemoryIncidents } from '../../../../test/fakes/in-memory-incidents.js';
import { VirtualClock } from '../../../../test/fakes/virtual-clock.js';
import type { WorkOverview } from '../postgres/work-overview.js';
import { BacklogWatch } from './backlog-watch.js';

const minuteMs = 60_000;
let clock: VirtualClock;
let book: InMemoryIncidents;
/** Age of the oldest; undefined: the database cannot be asked. */
let minutes: number | undefined;
let watch: BacklogWatch;

beforeEach(() => {
  clock = new VirtualClock();
  book = new InMemoryIncidents(clock);
  const figures = {
    accepted: 3,
    ended: {},
    open: [],
    repliesSent: 0,
    repliesWaiting: 0,
    replyActions: {},
    openIncidents: {},
    hideReviews: {},
  };
  const work = { ...figures, underWay: { received: 3 } };
  const overview = async (): Promise<WorkOverview | undefined> =>
    await Promise.resolve(minutes === undefined ? undefined : { ...work, oldestUndecidedMs: minutes * minuteMs });
  watch = new BacklogWatch(book, overview, clock);
});

async function isOpenAfter(age: number | undefined): Promise<boolean> {
  minutes = age;
  await watch.look();
  return book.isOpen('backlog-old', 'comments');
}

describe('comments that nobody has understood yet', () => {
  // CL-6
  it('are told when the oldest is fifteen minutes old, and over when they are a few minutes old again', async () => {
    expect(await isOpenAfter(14)).toBe(false);
    expect(await isOpenAfter(15)).toBe(true);
    expect(book.all[0]?.detail).toEqual({ 'oldest, minutes': 15, comments: 3 });
    expect(await isOpenAfter(undefined)).toBe(true);
    expect(await isOpenAfter(10)).toBe(true);
    expect(await isOpenAfter(4)).toBe(false);
    expect(book.all).toHaveLength(1);
  });

  // audit 29: one outage is one message
  it.each([
    ['upstream-away', 'openai'],
    ['access-refused', 'openai classification'],
    ['quota-used-up', 'model'],
    ['queue-away', 'queue'],
    ['database-away', 'database'],
  ] as const)('are not told besides %s of %s, nor while they are caught up with afterwards', async (kind, subject) => {
    await book.open({ kind, subject });
    expect(await isOpenAfter(60)).toBe(false);
    await book.close(kind, subject);
    clock.pass(29 * minuteMs);
    expect(await isOpenAfter(89)).toBe(false);
    clock.pass(2 * minuteMs);
    expect(await isOpenAfter(91)).toBe(true); // that is no catching up any more
  });

  it('are told when what is away is not what they wait for', async () => {
    await book.open({ kind: 'upstream-away', subject: 'telegram' });
    expect(await isOpenAfter(15)).toBe(true);
  });
});
