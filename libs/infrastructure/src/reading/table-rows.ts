import { importRules } from '#domain/catalogue/imports.js';
import type { Emit } from './blocks.js';
import { tooLarge, type RowTaker, type TableRow } from './table.js';

/** A catalogue has some ten columns; a sheet with more is something else. */
const mostColumns = 200;
/** Cells are cut here: the longest that a product takes is shorter, and is told so by its own rule. */
const cellLength = 5_000;

/** Rows as they stand in the file, cell by cell, each as a block whose text is its cells as JSON; its place is its line. */
export class TableRows implements RowTaker {
  #rows = 0;

  constructor(private readonly emit: Emit) {}

  get some(): boolean {
    return this.#rows > 0;
  }

  take({ values, line }: TableRow): void {
    if (values.every((value) => value.trim() === '')) return;
    if (this.#rows === 0 && /^sep=.?$/iu.test(values.join(''))) return; // spreadsheets' word for which separator follows
    this.#rows += 1;
    if (values.length > mostColumns) throw tooLarge(`more than ${mostColumns} columns`);
    if (this.#rows > importRules.rows + 1) throw tooLarge(`more than ${importRules.rows} lines`);
    const cells = values.map((value) => value.slice(0, cellLength).toWellFormed());
    this.emit({ headings: [], text: JSON.stringify(cells), place: String(line) });
  }

  end(): void {
    // Headings alone are told of where the file is understood.
  }
}
