import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commentClassNames, type CommentClass } from '../comments/verdict.js';
import { calibrationOf } from './calibration.js';
import { confusionOf } from './confusion.js';
import { costOf, estimatedTokens } from './model-cost.js';
import { differencesOf } from './plan-difference.js';
import { emptyTally, entriesOf, tallyOf, type Judged } from './tally.js';
import { adviseThreshold, lowerBound } from './threshold-advice.js';

const judged = (right: CommentClass, said: CommentClass | undefined, confidence = 90): Judged => ({
  right,
  said: said && { class: said, confidence },
});
const times = (count: number, one: Judged): Judged[] => Array.from({ length: count }, () => one);
const anyJudged: fc.Arbitrary<Judged> = fc.record({
  right: fc.constantFrom(...commentClassNames),
  said: fc.option(
    fc.record({ class: fc.constantFrom(...commentClassNames), confidence: fc.integer({ min: 0, max: 100 }) }),
    { nil: undefined },
  ),
});

describe('a tally', () => {
  it('counts each comment once, and in any order and any batches the same', () => {
    fc.assert(
      fc.property(fc.array(anyJudged), fc.nat(), (all, cut) => {
        const at = cut % (all.length + 1);
        const whole = tallyOf(all);
        expect(tallyOf(all.slice(0, at), tallyOf(all.slice(at)))).toEqual(whole);
        expect(entriesOf(whole).reduce((sum, { count }) => sum + count, 0)).toBe(all.length);
      }),
    );
  });

  it('keeps figures that a model should not have given within their bounds', () => {
    expect(tallyOf([judged('spam', 'spam', 180), judged('spam', 'spam', -3), judged('spam', 'spam', 66.6)])).toEqual({
      'spam spam 100': 1,
      'spam spam 0': 1,
      'spam spam 67': 1,
    });
  });
});

describe('a confusion matrix', () => {
  it('gives precision, recall and F1 of each class, their means, and what is right of all', () => {
    const { classes, macro, matrix, accuracy, total, undecided } = confusionOf(
      tallyOf([
        ...times(8, judged('question', 'question')),
        ...times(2, judged('question', 'critical')),
        ...times(4, judged('critical', 'critical')),
        ...times(2, judged('critical', undefined)),
      ]),
    );
    expect(matrix.question).toMatchObject({ question: 8, critical: 2, undecided: 0 });
    expect(classes.question).toEqual({ precision: 1, recall: 0.8, f1: 16 / 18, support: 10, said: 8 });
    expect(classes.critical).toEqual({ precision: 4 / 6, recall: 4 / 6, f1: 8 / 12, support: 6, said: 6 });
    expect(classes.toxic).toEqual({ precision: undefined, recall: undefined, f1: undefined, support: 0, said: 0 });
    expect(macro.precision).toBeCloseTo((1 + 4 / 6) / 2);
    expect({ accuracy, total, undecided }).toEqual({ accuracy: 12 / 16, total: 16, undecided: 2 });
  });

  it('of nothing says nothing instead of dividing by zero', () => {
    expect(confusionOf(emptyTally)).toMatchObject({ total: 0, accuracy: undefined, macro: { f1: undefined } });
  });

  it('has every comment in it, and shares between 0 and 1', () => {
    fc.assert(
      fc.property(fc.array(anyJudged, { minLength: 1 }), (all) => {
        const { matrix, classes, accuracy = -1 } = confusionOf(tallyOf(all));
        const cells = commentClassNames.flatMap((name) => Object.values(matrix[name]));
        expect(cells.reduce((sum, cell) => sum + cell, 0)).toBe(all.length);
        expect(accuracy).toBe(all.filter(({ right, said }) => said?.class === right).length / all.length);
        const shares = commentClassNames.flatMap((name) => [
          classes[name].precision,
          classes[name].recall,
          classes[name].f1,
        ]);
        expect(shares.every((value) => value === undefined || (value >= 0 && value <= 1))).toBe(true);
      }),
    );
  });
});

