import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FileType, Reading } from '#domain/knowledge/document-reader.js';
import { headBytes, kindOfFile, mostFileBytes } from '#domain/knowledge/file-kind.js';
import { ChildDocumentReader, type ReadingNote } from '#infrastructure/reading/child-document-reader.js';
import { FolderFileStore } from '#infrastructure/storage/folder-file-store.js';
import { readerProgram } from '../support/reader-program.js';
import { realFiles } from '../support/real-files.js';

let folder: string;
let store: FolderFileStore;
let reader: ChildDocumentReader;
const notes: ReadingNote[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'instachatico-real-'));
  store = new FolderFileStore(folder);
  reader = new ChildDocumentReader(store, (note) => notes.push(note), readerProgram);
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function read(type: FileType, content: Buffer): Promise<Reading> {
  expect(kindOfFile(`file.${type}`, content.subarray(0, headBytes))).toEqual({ kind: 'readable', type });
  const { key } = await store.put(pieces(content), mostFileBytes);
  return await reader.read(key, type);
}

async function* pieces(content: Buffer): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < content.length; from += 65_536) {
    yield await Promise.resolve(content.subarray(from, from + 65_536));
  }
}

// KN-1, KN-3
describe('a file as the usual libraries write it is read with its headings, and with the place where a person finds it', () => {
  it.each<[FileType, readonly object[]]>([
    [
      'pdf',
      [
        {
          headings: ['Honey bakery', 'Delivery'],
          text: 'We deliver every day from 9 to 20. Orders above 30 euros are delivered for free.',
          place: 'page 1',
        },
        {
          headings: ['Honey bakery', 'Delivery'],
          text: 'Outside the city the courier needs a day longer.',
          place: 'page 1',
        },
        {
          headings: ['Honey bakery', 'Allergens'],
          text: 'Every cake contains gluten; the honey cake has no nuts.',
          place: 'page 2',
        },
      ],
    ],
    [
      'docx',
      [
        { headings: ['Delivery'], text: 'We deliver every day.', place: 'paragraph 1' },
        {
          headings: ['Delivery', 'Zones'],
          text: '- Centre: within an hour\n- North: within three hours',
          place: 'paragraph 2',
        },
        { headings: ['Delivery', 'Zones'], text: 'Zone: Centre; Fee: free', place: 'paragraph 4' },
        { headings: ['Delivery', 'Zones'], text: 'Zone: North; Fee: 5 euros', place: 'paragraph 5' },
      ],
    ],
    [
      'xlsx',
      [
        {
          headings: ['Prices'],
          text: 'Cake: Honey cake; Price: 32.5 €; From: 2026-03-01',
          place: 'sheet Prices, row 2',
        },
        { headings: ['Prices'], text: 'Cake: Two honey cakes; Price: 65 €', place: 'sheet Prices, row 3' },
        { headings: ['Hours'], text: 'Day: Sunday; Open: from 10 to 16', place: 'sheet Hours, row 2' },
      ],
    ],
    [
      'csv',
      [
        { headings: [], text: expect.stringMatching(/^Cake: Honey cake; Price: 32.5; From: .*2026/), place: 'row 2' },
        { headings: [], text: 'Cake: Two honey cakes; Price: 65', place: 'row 3' },
        { headings: [], text: 'Cake: Not for customers; Price: 1', place: 'row 4' },
      ],
    ],
    [
      'html',
      [
        { headings: ['Delivery'], text: 'We deliver every day.', place: 'line 1' },
        {
          headings: ['Delivery', 'Zones'],
          text: '- Centre: within an hour\n- North: within three hours',
          place: 'line 1',
        },
        { headings: ['Delivery', 'Zones'], text: 'Zone: Centre; Fee: free', place: 'line 1' },
        { headings: ['Delivery', 'Zones'], text: 'Zone: North; Fee: 5 euros', place: 'line 1' },
      ],
    ],
    [
      'md',
      [
        { headings: ['Delivery'], text: 'We deliver every day.', place: 'line 3' },
        {
          headings: ['Delivery', 'Zones'],
          text: '- Centre: within an hour\n- North: within three hours',
          place: 'line 8',
        },
      ],
    ],
    [
      'txt',
      [
        { headings: [], text: 'Delivery', place: 'line 1' },
        { headings: [], text: 'We deliver every day.', place: 'line 3' },
      ],
    ],
  ])('%s', async (type, blocks) => {
    const reading = await read(type, await realFiles[type]());
    expect(reading).toMatchObject({ kind: 'read' });
    const all = reading.kind === 'read' ? reading.blocks : [];
    // Of the plain text only its first paragraphs are worth writing down here.
    expect(all.slice(0, blocks.length)).toEqual(blocks);
    expect(all.map(({ text }) => text).join('\n')).not.toContain('Margin');
  });
});

const cyrillic = 'Доставка каждый день с девяти до двадцати. Медовик стоит тысячу рублей.';

