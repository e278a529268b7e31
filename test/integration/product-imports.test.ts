import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import exceljs from 'exceljs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ImportRequest, ProductImport } from '#domain/catalogue/imports.js';
import { lineOutcomes } from '#domain/catalogue/imports.js';

import type { Database } from '#infrastructure/postgres/database.js';
import { PostgresImports } from '#infrastructure/postgres/product-imports.js';
import { ChildDocumentReader } from '#infrastructure/reading/child-document-reader.js';
import { ChildTableReader } from '#infrastructure/reading/child-table-reader.js';
import { FolderFileStore } from '#infrastructure/storage/folder-file-store.js';
import { RunImports } from '#use-cases/catalogue/run-imports.js';
import { VirtualClock } from '../fakes/virtual-clock.js';
import { account, openDatabase } from '../support/rows.js';
import { startDatabase, type TestService } from '../support/services.js';

let service: TestService;
let database: Database;
let folder: string;
let files: FolderFileStore;
let imports: PostgresImports;
let run: RunImports;

// The program that reads is the compiled one, as in production.
const program = new URL('../../dist/libs/infrastructure/src/reading/reader-main.js', import.meta.url);

beforeAll(async () => {
  service = await startDatabase();
  database = await openDatabase(service.url);
  folder = await mkdtemp(path.join(tmpdir(), 'instachatico-imports-'));
  files = new FolderFileStore(folder);
  imports = new PostgresImports(database);
  const tables = new ChildTableReader(new ChildDocumentReader(files, undefined, program));
  run = new RunImports(imports, tables, files, new VirtualClock());
});
afterAll(async () => {
  await database.close();
  await service.stop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  await database.query('TRUNCATE products, product_imports, product_import_lines, passages CASCADE');
});

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield await Promise.resolve(bytes);
}

async function send(bytes: Uint8Array | string, given: Partial<ImportRequest> = {}): Promise<ProductImport> {
  const content = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
  const { key } = await files.put(once(content), 20_000_000);
  return await imports.create({
    accountId: account.id,
    fileName: 'products.csv',
    type: 'csv',
    fileKey: key,
    currency: 'RUB',
    missing: 'keep',
    dryRun: false,
    ...given,
  });
}

/** Those that are still in the store. */
async function keptFiles(): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const key of files.olderThan(new Date(Date.now() + 60_000))) keys.push(key);
  return keys;
}

/** What became of it, when nothing is left to do. */
async function done(sent: ProductImport): Promise<ProductImport> {
  while (await run.execute()) continue;
  const found = await imports.find(sent.id);
  if (!found) throw new Error('the import is gone');
  return found;
}

const imported = async (bytes: Uint8Array | string, given?: Partial<ImportRequest>): Promise<ProductImport> =>
  await done(await send(bytes, given));

async function report({ id }: ProductImport): Promise<readonly (readonly unknown[])[]> {
  const lines = await imports.lines(id, lineOutcomes, 0, 1_000);
  return lines.map(({ line, sku, outcome, problems }) => [line, sku, outcome, ...problems.map(({ code }) => code)]);
}

async function catalogue(): Promise<readonly string[]> {
  const rows = await database.query<{ line: string }>(
    `SELECT concat_ws(' ', sku, title, price, currency, availability, revision) AS line FROM products ORDER BY sku`,
  );
  return rows.map(({ line }) => line);
}

const table = `sku,title,price,availability
HC-1,Honey cake,1900,in stock
RB-1,Rye bread,"280,50",in stock
`;

