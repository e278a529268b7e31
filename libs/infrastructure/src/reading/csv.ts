import { CsvError, parse } from 'csv-parse/sync';
import type { Emit } from './blocks.js';
import { bounds } from './bounds.js';
import { decoded } from './encoding.js';
import { Refusal } from './refusal.js';
import { TableBlocks, tooLarge, type RowTaker } from './table.js';

const separators = [',', ';', '\t', '|'] as const;

export function readCsv(bytes: Uint8Array, emit: Emit): void {
  readRecords(bytes, new TableBlocks([], emit));
}

/** A formula is read as the text that it is: nobody calculates it, here or later. */
export function readRecords(bytes: Uint8Array, table: RowTaker): void {
  // One kind of line ends: the parser counts lines, and takes the other kind for two of them.
  const text = decoded(bytes).replaceAll(/\r\n?/gu, '\n');
  const take = (record: readonly string[], { lines }: { readonly lines: number }): null => {
    const breaks = record.reduce((sum, value) => sum + (value.match(/\n/gu)?.length ?? 0), 0);
    table.take({ values: record, place: `row ${lines}`, line: lines - breaks });
    return null; // taken: nothing is gathered
  };
  try {
    parse(text, {
      delimiter: separatorOf(text),
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      max_record_size: bounds.recordCharacters,
      on_record: take,
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    if (error.code === 'CSV_MAX_RECORD_SIZE') throw tooLarge('a row of more than a million characters');
    throw new Refusal('broken', 'The file is no table: a quotation mark is opened and never closed.');
  }
  table.end('row 1');
}

/** What the first lines have most of, and alike. A first line `sep=;` says it, as spreadsheets write it. */
function separatorOf(text: string): string {
  const lines = text
    .slice(0, 65_536)
    .split('\n')
    .slice(0, 20)
    .filter((line) => line !== '');
  const scores = separators.map((separator) => {
    const counts = lines.map((line) => line.replaceAll(/"[^"]*"/gu, '').split(separator).length - 1);
    const alike = counts.filter((count) => count > 0 && count === counts[0]).length;
    return { separator, score: alike * 1_000 + Math.min(...counts.slice(0, 1), 999) };
  });
  return scores.toSorted((one, other) => other.score - one.score)[0]?.separator ?? ',';
}