describe('a text in whatever encoding', () => {
  it.each([
    ['UTF-8', Buffer.from(cyrillic)],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${cyrillic}`)],
    ['UTF-16 with a mark', Buffer.from(`\uFEFF${cyrillic}`, 'utf16le')],
    ['UTF-16 the other way round', Buffer.from(`\uFEFF${cyrillic}`, 'utf16le').swap16()],
    ['UTF-16 without a mark', Buffer.from(cyrillic, 'utf16le')],
    ['windows-1251', encoded(cyrillic, 'windows-1251')],
    ['KOI8-R', encoded(cyrillic, 'koi8-r')],
    [
      'windows-1251, a page that says so',
      Buffer.concat([Buffer.from('<meta charset="windows-1251"><p>'), encoded(cyrillic, 'windows-1251')]),
    ],
  ])('%s is read as its author wrote it', async (name, content) => {
    const reading = await read(name.includes('page') ? 'html' : 'txt', content);
    expect(reading).toMatchObject({ kind: 'read', blocks: [{ text: cyrillic }] });
  });
});

describe('a table with whatever between its columns', () => {
  it.each([',', ';', '\t', '|'])('%j', async (separator) => {
    const line = (...cells: readonly string[]): string => cells.join(separator);
    const content = [
      line('Cake', 'Price', 'Note'),
      line('Honey', '30', '"two, or; three"'),
      line('Cheese', '25', ''),
    ].join('\r\n');
    expect(await read('csv', Buffer.from(content))).toMatchObject({
      blocks: [
        { text: 'Cake: Honey; Price: 30; Note: two, or; three', place: 'row 2' },
        { text: 'Cake: Cheese; Price: 25', place: 'row 3' },
      ],
    });
  });
});

/** 100 MB of documents: INSTACHATICO_READ_MB=100. The short form is part of every run. */
describe('documents by the megabyte', () => {
  const wanted = Number(process.env['INSTACHATICO_READ_MB'] ?? 4);

  it(`${wanted} MB of them are read one by one, while the memory of the process that stands for the worker stays small`, async () => {
    const files = await largeFiles();
    globalThis.gc?.();
    const before = process.memoryUsage.rss();
    let most = before;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 50);
    notes.length = 0;
    let [bytes, blocks, characters, ms] = [0, 0, 0, 0];
    for (let index = 0; bytes < wanted * 1024 * 1024; index += 1) {
      const { type, content } = files[index % files.length] ?? { type: 'txt' as const, content: Buffer.alloc(0) };
      const reading = await read(type, content);
      expect(reading).toMatchObject({ kind: 'read' });
      bytes += content.length;
      const all = reading.kind === 'read' ? reading.blocks : [];
      blocks += all.length;
      characters += all.reduce((sum, { text }) => sum + text.length, 0);
      ms += notes.at(-1)?.ms ?? 0;
    }
    clearInterval(watch);
    const megabytes = (value: number): number => Math.round(value / 1024 / 1024);
    const peak = (type: string): number =>
      megabytes(
        Math.max(0, ...notes.filter((note) => note.type === type).map(({ peakRssBytes }) => peakRssBytes ?? 0)),
      );
    process.stdout.write(
      `\n${notes.length} documents of ${megabytes(bytes)} MB: ${blocks} blocks, ${megabytes(characters)} million characters, ${Math.round(ms / 1000)} s; ` +
        `the reader's memory at most, in MB: ${files.map(({ type }) => `${type} ${peak(type)}`).join(', ')}; ` +
        `the worker's: ${megabytes(most)}, ${megabytes(most - before)} more than before\n`,
    );
    expect(most - before).toBeLessThan(400 * 1024 * 1024);
  }, 1_800_000);
});

interface LargeFile {
  readonly type: FileType;
  readonly content: Buffer;
}

/** About a megabyte each, as a manual or a price list of a large brand. */
async function largeFiles(): Promise<readonly LargeFile[]> {
  const { largeDocx, largePdf, largeXlsx } = await import('../support/large-files.js');
  const sentence = (index: number): string =>
    `Cake number ${index} is baked fresh on every day of the week and keeps for ${index % 9} days.`;
  const lines = Array.from({ length: 14_000 }, (_, index) => sentence(index));
  return [
    { type: 'pdf', content: await largePdf(lines) },
    { type: 'docx', content: await largeDocx(lines) },
    { type: 'xlsx', content: await largeXlsx(lines) },
    { type: 'csv', content: Buffer.from(lines.map((line, index) => `${index};"${line}"`).join('\n')) },
    { type: 'html', content: Buffer.from(lines.map((line) => `<p>${line}</p>`).join('\n')) },
    {
      type: 'md',
      content: Buffer.from(
        lines.map((line, index) => (index % 20 === 0 ? `# Part ${index}\n\n${line}` : line)).join('\n\n'),
      ),
    },
    { type: 'txt', content: Buffer.from(lines.join('\n\n')) },
  ];
}

function encoded(text: string, encoding: string): Buffer {
  const letters = new Map(
    Array.from({ length: 256 }, (_, byte) => [new TextDecoder(encoding).decode(Uint8Array.of(byte)), byte] as const),
  );
  return Buffer.from([...text].map((letter) => letters.get(letter) ?? 0x3f));
}