describe('a file of products', () => {
  it('goes in by sku; the same file again changes nothing', async () => {
    expect(await imported(table)).toMatchObject({ state: 'done', lines: 2, counts: { created: 2, failed: 0 } });
    const before = await database.query('SELECT id, revision FROM products ORDER BY id');
    const passages = await database.query('SELECT id FROM passages ORDER BY id');
    expect(await imported(table)).toMatchObject({ state: 'done', counts: { created: 0, changed: 0, unchanged: 2 } });
    expect(await database.query('SELECT id, revision FROM products ORDER BY id')).toEqual(before);
    expect(await database.query('SELECT id FROM passages ORDER BY id')).toEqual(passages);
    expect(await keptFiles()).toEqual([]);
  });

  it('changes what it has columns for, and only where something is another', async () => {
    await imported(table);
    expect(await imported('price;sku\n2000 ₽;HC-1\n280,50;RB-1\n')).toMatchObject({
      counts: { changed: 1, unchanged: 1 },
    });
    expect(await catalogue()).toEqual([
      'HC-1 Honey cake 2000.00 RUB in-stock 2',
      'RB-1 Rye bread 280.50 RUB in-stock 1',
    ]);
  });

  it('is reported line by line: good lines go in, the others say what is wrong', async () => {
    const done = await imported(
      [
        'Артикул;Наименование;Цена;Наличие;Вес',
        'HC-1;Медовик;1 900 ₽;есть;1 кг',
        ';Без артикула;5;есть;',
        'RB-1;Хлеб;дорого;есть;',
        '"A-1";"Пирог;',
        'с яблоком";850;под заказ;',
        '',
        'HC-1;Медовик снова;1901;есть;',
        'X-1;;5;есть;',
        'F-1;=1+1;5;может быть;',
        'F-2;@SUM(A1);5;нет;',
      ].join('\r\n'),
    );
    expect(done).toMatchObject({
      state: 'done',
      lines: 8,
      unknownColumns: ['Вес'],
      counts: { created: 3, failed: 5, waiting: 0 },
    });
    expect(await report(done)).toEqual([
      [2, 'HC-1', 'created'],
      [3, undefined, 'failed', 'missing-sku'],
      [4, 'RB-1', 'failed', 'bad-price'],
      [5, 'A-1', 'created'],
      [8, 'HC-1', 'failed', 'duplicate-sku'],
      [9, 'X-1', 'failed', 'missing-title'],
      [10, 'F-1', 'failed', 'formula', 'unknown-availability'],
      [11, 'F-2', 'created', 'formula'],
    ]);
    expect(await catalogue()).toEqual([
      'A-1 Пирог; с яблоком 850.00 RUB made-to-order 1',
      'F-2 @SUM(A1) 5.00 RUB out-of-stock 1',
      'HC-1 Медовик 1900.00 RUB in-stock 1',
    ]);
  });

  it.each([
    ['UTF-8 with a mark', Buffer.from('\uFEFFАртикул;Название;Цена\nХ-1;Ржаной хлеб;280\n')],
    ['UTF-16', Buffer.from('\uFEFFАртикул;Название;Цена\nХ-1;Ржаной хлеб;280\n', 'utf16le')],
    ['windows-1251', windows1251('Артикул;Название;Цена\nХ-1;Ржаной хлеб;280\n')],
    ['what Excel writes', Buffer.from('\uFEFFsep=;\r\nАртикул;Название;Цена\r\nХ-1;Ржаной хлеб;280\r\n')],
  ])('is read in %s', async (_name, bytes) => {
    expect((await imported(bytes)).counts).toMatchObject({ created: 1, failed: 0 });
    expect(await catalogue()).toEqual(['Х-1 Ржаной хлеб 280.00 RUB in-stock 1']);
  });

  it('may be a workbook: numbers, formulas\u2019 values, and rows that a filter hides', async () => {
    const bytes = await workbook([
      ['SKU', 'Title', 'Price', 'Currency', 'Stock'],
      ['HC-1', 'Honey cake', 1900.5, 'RUB', 12],
      ['RB-1', 'Rye bread', { formula: '140*2', result: 280 }, 'RUB', 0],
      ['N-1', 'Not calculated', { formula: 'B1' }, 'RUB', 1],
      ['E-1', 'An error', { error: '#N/A' }, 'RUB', true],
      ['=cmd', 'Text that looks like a formula', '12,50', 'EUR', 'in stock'],
    ]);
    const done = await imported(bytes, { type: 'xlsx', currency: undefined });
    expect(await report(done)).toEqual([
      [2, 'HC-1', 'created'],
      [3, 'RB-1', 'created'],
      [4, 'N-1', 'failed', 'bad-price'],
      [5, 'E-1', 'failed', 'bad-price'],
      [6, '=cmd', 'created', 'formula'],
    ]);
    expect(await catalogue()).toEqual([
      '=cmd Text that looks like a formula 12.50 EUR in-stock 1',
      'HC-1 Honey cake 1900.50 RUB in-stock 1',
      'RB-1 Rye bread 280.00 RUB out-of-stock 1',
    ]);
  });

  it.each([
    ['name;price\nCake;5\n', 'no column "sku"'],
    ['sku,title\n', 'no line below its headings'],
    ['', 'first line is empty'],
    ['sku,title\n"A,never closed\n', 'quotation mark'],
    [Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0]), 'no text'],
    [`sku,title\n${'A,B\n'.repeat(50_001)}`, 'more than 50000 lines'],
  ])('that cannot be used fails with a sentence that says why', async (bytes, why) => {
    await imported(table);
    expect(await imported(bytes, { missing: 'delete' })).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining(why),
    });
    expect(await catalogue()).toHaveLength(2);
    expect(await keptFiles()).toEqual([]);
  });
});

