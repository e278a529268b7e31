import type { FileType } from '#domain/knowledge/document-reader.js';
import { bounded, type Emit } from './blocks.js';
import { readCsv } from './csv.js';
import { readHtml } from './html.js';
import { readMarkdown, readText } from './plain.js';
import { Refusal } from './refusal.js';

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
export async function readDocument(bytes: Buffer, type: FileType, emit: Emit): Promise<void> {
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
