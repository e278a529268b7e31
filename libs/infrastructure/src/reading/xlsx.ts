import { Readable } from 'node:stream';
import exceljs from 'exceljs';
import { openArchive, type Parts, storedArchive } from './archive.js';
import type { Emit } from './blocks.js';
import { bounds } from './bounds.js';
import { checkKind } from './office.js';
import { TableBlocks, tooLarge, type RowTaker } from './table.js';
import { TableRows } from './table-rows.js';

const sheet = /^xl\/worksheets\/[^/]+\.xml$/u;
const before = [
  '_rels/.rels',
  'xl/_rels/workbook.xml.rels',
  'xl/workbook.xml',
  'xl/sharedStrings.xml',
  'xl/styles.xml',
];

const pieceBytes = 64 * 1024;

/** What is shown: hidden sheets, rows and columns are not what the brand says. */
export async function readXlsx(bytes: Buffer, emit: Emit): Promise<void> {
  await readSheets(bytes, false, (name) => new TableBlocks([name], emit));
}

/** The first sheet with something in it. A row that a filter hides is a row: only what is shown would leave it out. */
export async function readFirstSheet(bytes: Buffer, emit: Emit): Promise<void> {
  let rows: TableRows | undefined;
  await readSheets(bytes, true, () => {
    if (rows?.some) return undefined;
    rows = new TableRows(emit);
    return rows;
  });
}

/**
 * Row by row: a workbook as a whole takes a hundred times its size in memory.
 * @param whole hidden rows and columns, too, and what stands in cells that could not be calculated
 */
async function readSheets(bytes: Buffer, whole: boolean, open: (name: string) => RowTaker | undefined): Promise<void> {
  const parts = await openArchive(
    bytes,
    (name) => name === '[Content_Types].xml' || before.includes(name) || sheet.test(name),
  );
  checkKind(parts, 'spreadsheetml.sheet');
  checkSize(parts);
  const workbook = new exceljs.stream.xlsx.WorkbookReader(Readable.from(inPieces(inOrder(parts, whole))), {
    worksheets: 'emit',
    sharedStrings: 'cache',
    styles: 'cache',
    hyperlinks: 'ignore',
    entries: 'ignore',
  });
  for await (const worksheet of workbook) {
    const untyped: unknown = worksheet;
    const facts = untyped as SheetFacts; // its own types leave these out
    const { name = 'Sheet', state } = facts;
    const shown = state === undefined || state === 'visible';
    const table = shown ? open(name) : undefined;
    let first: string | undefined;
    for await (const row of worksheet) {
      if (!table) continue;
      const place = `sheet ${name}, row ${row.number}`;
      first ??= place;
      if (row.cellCount > bounds.columns) throw tooLarge(`more than ${bounds.columns} columns`);
      table.take({ values: valuesOf(row, facts, whole), place, line: row.number });
    }
    table?.end(first ?? '');
  }
}

interface SheetFacts {
  readonly name?: string;
  readonly state?: string;
  getColumn(number: number): { readonly hidden?: boolean };
}

/** The order in which a reader that goes through once needs them, and the names that it knows. */
function inOrder(parts: Parts, whole: boolean): Buffer {
  const empty = Buffer.from('<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>');
  const links = (parts.get(before[1] ?? '')?.toString('utf8') ?? '').replaceAll('Target="/xl/', 'Target="');
  const all = new Map(parts).set('xl/_rels/workbook.xml.rels', Buffer.from(links));
  if (!all.has('xl/sharedStrings.xml')) all.set('xl/sharedStrings.xml', empty);
  const sheets = [...all.keys()].filter((name) => sheet.test(name)).toSorted(byNumber);
  return storedArchive(
    [...before, ...sheets].flatMap((name) => {
      const part = all.get(name);
      return part ? [[name, sheet.test(name) && !whole ? withoutHidden(part) : part] as const] : [];
    }),
  );
}

/** What comes at once is held at once, ten times as large. */
function* inPieces(archive: Buffer): Generator<Buffer> {
  for (let from = 0; from < archive.length; from += pieceBytes) yield archive.subarray(from, from + pieceBytes);
}

