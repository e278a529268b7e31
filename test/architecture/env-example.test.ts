import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { settingNames } from '#infrastructure/config/config.js';
import { repositoryRoot } from './source-files.js';

interface Entry {
  readonly name: string;
  readonly comment: string;
}

describe('.env.example', () => {
  it('documents every setting that the configuration reads, and no other', async () => {
    const names = (await example()).map(({ name }) => name);
    expect(names.toSorted()).toEqual([...settingNames].toSorted());
  });

  it('explains each setting in the comment above it', async () => {
    const unexplained = (await example()).filter(({ comment }) => comment.split(/\s+/).length < 5);
    expect(unexplained).toEqual([]);
  });

  it('is read as written: a setting without a comment above is seen as unexplained', () => {
    const text = '# The port of the api; 3000 unless told.\nPORT=3000\nTOKEN=\n\n# about both\n\n#LOG_LEVEL=info\n';
    expect(entriesOf(text)).toEqual([
      { name: 'PORT', comment: 'The port of the api; 3000 unless told.' },
      { name: 'TOKEN', comment: '' },
      { name: 'LOG_LEVEL', comment: '' },
    ]);
  });
});

async function example(): Promise<Entry[]> {
  return entriesOf(await readFile(join(repositoryRoot, '.env.example'), 'utf8'));
}

/** A setting is `NAME=` or, when its default is fine, `#NAME=`; its comment is the block of `# ` lines right above. */
function entriesOf(text: string): Entry[] {
  const entries: Entry[] = [];
  let comment: string[] = [];
  for (const line of text.split('\n')) {
    const name = /^#?\s?(?<name>[A-Z][A-Z0-9_]*)=/.exec(line)?.groups?.['name'];
    if (name !== undefined) entries.push({ name, comment: comment.join(' ') });
    comment = name === undefined && line.startsWith('#') ? [...comment, line.replace(/^#\s?/, '')] : [];
  }
  return entries;
}
