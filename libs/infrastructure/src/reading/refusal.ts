import type { FileRefusal } from '#domain/knowledge/document-reader.js';

/** The file will never be readable as it is; `message` says to a person why, and what to do. */
export class Refusal extends Error {
  constructor(
    readonly reason: FileRefusal,
    message: string,
  ) {
    super(message);
    this.name = 'Refusal';
  }
}
