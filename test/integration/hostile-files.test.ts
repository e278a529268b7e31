import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Pdf from 'pdfkit';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { headBytes, kindOfFile, mostFileBytes, shownFileName } from '#domain/knowledge/file-kind.js';
import { processBounds } from '#infrastructure/reading/bounds.js';
import { ChildDocumentReader, type ReadingNote } from '#infrastructure/reading/child-document-reader.js';
import { FolderFileStore } from '#infrastructure/storage/folder-file-store.js';
import type { HostileFile } from '../support/hostile-file.js';
import { hostileFiles } from '../support/hostile-files.js';
import { readerProgram } from '../support/reader-program.js';

const megabyte = 1024 * 1024;
const outcomes: string[] = [];
let folder: string;
let store: FolderFileStore;
let reader: ChildDocumentReader;
let note: ReadingNote | undefined;
let cases: ReadonlyMap<string, HostileFile>;
const grown = { before: 0, most: 0 };

/** The names stand in the list of tests, which is made before anything can be awaited. */
const kinds = hostileFiles({ scan: Buffer.alloc(0), locked: Buffer.alloc(0) }).map(({ kind }) => kind);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'instachatico-hostile-'));
  store = new FolderFileStore(folder);
  reader = new ChildDocumentReader(store, (made) => (note = made), readerProgram);
  const scan = new Pdf();
  scan.rect(50, 50, 300, 300).fill('red').end();
  const locked = new Pdf({ userPassword: 'tea', ownerPassword: 'coffee', pdfVersion: '1.7' });
  locked.text('Tea').end();
  const made = { scan: await buffer(scan), locked: await buffer(locked) };
  cases = new Map(hostileFiles(made).map((one) => [one.kind, one]));
  globalThis.gc?.();
  grown.before = process.memoryUsage.rss();
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  const line = `\n${kinds.length} kinds of hostile files; the process that stands for the worker grew by ${Math.round((grown.most - grown.before) / megabyte)} MB at most\n`;
  process.stdout.write(`${line}${outcomes.join('\n')}\n`);
});

// audit 51, T24
describe('a hostile file is refused clearly or read harmlessly, and nothing else happens', () => {
  it('comes in more than 25 kinds', () => {
    expect(kinds.length).toBeGreaterThan(25);
    expect(new Set(kinds).size).toBe(kinds.length);
  });

  it.each(kinds)('%s', async (kind) => {
    const file = cases.get(kind);
    if (!file) throw new Error('no such file');
    note = undefined;
    const began = performance.now();
    const { ends, detail, text } = await outcomeOf(file);
    grown.most = Math.max(grown.most, process.memoryUsage.rss());
    const rss = (note as ReadingNote | undefined)?.peakRssBytes; // set by the reader meanwhile
    outcomes.push(
      [
        kind.padEnd(58),
        ends.padEnd(16),
        `${Math.round(performance.now() - began)} ms`.padStart(9),
        `${rss === undefined ? '–' : Math.round(rss / megabyte)} MB`.padStart(8),
        ` ${detail.slice(0, 90)}`,
      ].join(' '),
    );
    expect(file.ends).toContain(ends);
    expect(text).not.toContain(file.not ?? '\0');
    // What the process takes between two looks at it comes on top.
    expect(rss ?? 0).toBeLessThan(processBounds.rssBytes + 200 * megabyte);
    await nothingElse();
  });

  it('leaves the reader as able as before', async () => {
    const { key } = await store.put(bytesOf(Buffer.from('# Tea\n\nTea costs three.')), mostFileBytes);
    const reading = await reader.read(key, 'md');
    expect(reading).toEqual({
      kind: 'read',
      blocks: [{ headings: ['Tea'], text: 'Tea costs three.', place: 'line 3' }],
    });
  });
});

/** As a file goes: its name and first bytes are looked at, it is kept, and read in a process of its own. */
async function outcomeOf({ name, content }: HostileFile): Promise<{
  readonly ends: HostileFile['ends'][number];
  readonly detail: string;
  readonly text: string;
}> {
  const kind = kindOfFile(shownFileName(name), content.subarray(0, headBytes));
  if (kind.kind === 'refused') return { ends: 'at upload', detail: kind.detail, text: '' };
  const { key } = await store.put(bytesOf(content), mostFileBytes);
  const reading = await reader.read(key, kind.type);
  await store.remove(key);
  if (reading.kind === 'refused') return { ends: reading.reason, detail: reading.detail, text: '' };
  const text = reading.blocks.map((block) => [...block.headings, block.text].join('\n')).join('\n');
  return { ends: 'read', detail: text.slice(0, 40).replaceAll('\n', ' '), text };
}

async function* bytesOf(content: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < content.length; from += 65_536)
    yield await Promise.resolve(content.subarray(from, from + 65_536));
}

/** Neither in the store nor where the names in the archives point at. */
async function nothingElse(): Promise<void> {
  const left = await readdir(folder, { recursive: true });
  const files = await Promise.all(left.map(async (name) => (await stat(path.join(folder, name))).isFile()));
  expect(files.filter(Boolean)).toEqual([]);
  const evil = (await readdir(tmpdir())).filter((name) => name.includes('instachatico-evil'));
  expect(evil).toEqual([]);
}
