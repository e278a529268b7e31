import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorKinds, type ErrorKind } from '#domain/shared/errors.js';
import { handlings } from '#use-cases/work/perform-job.js';
import { failureNames, vendorFailures } from '#infrastructure/resilience/vendor-failures.js';
import { repositoryRoot } from './source-files.js';

function fateOf(kind: ErrorKind | 'bug'): string {
  const handling = handlings[kind];
  if (handling.next === 'wait') return `waits ${handling.ms / 60_000} min or as told, no try spent`;
  if (handling.next === 'pause') return 'its account is paused, the work waits for the resume, no try spent';
  return handling.next === 'retry' ? 'tried again after backoff' : 'parked for a person';
}

const failureRows = failureNames.map((name) => {
  const { what, creating, otherwise } = vendorFailures[name];
  return `| ${name} | ${what} | ${creating} | ${otherwise} |`;
});
const kindRows = [...errorKinds, 'bug' as const].map((kind) => `| ${kind} | ${fateOf(kind)} |`);

/** Both tables, as docs/failures.md must have them; blanks apart, which Prettier lays out. */
const tables = [
  '| failure | what happened | a call that creates | any other call |',
  ...failureRows,
  '| kind | what becomes of the work |',
  ...kindRows,
];
const plain = (line: string): string => line.replaceAll(/\s+/gu, ' ').trim();

describe('docs/failures.md', () => {
  // audit 28
  it('says what the code does: to repair it, take the lines that this test expects', async () => {
    const doc = await readFile(join(repositoryRoot, 'docs/failures.md'), 'utf8');
    const lines = doc.split('\n').filter((line) => line.startsWith('|') && !/^\|[\s|:-]+$/u.test(line));
    expect(lines.map(plain)).toEqual(tables.map(plain));
  });
});