describe('calibration', () => {
  it('tells how often each confidence was right, and how far off that is on the whole', () => {
    const { bins, error } = calibrationOf(
      tallyOf([
        ...times(9, judged('spam', 'spam', 90)),
        judged('spam', 'toxic', 90),
        ...times(5, judged('question', 'question', 60)),
        ...times(5, judged('critical', 'question', 60)),
        ...times(7, judged('critical', undefined)),
      ]),
    );
    expect(bins).toEqual([
      { from: 60, to: 69, count: 10, confidence: 60, right: 50 },
      { from: 90, to: 100, count: 10, confidence: 90, right: 90 },
    ]);
    expect(error).toBe(5);
  });

  it('puts 100 into the last bin, and has none without comments', () => {
    expect(calibrationOf(tallyOf([judged('spam', 'spam', 100)])).bins).toMatchObject([{ from: 90, to: 100, count: 1 }]);
    expect(calibrationOf(emptyTally)).toEqual({ bins: [], error: undefined });
  });

  it('counts everybody who has a confidence once', () => {
    fc.assert(
      fc.property(fc.array(anyJudged), (all) => {
        const { bins, error = 0 } = calibrationOf(tallyOf(all));
        expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(all.filter(({ said }) => said).length);
        expect(error).toBeGreaterThanOrEqual(0);
        expect(error).toBeLessThanOrEqual(100);
        expect(bins.every(({ from, to, confidence }) => from <= confidence && confidence <= to)).toBe(true);
      }),
    );
  });
});

describe('advice on a threshold', () => {
  const mixed = tallyOf([
    ...times(200, judged('question', 'question', 95)),
    ...times(60, judged('question', 'question', 70)),
    ...times(60, judged('critical', 'question', 70)),
  ]);

  it('is the lowest confidence from which the class is right often enough', () => {
    expect(adviseThreshold(mixed, 'question', 0.95)).toMatchObject({
      kind: 'from',
      confidence: 95,
      precision: 1,
      acts: 200,
      of: 320,
    });
    expect(adviseThreshold(mixed, 'question', 0.7)).toMatchObject({ kind: 'from', confidence: 70, acts: 320 });
  });

  it('says honestly that so few prove nothing, however right they are', () => {
    expect(adviseThreshold(tallyOf(times(50, judged('spam', 'spam', 99))), 'spam', 0.95)).toEqual({
      kind: 'too-few',
      have: 50,
      need: 52,
    });
    expect(adviseThreshold(tallyOf(times(52, judged('spam', 'spam', 99))), 'spam', 0.95)).toMatchObject({
      kind: 'from',
      precision: 1,
    });
    expect(adviseThreshold(emptyTally, 'toxic', 0.9)).toMatchObject({ kind: 'too-few', have: 0 });
  });

  it('says that there is none when the class is wrong too often at every confidence', () => {
    const wrong = tallyOf([...times(50, judged('spam', 'toxic', 99)), ...times(50, judged('toxic', 'toxic', 99))]);
    expect(adviseThreshold(wrong, 'toxic', 0.9)).toEqual({ kind: 'none', precision: 0.5, of: 100 });
  });

  it('never promises more than it has seen, and keeps what it promises on the comments at hand', () => {
    fc.assert(
      fc.property(
        fc.array(anyJudged, { maxLength: 300 }),
        fc.constantFrom(...commentClassNames),
        fc.double({ min: 0.5, max: 0.99, noNaN: true }),
        (all, name, wanted) => {
          const advice = adviseThreshold(tallyOf(all), name, wanted);
          const threshold = advice.kind === 'from' ? advice.confidence : 101;
          const above = all.filter(({ said }) => said?.class === name && said.confidence >= threshold);
          const right = above.filter((each) => each.right === name).length;
          expect(above.length === 0 ? 1 : right / above.length).toBeGreaterThanOrEqual(wanted);
        },
      ),
    );
  });

  it('knows Wilson\u2019s bound: lower than the share, and nearer to it the more there are', () => {
    expect(lowerBound(0, 0)).toBe(0);
    expect(lowerBound(9, 10)).toBeCloseTo(0.6523, 3);
    expect(lowerBound(900, 1_000)).toBeCloseTo(0.8833, 3);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (of, part) => {
        const hits = Math.floor(of * part);
        expect(lowerBound(hits, of)).toBeLessThanOrEqual(hits / of + 1e-9);
        expect(lowerBound(10 * hits, 10 * of)).toBeGreaterThanOrEqual(lowerBound(hits, of) - 1e-9);
      }),
    );
  });
});

describe('two plans', () => {
  it('differ in what people notice of them', () => {
    const before = { reply: 'draft', hide: 'none', alert: true } as const;
    expect(differencesOf(before, before)).toEqual([]);
    expect(differencesOf(before, { reply: 'auto', hide: 'now', alert: false })).toEqual([
      'reply: draft > auto',
      'hide: none > now',
      'alert: yes > no',
    ]);
  });
});

describe('what a model costs', () => {
  it('is counted in millionths of a dollar, and estimated from the lengths of texts', () => {
    expect(costOf({ input: 1_000_000, output: 1_000_000 }, { input: 0.1, output: 0.5 })).toBe(600_000);
    const short = estimatedTokens('x'.repeat(3_000), 30);
    expect(short.input).toBeGreaterThan(1_000);
    expect(estimatedTokens('x'.repeat(3_000), 3_000).input).toBeGreaterThan(short.input);
  });
});
