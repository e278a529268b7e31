import { describe, expect, it } from 'vitest';
import { sourceFiles } from './source-files.js';

const suppression = /(?:oxlint|eslint)-disable(?:-next-line|-line)?\b(?<rest>.*)/;
/** `-- reason` after the rule's name; a reason of less than three words explains nothing. */
const reason = /^\s+[\w/@-]+(?:,\s*[\w/@-]+)*\s+--\s+\S+(?:\s+\S+){2,}/;

describe('a silenced lint rule', () => {
  it('is named, and says why on its line', async () => {
    const files = await sourceFiles('apps', 'libs', 'test');
    const unexplained = files.flatMap(({ path, text }) =>
      text.split('\n').flatMap((line, index) => {
        const rest = suppression.exec(line)?.groups?.['rest'];
        return rest === undefined || reason.test(rest) || path === 'test/architecture/suppressions.test.ts'
          ? []
          : [`${path}:${index + 1} ${line.trim()}`];
      }),
    );
    expect(unexplained).toEqual([]);
  });

  it.each([
    ['// oxlint-disable-next-line no-console -- the command line program talks to a person', true],
    ['// eslint-disable-line a/b, c -- three whole words', true],
    ['// oxlint-disable-next-line no-console', false],
    ['/* oxlint-disable */', false],
    ['// oxlint-disable-next-line -- no rule is named', false],
    ['// oxlint-disable-next-line no-console -- needed', false],
  ])('%s', (line, explained) => {
    expect(reason.test(suppression.exec(line)?.groups?.['rest'] ?? '')).toBe(explained);
  });
});
