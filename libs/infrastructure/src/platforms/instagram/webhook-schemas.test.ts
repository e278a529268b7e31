import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commentValue, readUsualComment } from './webhook-schemas.js';

const id = fc.oneof(
  fc.bigInt({ min: 1n, max: 10n ** 20n }).map(String),
  fc.constantFrom('', 'a b', 'x'.repeat(65), 'ok-id_1'),
  fc.constantFrom(null, undefined, 7, -1, 1.5, {}),
);
const words = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('a\0b', '\uD800', '', null, undefined, 3));
const record = (shape: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 8, arbitrary: fc.record(shape, { requiredKeys: [] }) },
    { weight: 1, arbitrary: fc.constantFrom(null, undefined, [], 'x') },
  );
const value = record({
  id,
  comment_id: fc.option(id, { freq: 2, nil: undefined }),
  text: words,
  from: record({ id, username: words, self_ig_scoped_id: fc.option(id, { freq: 2, nil: undefined }) }),
  media: record({ id, media_product_type: words, ad_id: id, original_media_id: id }),
  parent_id: id,
  like_count: fc.nat(),
});

describe('a comment that looks as nearly all do', () => {
  const usual = {
    id: '17865799348089039',
    text: 'How much?',
    from: { id: '232323232', username: 'anna' },
    media: { id: '18000000000000001', media_product_type: 'FEED' },
  };

  it.each([usual, { ...usual, parent_id: '1' }, { ...usual, text: 'a\0b\uD800', extra: { deep: [] } }])(
    'is read without the schema, and alike: %j',
    (comment) => {
      expect(readUsualComment(comment)).toBeDefined();
      expect(readUsualComment(comment)).toEqual(commentValue.parse(comment));
    },
  );

  it('is never read otherwise than the schema reads it, whatever comes', () => {
    fc.assert(
      fc.property(value, (comment) => {
        const read = readUsualComment(comment);
        expect(read).toEqual(read && commentValue.parse(comment));
      }),
      { numRuns: 2_000 },
    );
  });
});
