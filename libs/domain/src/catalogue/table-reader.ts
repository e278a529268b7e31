import type { TableRow } from './import-lines.js';
import type { ImportType } from './imports.js';

/** Reads the table in a file of a stranger, in a process of its own. Of a workbook the first sheet with something in it. */
export abstract class TableReader {
  /**
   * @returns its rows in their order, at most `importRules.rows` and one for the headings
   * @throws AppError 'invalid' with a sentence for a person when it will never be readable; 'unavailable': try later
   */
  abstract read(key: string, type: ImportType): Promise<readonly TableRow[]>;
}
