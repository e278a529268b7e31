import { join } from 'node:path';
import { format } from 'prettier';
import { describe, expect, it } from 'vitest';
import { reasons, steps, type ReasonCode, type Step } from '#domain/comments/reason-codes.js';
import { repositoryRoot, sourceFiles } from './source-files.js';

// The keys of a closed record.
const codes = Object.keys(reasons) as ReasonCode[];

const regenerate = 'npx vitest run test/architecture/reason-codes.test.ts -u';

/** Codes that nothing writes any more, with the reason; they stay in the list because older ledgers hold them. */
const onlyInOlderLedgers: Partial<Readonly<Record<ReasonCode, string>>> = {
  'waits-for-platform': 'A blocked account is paused now, and its work says waits-for-resume.',
};

/** A test of the page that the sandbox shows does not show that the product writes the code. */
const showsOnly = (path: string): boolean =>
  path.startsWith('apps/sandbox/page/') || path.startsWith('test/architecture/');

const headings: Readonly<Record<Step, string>> = {
  receive: 'Receiving',
  classify: 'Understanding',
  triage: 'What the policy wants',
  draft: 'Writing an answer',
  send: 'Sending',
  moderate: 'Hiding, showing, deleting',
  notify: 'Telling people',
  park: 'Waiting, and giving up',
};

function sectionOf(step: Step): string {
  const rows = codes
    .filter((code) => reasons[code].step === step)
    .map((code) => `| \`${code}\` | ${cell(reasons[code].explanation)} | ${cell(reasons[code].todo)} |`);
  return [`## ${headings[step]}`, '', '| code | what happened, and why | what to do |', '| - | - | - |', ...rows].join(
    '\n',
  );
}

/** A code's sentences are for people, and some people write bars. */
const cell = (sentence: string): string => sentence.replaceAll('|', '\\|');

const page = `# Why it went as it did

Every step of a comment writes a line into its ledger, with one of these codes; there are no others. A code that has been
shipped keeps its meaning. \`GET /api/v1/comments/<id>/decisions\` shows the lines of one comment with the same two sentences,
\`GET /api/v1/reasons\` the whole list.

This page is made from \`libs/domain/src/comments/reason-codes.ts\` by \`${regenerate}\`.

${steps.map(sectionOf).join('\n\n')}
`;

describe('the reason codes', () => {
  // PO-7
  it(`are explained in docs/reasons.md as in the code; to make the page anew: ${regenerate}`, async () => {
    const laidOut = await format(page, { parser: 'markdown', printWidth: 120 });
    await expect(laidOut).toMatchFileSnapshot(join(repositoryRoot, 'docs/reasons.md'));
  });

  it('each occur in single quotes in a test that would notice if nobody wrote them: write one for those named here', async () => {
    const files = await sourceFiles('libs', 'apps', 'test');
    const tests = files.filter(({ path }) => path.endsWith('.test.ts') && !showsOnly(path));
    const untested = codes.filter(
      (code) => !(code in onlyInOlderLedgers) && !tests.some(({ text }) => text.includes(`'${code}'`)),
    );
    expect(untested).toEqual([]);
  });

  it('say what happened and what to do in whole sentences', () => {
    const sentences = codes.flatMap((code) => [reasons[code].explanation, reasons[code].todo]);
    expect(sentences.filter((sentence) => !/^[\p{Lu}].+[.]$/su.test(sentence))).toEqual([]);
  });
});
