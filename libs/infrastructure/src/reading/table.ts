import type { Emit } from './blocks.js';
import { bounds } from './bounds.js';
import { Refusal } from './refusal.js';

/** One row of a table as it stands in the file. */
export interface TableRow {
  readonly values: readonly string[];
  /** For a person: "row 12", "sheet Prices, row 12". */
  readonly place: string;
  /** The same as a number: where it begins in the file, or its row in the sheet. */
  readonly line: number;
}

/** What takes the rows of a table, one after the other. */
export interface RowTaker {
  take(row: TableRow): void;
  /** @param place of the first row */
  end(place: string): void;
}

/** Makes a block of each row, with the names of its columns: "Cake: Honey; Price: 30". The first row may be the names. */
export class TableBlocks implements RowTaker {
  #names: readonly string[] | undefined;
  #rows = 0;
  #cells = 0;

  constructor(
    private readonly headings: readonly string[],
    private readonly emit: Emit,
  ) {}

  take({ values, place }: TableRow): void {
    this.#rows += 1;
    this.#cells += values.length;
    if (values.length > bounds.columns) throw tooLarge(`more than ${bounds.columns} columns`);
    if (this.#rows > bounds.rows) throw tooLarge(`more than ${bounds.rows} rows`);
    if (this.#cells > bounds.cells) throw tooLarge(`more than ${bounds.cells} cells`);
    if (values.every((value) => value.trim() === '')) return;
    if (!this.#names) {
      this.#names = areNames(values) ? values : [];
      if (this.#names.length > 0) return;
    }
    this.emit({ headings: this.headings, text: inWords(values, this.#names), place });
  }

  /** A table of names only is still something to know. */
  end(place: string): void {
    if (this.#names && this.#names.length > 0 && this.#rows === 1) {
      this.emit({ headings: this.headings, text: this.#names.filter((name) => name !== '').join('; '), place });
    }
  }
}

/** At least two columns with names, and nothing that counts or costs. */
function areNames(values: readonly string[]): boolean {
  const named = values.filter((value) => value.trim() !== '');
  return named.length >= 2 && named.every((value) => value.length <= 100 && !/^[\s\d.,:/€$£₽%+-]+$/u.test(value));
}

function inWords(values: readonly string[], names: readonly string[]): string {
  return values
    .map((value, index) => {
      const name = names[index]?.trim() ?? '';
      const text = value.trim();
      if (text === '') return '';
      return name === '' ? text : `${name}: ${text}`;
    })
    .filter((text) => text !== '')
    .join('; ');
}

export function tooLarge(what: string): Refusal {
  return new Refusal('too-large', `The table has ${what}. Split it into several files.`);
}
