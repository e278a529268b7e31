import { z } from 'zod';
import type { TableRow } from '#domain/catalogue/import-lines.js';
import type { ImportType } from '#domain/catalogue/imports.js';
import type { TableReader } from '#domain/catalogue/table-reader.js';
import { AppError } from '#domain/shared/errors.js';
import type { ChildDocumentReader } from './child-document-reader.js';

const Cells = z.array(z.string());

/** Tables by the process that reads documents, with its bounds: a spreadsheet of a stranger is nothing to parse in here. */
export class ChildTableReader implements TableReader {
  constructor(private readonly reader: ChildDocumentReader) {}

  async read(key: string, type: ImportType): Promise<readonly TableRow[]> {
    const reading = await this.reader.read(key, type === 'csv' ? 'csv-rows' : 'xlsx-rows');
    if (reading.kind === 'refused') throw new AppError('invalid', reading.detail);
    return reading.blocks.map(({ text, place }) => ({ line: Number(place), cells: Cells.parse(JSON.parse(text)) }));
  }
}
