import { describe, expect, it } from 'vitest';
import { mondayNamed, mondayOf, weekNameOf } from './iso-week.js';

describe('the weeks of ISO 8601', () => {
  it.each([
    ['2026-11-21T23:59:59Z', '2026-W47', '2026-11-16'],
    ['2026-11-23T00:00:00Z', '2026-W48', '2026-11-23'],
    ['2027-01-01T12:00:00Z', '2026-W53', '2026-12-28'], // the new year begins on a Friday
    ['2024-12-30T00:00:00Z', '2025-W01', '2024-12-30'],
    ['2023-01-01T00:00:00Z', '2022-W52', '2022-12-26'],
  ])('%s lies in %s, which begins on %s', (moment, name, monday) => {
    expect(weekNameOf(new Date(moment))).toBe(name);
    expect(mondayOf(new Date(moment)).toISOString()).toBe(`${monday}T00:00:00.000Z`);
    expect(mondayNamed(name)?.toISOString()).toBe(`${monday}T00:00:00.000Z`);
  });

  it.each(['2025-W53', '2026-W00', '2026-W54', '2026-47', '26-W47', '', '2026-W47 '])('%j is none', (name) => {
    expect(mondayNamed(name)).toBeUndefined();
  });
});
