import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CommentId } from '../shared/ids.js';
import { PromptLibrary } from './prompt-library.js';
import { choiceFor, instructionsFrom, noChoice, problemsOf, versionFor, type Prompt } from './prompt.js';

const prompt = (given: Partial<Prompt>): Prompt => ({
  task: 'classify-comment',
  version: 1,
  about: '',
  variables: [],
  text: 'Sort comments.',
  ...given,
});
const id = (number: number): CommentId => CommentId.parse(String(17_900_000_000_000_000n + BigInt(number)));
const ids = Array.from({ length: 20_000 }, (_, index) => id(index));

// audit 71
describe('a prompt', () => {
  it.each<readonly [string, Partial<Prompt>, readonly string[]]>([
    ['without variables', {}, []],
    ['with a variable that it says', { text: 'For {{brand}}.', variables: ['brand'] }, []],
    [
      'with a variable that nobody knows',
      { text: 'For {{price}}.' },
      ['classify-comment@1: there is no variable {{price}}'],
    ],
    [
      'with a variable in other letters',
      { text: '{{ brand }}' },
      ['classify-comment@1: there is no variable {{ brand }}'],
    ],
    [
      'with a variable that it does not say',
      { text: 'For {{brand}}.' },
      ['classify-comment@1: {{brand}} stands in the text and not in its variables'],
    ],
    [
      'without a variable that it says',
      { variables: ['brand'] },
      ['classify-comment@1: {{brand}} does not stand in the text'],
    ],
    ['with half a variable', { text: 'For {{brand.' }, ['classify-comment@1: {{ without its other half']],
    ['with a version that is none', { version: 0 }, ['classify-comment@0: versions are 1, 2, 3 and so on']],
  ])('%s', (_, given, problems) => expect(problemsOf(prompt(given))).toEqual(problems));

  it('takes values as they are, bounded and on one line: no value brings in another', () => {
    const two = prompt({ text: '{{brand}} and {{brand}}', variables: ['brand'] });
    expect(instructionsFrom(two, { brand: '{{brand}}\n$& ok' })).toBe('{{brand}} $& ok and {{brand}} $& ok');
    expect(instructionsFrom(prompt({ text: '{{brand}}' }), { brand: 'x'.repeat(1_000) })).toHaveLength(100);
  });
});

describe('the versions of a program', () => {
  const usual = { 'classify-comment': 1, 'write-reply': 1 };
  const both = [prompt({}), prompt({ task: 'write-reply' })];

  it.each<readonly [string, readonly Prompt[], RegExp]>([
    ['a text cannot be filled', [...both, prompt({ version: 2, text: '{{price}}' })], /no variable \{\{price\}\}/u],
    ['a version is there twice', [...both, prompt({})], /classify-comment@1 is there twice/u],
    ['the usual version of a task is missing', [prompt({})], /write-reply@1 is missing/u],
  ])('are refused at the start when %s', (_, prompts, message) => {
    expect(() => new PromptLibrary(prompts, usual)).toThrow(message);
  });

  it('are named when one is asked for that is not there', () => {
    const library = new PromptLibrary([...both, prompt({ version: 2 })], usual);
    expect(library.get('classify-comment', 2).version).toBe(2);
    expect(() => library.get('classify-comment', 3)).toThrow('it holds 1, 2.');
  });
});

describe('the version for a comment', () => {
  const onTrial = (share: number) => ({ active: 1, trial: { version: 2, share } });
  const shareOfTrial = (share: number): number =>
    ids.filter((each) => versionFor(onTrial(share), [1, 2], 1, each).version === 2).length / ids.length;

  it('is the usual one while nobody has chosen', () => {
    expect(versionFor(noChoice, [1, 2], 1, id(1))).toEqual({ version: 1, unknown: [] });
  });

  it('is never the one on trial for none of them', () => expect(shareOfTrial(0)).toBe(0));

  it.each([1, 10, 25, 50])(
    'is the one on trial for %i of 100 comments, also of ids that follow each other',
    (share) => {
      expect(Math.abs(shareOfTrial(share) * 100 - share)).toBeLessThan(1);
    },
  );

  it('is always the same for the same comment; a larger share keeps those that it had', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 0, max: 50 }), (number, share) => {
        const chosen = versionFor(onTrial(share), [1, 2], 1, id(number)).version;
        expect(versionFor(onTrial(share), [1, 2], 1, id(number)).version).toBe(chosen);
        expect(versionFor(onTrial(50), [1, 2], 1, id(number)).version).toBeGreaterThanOrEqual(chosen);
      }),
    );
  });

  it('is the newest known one when a newer program chose another, and no trial of what is not known', () => {
    expect(versionFor({ active: 7, trial: { version: 8, share: 50 } }, [1, 2], 1, id(1))).toEqual({
      version: 2,
      unknown: [7, 8],
    });
  });

  it('of an account goes before that for all; who fixed a version takes no part in trials of all', () => {
    const all = onTrial(10);
    expect(choiceFor(all, undefined)).toEqual(all);
    expect(choiceFor(all, { active: 3, trial: undefined })).toEqual({ active: 3, trial: undefined });
    expect(choiceFor(all, { active: undefined, trial: { version: 3, share: 5 } })).toEqual({
      active: 1,
      trial: { version: 3, share: 5 },
    });
    expect(choiceFor(all, noChoice)).toEqual(all);
  });
});
