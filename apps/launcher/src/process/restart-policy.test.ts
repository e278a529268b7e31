import { describe, expect, it } from 'vitest';

import { RestartPolicy } from './restart-policy.js';

const killed = { code: null, text: 'SIGKILL' };
const misconfigured = { code: 78, text: 'exit code 78' };

describe('a dead child', () => {
  it('is started again after a growing pause', () => {
    const policy = new RestartPolicy();
    const pauses = Array.from({ length: 7 }, () => policy.afterEnd(killed, 100));
    expect(pauses).toEqual([1, 2, 4, 8, 16, 30, 30].map((seconds) => ({ delayMs: seconds * 1_000 })));
  });

  it('that was well for a minute starts again with the shortest pause', () => {
    const policy = new RestartPolicy();
    policy.afterEnd(killed, 100);
    policy.afterEnd(killed, 100);
    expect(policy.afterEnd(killed, 60_000)).toEqual({ delayMs: 1_000 });
  });

  it('is given up when its configuration is wrong five times in a row', () => {
    const policy = new RestartPolicy();
    const ends = [misconfigured, misconfigured, killed, ...Array.from({ length: 5 }, () => misconfigured)];
    expect(ends.map((end) => policy.afterEnd(end, 100) === 'give-up').indexOf(true)).toBe(ends.length - 1);
  });
});
