import type { FileRefusal } from '#domain/knowledge/document-reader.js';

export interface HostileFile {
  readonly kind: string;
  readonly name: string;
  readonly content: Uint8Array;
  /** How it may end: refused when it is uploaded, refused by the reader, or read harmlessly. */
  readonly ends: readonly (FileRefusal | 'at upload' | 'read')[];
  /** What must not be in what was read. */
  readonly not?: string;
}
