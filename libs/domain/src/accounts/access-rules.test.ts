import { describe, expect, it } from 'vitest';
import { expiryStage, isRenewable } from './access-rules.js';

const now = new Date('2026-11-20T12:00:00Z');
const days = (count: number): Date => new Date(now.getTime() + count * 86_400_000);

describe('access', () => {
  // audit 31, M11
  it.each([
    ['not while it is younger than a day', days(-0.9), undefined, false],
    ['as soon as it is a day old, when nobody knows its end', days(-1), undefined, true],
    ['not in the first half of its life', days(-20), days(40), false],
    ['in the last month', days(-31), days(29), true],
    ['not any more when it has ended', days(-61), days(-0.1), false],
  ])('is renewed: %s', (_what, since, expiresAt, renewable) => {
    expect(isRenewable({ since, expiresAt }, now)).toBe(renewable);
  });

  // T19
  it.each([
    [14.1, undefined],
    [14, 14],
    [7.1, 14],
    [7, 7],
    [1, 1],
    [0.5, 1],
    [0, 0],
    [-3, 0],
  ])('that ends in %d days is at stage %s', (left, stage) => {
    expect(expiryStage({ since: days(-50), expiresAt: days(left) }, now)).toBe(stage);
  });
});
