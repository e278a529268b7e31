import { describe, expect, it } from 'vitest';
import { isTimeZone, isWithin, minutesOf, overlap } from './hours.js';
import { weekdays, type Hours } from './settings.js';

const everyNight: Hours = { days: [...weekdays], from: '22:00', to: '06:30' };
const fridayNight: Hours = { days: ['fri'], from: '22:00', to: '06:00' };
const sundayNight: Hours = { days: ['sun'], from: '23:00', to: '01:00' };
const saturdays: Hours = { days: ['sat'], from: '00:00', to: '24:00' };

// 2026-11-20 is a Friday.
describe('the hours of a window', () => {
  it.each([
    [everyNight, 'Europe/Berlin', '2026-11-20T20:59:00Z', false],
    [everyNight, 'Europe/Berlin', '2026-11-20T21:00:00Z', true],
    [everyNight, 'Europe/Berlin', '2026-11-21T05:29:59Z', true],
    [everyNight, 'Europe/Berlin', '2026-11-21T05:30:00Z', false],
    // The same minute is day in Berlin and night in Vladivostok.
    [everyNight, 'Asia/Vladivostok', '2026-11-20T14:00:00Z', true],
    // Summer: the clocks of Berlin are two hours ahead.
    [everyNight, 'Europe/Berlin', '2026-07-20T20:00:00Z', true],
    [fridayNight, 'UTC', '2026-11-20T23:00:00Z', true],
    [fridayNight, 'UTC', '2026-11-21T05:00:00Z', true],
    [fridayNight, 'UTC', '2026-11-21T23:00:00Z', false],
    [fridayNight, 'UTC', '2026-11-20T05:00:00Z', false],
    [sundayNight, 'UTC', '2026-11-23T00:30:00Z', true],
    [sundayNight, 'UTC', '2026-11-22T00:30:00Z', false],
    [saturdays, 'UTC', '2026-11-21T00:00:00Z', true],
    [saturdays, 'UTC', '2026-11-21T23:59:59Z', true],
    [saturdays, 'UTC', '2026-11-22T00:00:00Z', false],
    // Saturday has begun in Auckland while it is Friday in Greenwich.
    [saturdays, 'Pacific/Auckland', '2026-11-20T12:00:00Z', true],
  ] as const)('%j in %s at %s: %s', (hours, zone, at, inside) => {
    expect(isWithin(hours, zone, new Date(at))).toBe(inside);
  });

  it.each([
    [fridayNight, saturdays, true],
    [fridayNight, { days: ['sat'], from: '06:00', to: '22:00' }, false],
    [sundayNight, { days: ['mon'], from: '00:00', to: '08:00' }, true],
    [sundayNight, { days: ['mon'], from: '01:00', to: '08:00' }, false],
    [everyNight, { days: ['wed'], from: '12:00', to: '13:00' }, false],
    [everyNight, everyNight, true],
  ] as const)('%j and %j share a minute: %s', (one, other, shared) => {
    const both = [one, other].map(({ days, from, to }) => ({ days: [...days], from, to }));
    const [first = one, second = other] = both;
    expect(overlap({ ...first, days: [...first.days] }, { ...second, days: [...second.days] })).toBe(shared);
    expect(overlap({ ...second, days: [...second.days] }, { ...first, days: [...first.days] })).toBe(shared);
  });
});

it.each([
  ['Europe/Berlin', true],
  ['UTC', true],
  ['America/Argentina/Buenos_Aires', true],
  ['Europe/Atlantis', false],
  ['+05:00', false],
  ['', false],
  ['Berlin', false],
])('a time zone is a place with clocks: %j %s', (name, known) => {
  expect(isTimeZone(name)).toBe(known);
});

it.each([
  ['00:00', 0],
  ['06:30', 390],
  ['24:00', 1_440],
  ['24:01', undefined],
  ['6:30', undefined],
  ['12:60', undefined],
  ['99:00', undefined],
  ['noon', undefined],
])('a time of the day: %s', (text, minutes) => {
  expect(minutesOf(text)).toBe(minutes);
});
