import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError, errorKinds, type ErrorKind } from '#domain/shared/errors.js';
import { Guard } from './guarded.js';
import { onVendorEvent } from './vendor-events.js';
import { vendorError } from './vendor-failures.js';

const pauseMs = 30_000;
let guard: Guard;

beforeEach(() => {
  vi.useFakeTimers();
  guard = new Guard({ name: 'vendor call', timeoutMs: 5_000, pauseMs });
});
afterEach(() => {
  guard.shutdown();
  vi.useRealTimers();
});

const answer = async (kind: ErrorKind): Promise<never> => {
  throw new AppError(kind, kind);
};
const fail = async (times: number, kind: ErrorKind = 'unavailable'): Promise<void> => {
  for (let left = times; left > 0; left -= 1) await expect(guard.run(() => answer(kind))).rejects.toThrow(kind);
};
const open = async (): Promise<void> => {
  await fail(10);
  expect(guard.state().state).toBe('open');
};
/** A call that ends when the test says so. */
function held(): { run: Promise<string>; started: () => boolean; finish: () => void; signal: () => AbortSignal } {
  let finish = (): void => undefined;
  let signal: AbortSignal | undefined;
  const run = guard.run((given) => {
    signal = given;
    return new Promise<string>((resolve, reject) => {
      finish = () => resolve('done');
      given.addEventListener('abort', () => reject(new AppError('unavailable', 'aborted', { cause: given.reason })));
    });
  });
  run.catch(() => undefined);
  return {
    run,
    started: () => signal !== undefined,
    finish: () => finish(),
    signal: () => signal ?? AbortSignal.abort(),
  };
}