describe('products that are not in the file', () => {
  const shorter = 'sku,title,price\nHC-1,Honey cake,1900\n';

  beforeEach(async () => {
    await imported(table);
  });

  it('stay as they are', async () => {
    await imported(shorter);
    expect(await catalogue()).toHaveLength(2);
  });

  it('are put out of stock when that is asked for', async () => {
    const done = await imported(shorter, { missing: 'out-of-stock' });
    expect(done.counts).toMatchObject({ unchanged: 1, 'put-out-of-stock': 1 });
    expect(await report(done)).toEqual([
      [2, 'HC-1', 'unchanged'],
      [undefined, 'RB-1', 'put-out-of-stock'],
    ]);
    expect(await catalogue()).toContain('RB-1 Rye bread 280.50 RUB out-of-stock 2');
    expect((await imported(shorter, { missing: 'out-of-stock' })).counts).toMatchObject({ 'put-out-of-stock': 0 });
  });

  it('are deleted when that is asked for, with their passages', async () => {
    expect((await imported(shorter, { missing: 'delete' })).counts).toMatchObject({ deleted: 1 });
    expect(await catalogue()).toHaveLength(1);
    expect(await database.query('SELECT id FROM passages')).toHaveLength(1);
  });

  it('are told of in a dry run, which changes nothing at all', async () => {
    const done = await imported('sku,title,price\nHC-1,Honey cake,2000\nNEW,New,5\n', {
      missing: 'delete',
      dryRun: true,
    });
    expect(await report(done)).toEqual([
      [2, 'HC-1', 'changed'],
      [3, 'NEW', 'created'],
      [undefined, 'RB-1', 'deleted'],
    ]);
    expect(await catalogue()).toEqual([
      'HC-1 Honey cake 1900.00 RUB in-stock 1',
      'RB-1 Rye bread 280.50 RUB in-stock 1',
    ]);
  });

  it('stay when a line failed that speaks of them, or of nobody knows what', async () => {
    expect((await imported('sku,price\nHC-1,1900\nRB-1,dear\n', { missing: 'delete' })).counts).toMatchObject({
      deleted: 0,
    });
    expect(await imported('sku,price\nHC-1,1900\n,280\n', { missing: 'delete' })).toMatchObject({
      state: 'done',
      reason: expect.stringContaining('1 of its lines have no sku'),
      counts: { deleted: 0 },
    });
    expect(await catalogue()).toHaveLength(2);
  });
});

describe('an import that somebody stops working on', () => {
  const long = `sku,title,price\n${Array.from({ length: 1_200 }, (_, index) => `P-${index},Pie ${index},${index + 1}`).join('\n')}\n`;

  it('is gone on with at the next batch by another, and whoever comes back late changes nothing', async () => {
    const { id } = await send(long);
    const first = await imports.claim(60_000);
    if (!first) throw new Error('nothing was claimed');
    // It dies after reading and one batch.
    const tables = new ChildTableReader(new ChildDocumentReader(files, undefined, program));
    const rows = await tables.read(first.request.fileKey, 'csv');
    const { readHeader, readLine } = await import('#domain/catalogue/import-lines.js');
    const [names, ...rest] = rows;
    const columns = readHeader(names?.cells ?? []);
    if (typeof columns === 'string') throw new Error(columns);
    const lines = rest.map((row) => readLine(row, columns, 'RUB')).filter((line) => line !== undefined);
    const held = await imports.stage(first, columns, lines, 60_000);
    if (!held) throw new Error('it is not ours');
    expect(await imports.useLines(held, 500, 60_000)).toBe('more');
    expect((await imports.find(id))?.counts).toMatchObject({ created: 500, waiting: 700 });
    await database.query(`UPDATE product_imports SET due_at = now() - interval '1 second'`);

    const second = await imports.claim(60_000);
    expect(second?.epoch).toBe(held.epoch + 1);
    expect(await imports.useLines(held, 500, 60_000)).toBe('lost');
    await imports.finish(held, 'failed', 'late');
    await database.query(`UPDATE product_imports SET due_at = now() - interval '1 second'`);
    while (await run.execute()) continue;
    expect(await imports.find(id)).toMatchObject({ state: 'done', counts: { created: 1_200, failed: 0, waiting: 0 } });
    const [row] = await database.query<{ most: number; count: number }>(
      'SELECT max(revision) AS most, count(*)::int AS count FROM products',
    );
    expect(row).toEqual({ most: 1, count: 1_200 });
  });

  it('is over at once when it is cancelled', async () => {
    const { id } = await send(long);
    expect(await imports.cancel(id)).toBe(true);
    expect(await run.execute()).toBe(false);
    expect(await imports.find(id)).toMatchObject({ state: 'cancelled' });
    expect(await imports.cancel(id)).toBe(false);
  });

  it('does not stand in the way of a later one, which waits for it and has the last word', async () => {
    await send('sku,title\nA,One\n');
    await send('sku,title\nA,Two\n');
    const first = await imports.claim(60_000);
    expect(await imports.claim(60_000)).toBeUndefined();
    if (first) await imports.release(first);
    while (await run.execute()) continue;
    expect(await catalogue()).toEqual(['A Two in-stock 2']);
  });

  it('is not taken in beside five others of the account', async () => {
    for (let index = 0; index < 5; index += 1) await send(table);
    await expect(send(table)).rejects.toMatchObject({ kind: 'conflict' });
  });
});

function windows1251(text: string): Buffer {
  const decoder = new TextDecoder('windows-1251');
  const bytes = new Map(Array.from({ length: 256 }, (_, byte) => [decoder.decode(Uint8Array.of(byte)), byte]));
  return Buffer.from([...text].map((letter) => bytes.get(letter) ?? 63));
}

async function workbook(rows: readonly (readonly exceljs.CellValue[])[]): Promise<Buffer> {
  const book = new exceljs.Workbook();
  book.addWorksheet('Empty');
  const sheet = book.addWorksheet('Products');
  for (const row of rows) sheet.addRow([...row]);
  sheet.getRow(3).hidden = true;
  return Buffer.from(await book.xlsx.writeBuffer());
}
