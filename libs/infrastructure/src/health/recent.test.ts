import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Recent } from './recent.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('an answer that may be some seconds old', () => {
  it('is asked for once however many want it, and again when it is old', async () => {
    let asked = 0;
    const recent = new Recent(async () => {
      asked += 1;
      return await Promise.resolve(asked);
    });
    expect(await Promise.all([recent.read(), recent.read()])).toEqual([1, 1]);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(await recent.read()).toBe(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await recent.read()).toBe(2);
  });

  it('is asked for less often when asking takes long', async () => {
    const recent = new Recent(async () => await new Promise<number>((resolve) => setTimeout(resolve, 500, 1)));
    const first = recent.read();
    await vi.advanceTimersByTimeAsync(500);
    expect(await first).toBe(1);
    await vi.advanceTimersByTimeAsync(9_000);
    expect(await recent.read()).toBe(1);
  });

  it('is unknown while nobody answers, and one question is enough', async () => {
    let asked = 0;
    const recent = new Recent(async () => {
      asked += 1;
      return await new Promise<never>(() => undefined);
    });
    const reads = Promise.all([recent.read(), recent.read()]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await reads).toEqual([undefined, undefined]);
    const again = recent.read();
    await vi.advanceTimersByTimeAsync(1_000);
    expect([await again, asked]).toEqual([undefined, 1]);
  });

  it('is asked for again after a failure', async () => {
    const answers = [Promise.reject(new Error('away')), Promise.resolve(1)];
    const recent = new Recent(async () => (await answers.shift()) ?? 0);
    expect(await recent.read()).toBeUndefined();
    expect(await recent.read()).toBe(1);
  });
});