describe('a guarded call', () => {
  it('returns what the call returns and throws what it throws', async () => {
    await expect(guard.run(async () => 7)).resolves.toBe(7);
    await expect(guard.run(async () => undefined)).resolves.toBeUndefined();
    const error = new AppError('gone', 'deleted');
    await expect(
      guard.run(async () => {
        throw error;
      }),
    ).rejects.toBe(error);
  });

  it('is aborted at its own deadline, and no other call with it', async () => {
    const slow = held();
    await vi.advanceTimersByTimeAsync(4_000);
    const other = held();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(slow.signal().aborted).toBe(true);
    expect(String(slow.signal().reason)).toContain('no answer within 5000 ms');
    expect(other.signal().aborted).toBe(false);
    other.finish();
    await expect(other.run).resolves.toBe('done');
    const later = held();
    expect(later.signal().aborted).toBe(false);
    later.finish();
    await later.run;
  });

  it('stops when its caller stops, which says nothing about the vendor', async () => {
    for (let count = 0; count < 30; count += 1) {
      const caller = new AbortController();
      const run = guard.run((signal) => {
        caller.abort(new Error('lease lost'));
        return signal.aborted ? answer('unavailable') : Promise.resolve();
      }, caller.signal);
      await expect(run).rejects.toMatchObject({ kind: 'unavailable' });
    }
    expect(guard.state().state).toBe('closed');
  });

  it('is not begun when its caller has stopped already', async () => {
    const call = vi.fn<() => Promise<number>>(async () => 1);
    await expect(guard.run(call, AbortSignal.abort())).rejects.toMatchObject({ kind: 'unavailable' });
    expect(call).not.toHaveBeenCalled();
  });

  it('leaves no timer behind', async () => {
    const before = vi.getTimerCount();
    await guard.run(async () => 1);
    expect(vi.getTimerCount()).toBe(before);
    guard.shutdown();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the circuit', () => {
  it.each(errorKinds.filter((kind) => kind !== 'unavailable' && kind !== 'ambiguous'))(
    'stays closed in a storm of answers that say "%s"',
    async (kind) => {
      await fail(200, kind);
      expect(guard.state()).toEqual({ name: 'vendor call', state: 'closed' });
    },
  );

  it.each<ErrorKind>(['unavailable', 'ambiguous'])(
    'opens at the tenth call that ends "%s", not before',
    async (kind) => {
      await fail(9, kind);
      expect(guard.state().state).toBe('closed');
      await fail(1, kind);
      expect(guard.state().state).toBe('open');
    },
  );

  it('takes an error that nobody translated for a failure', async () => {
    for (let left = 10; left > 0; left -= 1) {
      await expect(guard.run(() => Promise.reject(new TypeError('odd')))).rejects.toThrow('odd');
    }
    expect(guard.state().state).toBe('open');
  });

  it('stays closed while most calls succeed', async () => {
    for (let round = 0; round < 30; round += 1) {
      await guard.run(async () => 1);
      await guard.run(async () => 1);
      await guard.run(async () => 1);
      await fail(1);
    }
    expect(guard.state().state).toBe('closed');
  });

  it('forgets failures that are older than its window', async () => {
    await fail(9);
    await vi.advanceTimersByTimeAsync(60_000);
    await fail(9);
    expect(guard.state().state).toBe('closed');
  });

  it('keeps calls away while it is open, and says when to come back', async () => {
    await open();
    await vi.advanceTimersByTimeAsync(10_000);
    const call = vi.fn<() => Promise<number>>(async () => 1);
    await expect(guard.run(call)).rejects.toMatchObject({
      kind: 'unavailable',
      retryAfterMs: 20_000,
      detail: { circuit: 'open' },
    });
    expect(call).not.toHaveBeenCalled();
    expect(guard.state()).toEqual({ name: 'vendor call', state: 'open', nextTryInMs: 20_000 });
  });

  // T11: served again within half a minute of a vendor's return, with a comment's way and the jitter of waiting work
  it('finds a vendor that is back within a quarter of a minute, unless told otherwise', async () => {
    guard.shutdown();
    guard = new Guard({ name: 'vendor call', timeoutMs: 5_000 });
    await open();
    await vi.advanceTimersByTimeAsync(15_000);
    expect(guard.state().state).toBe('half-open');
  });

  it('lets exactly one call through as a probe, and closes when it succeeds', async () => {
    await open();
    await vi.advanceTimersByTimeAsync(pauseMs);
    expect(guard.state()).toEqual({ name: 'vendor call', state: 'half-open' });
    const calls = [held(), held(), held()];
    expect(calls.map((call) => call.started())).toEqual([true, false, false]);
    await expect(calls[1]?.run).rejects.toMatchObject({ kind: 'unavailable', retryAfterMs: 1_000 });
    calls[0]?.finish();
    await expect(calls[0]?.run).resolves.toBe('done');
    expect(guard.state().state).toBe('closed');
  });

  it('opens again when the probe fails', async () => {
    await open();
    await vi.advanceTimersByTimeAsync(pauseMs);
    await fail(1);
    expect(guard.state()).toMatchObject({ state: 'open', nextTryInMs: pauseMs });
  });

  const provesNothing: readonly ErrorKind[] = ['unavailable', 'ambiguous', 'rate-limited'];

  it.each(provesNothing)('is not closed by a probe that is answered "%s"', async (kind) => {
    await open();
    await vi.advanceTimersByTimeAsync(pauseMs);
    await fail(1, kind);
    expect(guard.state().state).toBe('open');
    await vi.advanceTimersByTimeAsync(pauseMs);
    await guard.run(async () => 1);
    expect(guard.state().state).toBe('closed');
  });

  it.each(errorKinds.filter((kind) => !provesNothing.includes(kind)))(
    'is closed by a probe that is answered "%s": who says no is there',
    async (kind) => {
      await open();
      await vi.advanceTimersByTimeAsync(pauseMs);
      await fail(1, kind);
      expect(guard.state().state).toBe('closed');
    },
  );

  it('stays open when the probe\u2019s caller gives up', async () => {
    await open();
    await vi.advanceTimersByTimeAsync(pauseMs);
    const caller = new AbortController();
    const run = guard.run(async () => {
      caller.abort();
      return await answer('gone');
    }, caller.signal);
    await expect(run).rejects.toMatchObject({ kind: 'gone' });
    expect(guard.state().state).toBe('open');
  });

  it('is not opened by ten thousand refusals', async () => {
    // audit 27, T17
    await fail(10_000, 'rejected');
    expect(guard.state().state).toBe('closed');
  });

  it('lets at most ten calls through once every call fails, also when a hundred are asked for', async () => {
    // audit 27, T17
    const call = vi.fn<() => Promise<never>>(async () => await answer('unavailable'));
    for (let left = 100; left > 0; left -= 1) await guard.run(call).catch(() => undefined);
    expect(call).toHaveBeenCalledTimes(10);
  });

  it('tells each change of its state, and how each call ended', async () => {
    const told: string[] = [];
    const end = onVendorEvent((event) => told.push(event.kind === 'called' ? event.outcome : event.state));
    await guard.run(async () => 1);
    await expect(guard.run(() => Promise.reject(vendorError('gone', 'x', { creates: true })))).rejects.toThrow('x');
    await fail(8);
    await guard.run(async () => 1).catch(() => undefined);
    await vi.advanceTimersByTimeAsync(pauseMs);
    await guard.run(async () => 1);
    end();
    await guard.run(async () => 1);
    const failures = Array.from({ length: 8 }, () => 'other');
    expect(told).toEqual(['ok', 'gone', ...failures, 'open', 'not-tried', 'half-open', 'ok', 'closed']);
  });

  it('of one kind of call does not open another', async () => {
    const other = new Guard({ name: 'other call', timeoutMs: 5_000 });
    await open();
    await expect(other.run(async () => 1)).resolves.toBe(1);
    other.shutdown();
  });
});
