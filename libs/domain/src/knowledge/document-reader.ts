export const fileTypes = ['pdf', 'docx', 'xlsx', 'csv', 'txt', 'md', 'html'] as const;
export type FileType = (typeof fileTypes)[number];

/** A part of a document that belongs together: a paragraph, a list, a row of a table with its column names. */
export interface TextBlock {
  /** The headings above it, outermost first. */
  readonly headings: readonly string[];
  readonly text: string;
  /** Where a person finds it in the file: "page 3", "sheet Prices, row 12". */
  readonly place?: string;
}

export type Reading =
  | { readonly kind: 'read'; readonly blocks: readonly TextBlock[] }
  /** It will never be readable as it is; `detail` says to a person why and what to do. */
  | { readonly kind: 'refused'; readonly reason: FileRefusal; readonly detail: string };

export const fileRefusals = [
  'wrong-type', // name, first bytes and parser do not agree
  'no-text', // for instance a scanned PDF
  'encrypted',
  'broken',
  'too-large', // unpacked size, pages, rows, pixels
  'too-slow', // the parser's time was over
  'too-much-memory',
  'unsafe', // a finding of the virus scanner, an archive that reaches outside itself
] as const;
export type FileRefusal = (typeof fileRefusals)[number];

/** Reads what a stranger may have written: in a process of its own, within bounds of memory and time. */
export abstract class DocumentReader {
  /** @throws AppError 'unavailable' when no process could be started or the file not be opened: try again later */
  abstract read(key: string, type: FileType): Promise<Reading>;
}
