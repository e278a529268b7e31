import { describe, expect, it } from 'vitest';
import { nestedDeeperThan, parseLossless } from './lossless-json.js';

describe('reading JSON without losing digits', () => {
  it.each([
    ['{"id":17841400000000012345}', { id: '17841400000000012345' }],
    ['[1234567890123456]', ['1234567890123456']],
    ['{"a":[{"b":{"id": 99999999999999999999 }}]}', { a: [{ b: { id: '99999999999999999999' } }] }],
    ['17841400000000012345', '17841400000000012345'],
  ])('keeps the digits of a bare id: %s', (json, value) => {
    expect(parseLossless(json)).toEqual(value);
  });

  it.each([
    ['{"text":"call 17841400000000012345 now"}', { text: 'call 17841400000000012345 now' }],
    [String.raw`{"text":"quote \" 17841400000000012345 \\","n":1}`, { text: 'quote " 17841400000000012345 \\', n: 1 }],
    [String.raw`{"text":"\\\"17841400000000012345"}`, { text: '\\"17841400000000012345' }],
    ['{"17841400000000012345":1}', { '17841400000000012345': 1 }],
  ])('leaves digits inside strings alone: %s', (json, value) => {
    expect(parseLossless(json)).toEqual(value);
  });

  it.each([
    ['{"time":1770000000,"ms":1770000000123}', { time: 1770000000, ms: 1770000000123 }],
    ['[1.2345678901234567,1e22,-17841400000000012345]', [1.2345678901234567, 1e22, Number('-17841400000000012345')]],
    ['[12345678901234567e0]', [Number('12345678901234567')]],
  ])('leaves other numbers numbers: %s', (json, value) => {
    expect(parseLossless(json)).toEqual(value);
  });

  it.each(['', '{', '"17841400000000012345', '{"id":0117841400000000012345}', '[17841400000000012345 1]', '"\\'])(
    'refuses what is not JSON: %s',
    (json) => {
      expect(() => parseLossless(json)).toThrow(SyntaxError);
    },
  );
});

describe('depth', () => {
  const nested = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));

  it('counts lists and objects inside each other', () => {
    expect(nestedDeeperThan(3, nested(3))).toBe(false);
    expect(nestedDeeperThan(3, nested(4))).toBe(true);
    expect(nestedDeeperThan(3, { a: [{ b: {} }] })).toBe(true);
    expect(nestedDeeperThan(0, 'text')).toBe(false);
  });

  it('walks a hundred thousand levels without running out of stack', () => {
    expect(nestedDeeperThan(200_000, nested(100_000))).toBe(false);
  });
});