/** Counted before they are read: a million cells fit into a file of a few kilobytes. */
function checkSize(parts: Parts): void {
  let cells = 0;
  let rows = 0;
  for (const [name, part] of parts) {
    if (name === 'xl/sharedStrings.xml') cells += count(part, '<si');
    if (!sheet.test(name)) continue;
    cells += count(part, '<c ');
    rows += count(part, '<row');
  }
  if (rows > bounds.rows) throw tooLarge(`more than ${bounds.rows} rows`);
  if (cells > bounds.cells) throw tooLarge(`more than ${bounds.cells} cells`);
}

function count(part: Buffer, text: string): number {
  let found = 0;
  for (let at = part.indexOf(text); at >= 0; at = part.indexOf(text, at + text.length)) found += 1;
  return found;
}

/** Rows that the workbook does not show; the reader does not say which they are. */
function withoutHidden(part: Buffer): Buffer {
  if (!part.includes('hidden="')) return part;
  const xml = part.toString('utf8');
  const shown: string[] = [];
  let from = 0;
  for (const { 0: tag, index } of xml.matchAll(/<row\s[^<>]{0,1000}>/gu)) {
    if (index < from || !/\shidden="(?:1|true)"/u.test(tag)) continue;
    const end = tag.endsWith('/>') ? index + tag.length : xml.indexOf('</row>', index) + '</row>'.length;
    if (end < index) break; // it is never closed: the parser says so
    shown.push(xml.slice(from, index));
    from = end;
  }
  return Buffer.from([...shown, xml.slice(from)].join(''));
}

function byNumber(one: string, other: string): number {
  return Number(/\d+/u.exec(one)?.[0] ?? 0) - Number(/\d+/u.exec(other)?.[0] ?? 0);
}

function valuesOf(row: exceljs.Row, facts: SheetFacts, whole: boolean): readonly string[] {
  const values: string[] = [];
  for (let column = 1; column <= row.cellCount; column += 1) {
    const cell = row.getCell(column);
    const hidden = !whole && facts.getColumn(column).hidden === true;
    const uncalculated = whole ? uncalculatedIn(cell.value) : undefined;
    values.push(hidden ? '' : (uncalculated ?? textOf(cell.value, cell.numFmt ?? '')));
  }
  return values;
}

/** Where an empty cell would mean something else: an error, or a formula that nobody has calculated yet. */
function uncalculatedIn(value: exceljs.CellValue): string | undefined {
  if (typeof value !== 'object' || value === null || value instanceof Date) return undefined;
  if ('error' in value) return value.error;
  if ('result' in value && value.result !== undefined) return uncalculatedIn(value.result);
  if ('formula' in value) return `=${value.formula}`;
  return 'sharedFormula' in value ? `=${value.sharedFormula}` : undefined;
}

/** What the cell shows; of a formula what it last came to. */
function textOf(value: exceljs.CellValue, format: string): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return numberOf(value, format);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (value instanceof Date) return dateOf(value);
  if ('richText' in value) return value.richText.map(({ text }) => text).join('');
  if ('text' in value) return textOf(value.text, format);
  if ('result' in value) return textOf(value.result, format);
  return '';
}

function numberOf(value: number, format: string): string {
  if (format.includes('%')) return `${rounded(value * 100)} %`;
  const currency = /[€$£¥₽₴₸]|\b(?:EUR|USD|GBP|RUB|CHF)\b/u.exec(
    format.replaceAll(/\[\$(?<sign>[^\]-]*)[^\]]*\]/gu, '$<sign>'),
  );
  return currency ? `${rounded(value)} ${currency[0]}` : rounded(value);
}

/** Without the dust of binary fractions. */
function rounded(value: number): string {
  return String(Number(value.toPrecision(15)));
}

function dateOf(value: Date): string {
  if (Number.isNaN(value.getTime())) return '';
  const [day = '', time = ''] = value.toISOString().split('T');
  return time.startsWith('00:00') ? day : `${day} ${time.slice(0, 5)}`;
}
