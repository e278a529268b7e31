import { beforeEach, describe, expect, it } from 'vitest';
import { AccountId } from '#domain/shared/ids.js';
import { InMemoryAllowances } from '../../../../test/fakes/in-memory-allowances.js';
import { VirtualClock } from '../../../../test/fakes/virtual-clock.js';
import { PlatformLimits } from './platform-limits.js';

const [busy, calm] = [AccountId.parse('1'), AccountId.parse('2')];

/** The book, with a note of what was written into it. */
class WatchedBook extends InMemoryAllowances {
  readonly written: string[] = [];
  away = false;
  before: Promise<void> | undefined;

  override async slowDown(of: string, percent: number): Promise<void> {
    if (this.away) throw new Error('the database is away');
    await this.before;
    this.written.push(`${of} at ${percent} %`);
    await super.slowDown(of, percent);
  }
}

let book: WatchedBook;
let failures: unknown[];

beforeEach(() => {
  book = new WatchedBook(new VirtualClock());
  failures = [];
});

const process = (): PlatformLimits => new PlatformLimits(book, (error) => failures.push(error));

describe('what a platform says about its limits', () => {
  it('is written at first, from 80 percent on when it changes, and when it falls below', async () => {
    const limits = process();
    for (const percent of [1, 79, 85, 85, 85.2, 91, 40, 30, 1]) {
      limits.heard(busy, { percent, regainMs: 0 });
      await new Promise(setImmediate);
    }
    // The first word of a process is: an earlier one may have left the account slowed down.
    expect(book.written).toEqual(['1 at 1 %', '1 at 85 %', '1 at 91 %', '1 at 40 %']);
  });

  it('is written in its order, however long one write takes: the last word counts', async () => {
    const limits = process();
    let answer = (): void => undefined;
    book.before = new Promise((resolve) => (answer = resolve));
    for (const percent of [100, 90, 1]) limits.heard(busy, { percent, regainMs: 0 });
    await new Promise(setImmediate);
    expect(book.written).toEqual([]);
    answer();
    await new Promise(setImmediate);
    expect(book.written).toEqual(['1 at 100 %', '1 at 1 %']);
  });

  it('is said again by the next answer when it could not be written', async () => {
    const limits = process();
    book.away = true;
    limits.heard(busy, { percent: 90, regainMs: 0 });
    await new Promise(setImmediate);
    expect(failures).toHaveLength(1);
    book.away = false;
    limits.heard(busy, { percent: 90, regainMs: 0 });
    await new Promise(setImmediate);
    expect(book.written).toEqual(['1 at 90 %']);
  });

  // M10
  it('stops every process from calling for that account until access comes back', async () => {
    const [one, other] = [process(), process()];
    one.heard(busy, { percent: 100, regainMs: 7 * 60_000 });
    for (const each of [one, other]) {
      await expect(each.mayCall(busy)).rejects.toMatchObject({ kind: 'rate-limited' });
      await expect(each.mayCall(calm)).resolves.toBeUndefined();
    }
  });
});
