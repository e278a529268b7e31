import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Explanations, pauseBefore } from './explanations.js';
import { SandboxError } from './sandbox-api.js';
import type { Explanation } from './wire.js';

describe('explanations of the comments on screen', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('are read again until the comment is final, and not once more', async () => {
    const stages = ['received', 'acting', 'done', 'done', 'done'];
    const read = vi.fn(async () => inStage(stages.shift() ?? 'done'));
    const explanations = new Explanations(read);
    explanations.watch('1');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(read).toHaveBeenCalledTimes(3);
    expect(explanations.get('1').explanation?.comment.stage).toBe('done');
  });

  it('are left alone when nobody looks any more', async () => {
    const read = vi.fn(async () => inStage('received'));
    const unwatch = new Explanations(read).watch('1');
    await vi.advanceTimersByTimeAsync(0);
    unwatch();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(read).toHaveBeenCalledTimes(1);
  });

  it('say that the system has not heard of a comment, and keep asking', async () => {
    let known = false;
    const explanations = new Explanations(async () => {
      if (!known) throw new SandboxError('not found', 404);
      return inStage('done');
    });
    explanations.watch('1');
    await vi.advanceTimersByTimeAsync(0);
    expect(explanations.get('1')).toMatchObject({ unheard: true, problem: undefined });
    known = true;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(explanations.get('1').explanation?.comment.stage).toBe('done');
  });

  it('keep what was known while the api is away, and say why nothing is new', async () => {
    let away = false;
    const explanations = new Explanations(async () => {
      if (away) throw new SandboxError('The api does not answer: refused', 502);
      return inStage('acting');
    });
    explanations.watch('1');
    await vi.advanceTimersByTimeAsync(0);
    away = true;
    await vi.advanceTimersByTimeAsync(1_000);
    const told = explanations.get('1');
    expect(told.problem).toBe('The api does not answer: refused');
    expect(told.explanation?.comment.stage).toBe('acting');
  });

  it('of many comments are asked for four at a time', async () => {
    let running = 0;
    let most = 0;
    const explanations = new Explanations(async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 10));
      running -= 1;
      return inStage('done');
    });
    for (let id = 0; id < 30; id += 1) explanations.watch(String(id));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(most).toBe(4);
    expect(explanations.get('29').explanation).toBeDefined();
  });

  it('are asked for at growing pauses, never longer than five seconds', () => {
    expect([0, 5, 20].map((look) => Math.round(pauseBefore(look)))).toEqual([400, 1794, 5000]);
  });
});

function inStage(stage: string): Explanation {
  const comment = { id: '1', stage, outcome: null, actions: [], hidden: false, verdict: null, reply: null };
  return { comment, decisions: [] };
}
