import { fileTypes, type FileType } from '#domain/knowledge/document-reader.js';
import { bounded, type Emit } from './blocks.js';
import { readCsv, readRecords } from './csv.js';
import { readHtml } from './html.js';
import { readMarkdown, readText } from './plain.js';
import { Refusal } from './refusal.js';
import { TableRows } from './table-rows.js';

/** What a file is read as: a document by its type, or a table cell by cell. */
export const readings = [...fileTypes, 'csv-rows', 'xlsx-rows'] as const;
export type ReadAs = (typeof readings)[number];

/** A parser is loaded when a file needs it: the others' code is not even there. */
const readers: Record<FileType, (bytes: Buffer, emit: Emit) => Promise<void> | void> = {
  pdf: async (bytes, emit) => await (await import('./pdf.js')).readPdf(bytes, emit),
  docx: async (bytes, emit) => await (await import('./docx.js')).readDocx(bytes, emit),
  xlsx: async (bytes, emit) => await (await import('./xlsx.js')).readXlsx(bytes, emit),
  csv: readCsv,
  html: readHtml,
  md: readMarkdown,
  txt: readText,
};

/** Reads in this very process: for the process of the reader, and nobody else. @throws Refusal */
export async function readDocument(bytes: Buffer, type: ReadAs, emit: Emit): Promise<void> {
  if (type === 'csv-rows') return readRecords(bytes, new TableRows(emit));
  if (type === 'xlsx-rows') return await (await import('./xlsx.js')).readFirstSheet(bytes, emit);
  const blocks = bounded(emit);
  await readers[type](bytes, blocks.emit);
  if (blocks.some()) return;
  throw new Refusal(
    'no-text',
    type === 'pdf'
      ? 'The PDF holds pictures only, as a scan does. Run text recognition (OCR) on it, or upload the original.'
      : 'The file has no text besides headings.',
  );
}
