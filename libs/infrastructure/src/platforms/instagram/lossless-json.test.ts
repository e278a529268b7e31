import * as fc from 'fast-check';
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

describe('whatever JSON comes', () => {
  // Written by hand, because JSON.stringify could not write the digits either.
  const space = fc.constantFrom('', '', ' ', '\n', '\t', '\r\n  ');
  const digits = fc.bigInt({ min: 1n, max: 10n ** 25n });
  const leaf = fc.oneof(
    digits.map((id) => ({ json: `${id}`, value: id < 10n ** 15n ? Number(id) : String(id) })),
    digits.map((id) => ({ json: `-${id}`, value: Number(-id) })),
    fc
      .double({ noNaN: true, noDefaultInfinity: true, maxExcluded: true, max: 1e15 })
      .map((value) => ({ json: String(value), value })),
    fc.string({ unit: 'binary' }).map((value) => ({ json: JSON.stringify(value), value })),
    digits.map((id) => ({ json: `": ${id} [${id},${id}"`, value: `: ${id} [${id},${id}` })),
    fc.constant({ json: 'null', value: null }),
  );
  const { document } = fc.letrec<{ document: { json: string; value: unknown } }>((tie) => ({
    document: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.array(fc.tuple(space, tie('document'), space), { maxLength: 4 }).map((items) => ({
        json: `[${items.map(([before, { json }, after]) => before + json + after).join(',')}]`,
        value: items.map(([, { value }]) => value),
      })),
      fc.array(fc.tuple(space, tie('document'), space), { maxLength: 4 }).map((items) => ({
        json: `{${items.map(([before, { json }, after], n) => `"k${n}":${before}${json}${after}`).join(',')}}`,
        value: Object.fromEntries(items.map(([, { value }], n) => [`k${n}`, value])),
      })),
    ),
  }));

  it('keeps each big id, wherever it stands, and changes nothing else', () => {
    const same = (value: unknown): unknown => (Object.is(value, -0) ? 0 : value);
    fc.assert(
      fc.property(document, ({ json, value }) => {
        expect(same(parseLossless(json))).toEqual(same(value));
      }),
    );
  });
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
