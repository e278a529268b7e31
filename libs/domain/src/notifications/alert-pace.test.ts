import { describe, expect, it } from 'vitest';
import { commentClassNames } from '../comments/verdict.js';
import { byPressure, countsOf, pressing, singlesPerMinute, togetherFrom } from './alert-pace.js';

describe('a chat', () => {
  it.each([
    [1, 1, 3],
    [18, 6, 3],
    [60, 20, 10],
  ])(
    'that takes %s messages a minute gets %s of them about one comment, and one about all when %s more wait',
    (messagesPerMinute, alone, many) => {
      expect([singlesPerMinute({ messagesPerMinute }), togetherFrom({ messagesPerMinute })]).toEqual([alone, many]);
    },
  );
});

describe('several comments in one message', () => {
  it('are counted by class, urgent ones first', () => {
    expect(countsOf(['spam', 'urgent', undefined, 'critical', 'urgent'])).toEqual([
      { class: 'urgent', count: 2 },
      { class: undefined, count: 1 },
      { class: 'critical', count: 1 },
      { class: 'spam', count: 1 },
    ]);
    expect(countsOf([])).toEqual([]);
  });

  it('stand in an order that has a place for every class', () => {
    expect(pressing).toEqual(expect.arrayContaining([...commentClassNames]));
    expect((['positive', 'critical', 'urgent'] as const).toSorted(byPressure)).toEqual([
      'urgent',
      'critical',
      'positive',
    ]);
  });
});
