import { describe, expect, it } from 'vitest';
import { distrusted, type Plan } from './triage.js';

// T29
describe('a verdict that somebody may have ordered', () => {
  const plan: Plan = { reply: 'none', hide: 'now', alert: false, decisions: [] };

  it('hides nothing by itself: a person is asked', () => {
    expect(distrusted(plan)).toEqual({ ...plan, hide: 'suggest', decisions: [{ reason: 'hide-distrusted' }] });
  });

  it('changes nothing else', () => {
    for (const hide of ['none', 'suggest'] as const) expect(distrusted({ ...plan, hide })).toEqual({ ...plan, hide });
  });
});
