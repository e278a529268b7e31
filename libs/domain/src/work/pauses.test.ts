import { describe, expect, it } from 'vitest';
import { mayResume } from './pauses.js';

const at = new Date('2026-11-20T10:00:00Z');
const after = (minutes: number): Date => new Date(at.getTime() + minutes * 60_000);

describe('an access that the platform accepts again', () => {
  it('is used again at once after the first pause', () => {
    expect(mayResume({ at, times: 1 }, at)).toBe(true);
  });

  it.each([
    [2, 1],
    [3, 10],
    [12, 10],
  ])('is used again only after a while when it was refused %d times within a week', (times, minutes) => {
    expect(mayResume({ at, times }, after(minutes - 0.1))).toBe(false);
    expect(mayResume({ at, times }, after(minutes))).toBe(true);
  });
});
