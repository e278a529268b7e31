import { describe, expect, it } from 'vitest';
import { usageOf } from './instagram-usage.js';

const header = (value: unknown): string => JSON.stringify(value);
const entry = (more: object): object => ({
  type: 'instagram',
  call_count: 3,
  total_cputime: 2,
  total_time: 1,
  ...more,
});

describe('the usage that Instagram tells with an answer', () => {
  it.each([
    [
      'the fullest of all that are counted',
      {
        'x-app-usage': header({ call_count: 12, total_time: 83, total_cputime: 1 }),
        'x-business-use-case-usage': header({ 1: [entry({})] }),
      },
      83,
      0,
    ],
    [
      'the longest wait of all, in minutes',
      {
        'x-business-use-case-usage': header({
          1: [entry({ estimated_time_to_regain_access: 2 })],
          2: [entry({ call_count: 95, estimated_time_to_regain_access: 7 })],
        }),
      },
      95,
      420_000,
    ],
    ['what there is of it', { 'x-app-usage': header({ call_count: 5 }), 'x-business-use-case-usage': '{broken' }, 5, 0],
  ])('is %s', (_what, headers, percent, regainMs) => {
    expect(usageOf({ headers })).toEqual({ percent, regainMs });
  });

  it.each([{}, { 'x-app-usage': 'plenty' }, { 'x-app-usage': ['{}', '{}'] }, { 'x-business-use-case-usage': '[]' }])(
    'is unknown where it cannot be read: %o',
    (headers) => {
      expect(usageOf({ headers })).toBeUndefined();
    },
  );
});
