import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LogAtMost } from './log-at-most.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('a flood of failures is one line a second, and none is left uncounted', () => {
  const written: string[] = [];
  const log = new LogAtMost((leftOut) => written.push(`${leftOut} more`));
  const burst = (count: number): void => {
    for (let left = count; left > 0; left -= 1) log.write(() => written.push('a line'));
  };
  burst(10_000);
  expect(written).toEqual(['a line']);
  vi.advanceTimersByTime(1_000);
  expect(written).toEqual(['a line', '9999 more']);
  burst(5);
  vi.advanceTimersByTime(1_000);
  expect(written).toEqual(['a line', '9999 more', '5 more']);
  vi.advanceTimersByTime(5_000);
  burst(1);
  expect(written).toEqual(['a line', '9999 more', '5 more', 'a line']);
});
