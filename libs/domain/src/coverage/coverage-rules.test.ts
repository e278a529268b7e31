import { describe, expect, it } from 'vitest';
import { MediaId } from '../shared/ids.js';
import { isCovered, judgeCoverage, missingSince, sourceOf } from './coverage-rules.js';

const now = new Date('2026-11-20T12:00:00Z');
const before = (minutes: number): Date => new Date(now.getTime() - minutes * 60_000);
const media = (comments: number) => ({ id: MediaId.parse('1'), kind: undefined, postedAt: undefined, comments });
const look = (given: object = {}) => ({
  counted: 10,
  known: 9,
  unexplained: 1,
  whole: true,
  continueAt: undefined,
  at: before(5),
  ...given,
});

describe('a post', () => {
  it.each([
    ['nothing changed', 10, 9, look(), true],
    ['what is new came by webhook', 12, 11, look(), true],
    ['one more is counted than came', 12, 10, look(), false],
    ['it was never looked at', 0, 0, undefined, false],
    ['its first reading is not finished', 10, 9, look({ whole: false }), false],
    ['the last look is an hour ago: a deleted one may hide a new one', 10, 9, look({ at: before(60) }), false],
    ['comments were deleted', 7, 9, look(), true],
  ])('is covered or not: %s', (_what, counted, known, lastLook, covered) => {
    expect(isCovered(media(counted), { known, lastCameAt: undefined, lastLook }, now)).toBe(covered);
  });

  it('never seen before misses all that it has and we do not know', () => {
    expect(missingSince(media(5), { known: 2, lastLook: undefined })).toBe(3);
  });
});

describe('a comment that nobody told us about', () => {
  const at = { now, connectedAt: before(60), graceMs: 120_000 };

  it.each([
    ['is left to its webhook at first', before(1), undefined],
    ['is found after that', before(3), 'polling'],
    ['is history when it was there before the account', before(61), 'history'],
    ['is history when nobody knows its age', undefined, 'history'],
  ])('%s', (_what, writtenAt, source) => {
    expect(sourceOf({ writtenAt }, at)).toBe(source);
  });

  it('of the second of connecting is new, whatever the platform rounds', () => {
    const connectedAt = new Date(before(60).getTime() + 700);
    expect(sourceOf({ writtenAt: before(60) }, { ...at, connectedAt })).toBe('polling');
  });

  it('is not answered a week too late', () => {
    const connectedAt = before(60 * 24 * 20);
    expect(sourceOf({ writtenAt: before(60 * 24 * 6) }, { ...at, connectedAt })).toBe('polling');
    expect(sourceOf({ writtenAt: before(60 * 24 * 8) }, { ...at, connectedAt })).toBe('history');
  });
});

describe('the last hour', () => {
  it.each([
    [100, 0, 'clean'],
    [0, 0, 'clean'],
    [100, 2, undefined],
    [1_000, 30, undefined],
    [40, 3, 'events-missing'],
    [0, 1, 'events-missing'],
  ])('with %i by webhook and %i found is told as it is', (seenByWebhook, foundByPolling, judgement) => {
    expect(judgeCoverage({ seenByWebhook, foundByPolling })).toBe(judgement);
  });
});
