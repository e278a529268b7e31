import type { DocumentReader, Reading } from '#domain/knowledge/document-reader.js';
import type { FileStore } from '#domain/knowledge/file-store.js';
import { DocumentReaderProcess, type ReadingCost } from './document-reader-process.js';
import type { ReadAs } from './read-document.js';

export interface ReadingNote extends ReadingCost {
  readonly type: ReadAs;
  readonly outcome: 'read' | Extract<Reading, { readonly kind: 'refused' }>['reason'];
}

/**
 * Reads each file in a process of its own, one at a time: what a file does to a parser ends with that process, and two
 * hostile files take no more memory than one.
 */
export class ChildDocumentReader implements DocumentReader {
  #line: Promise<unknown> = Promise.resolve();
  #reading: DocumentReaderProcess | undefined;
  #closed = false;

  constructor(
    private readonly files: FileStore,
    private readonly noted: (note: ReadingNote) => void = () => undefined,
    private readonly program = new URL('reader-main.js', import.meta.url),
  ) {}

  async read(key: string, type: ReadAs): Promise<Reading> {
    const mine = this.#line.then(async () => await this.#readNow(key, type));
    this.#line = mine.catch(() => undefined);
    return await mine;
  }

  /** Nest calls it once a process is told to stop: what is being read begins anew elsewhere. */
  beforeApplicationShutdown(): void {
    this.#closed = true;
    this.#reading?.end();
  }

  async #readNow(key: string, type: ReadAs): Promise<Reading> {
    const content = await this.files.open(key);
    const reading = new DocumentReaderProcess(this.program, type);
    this.#reading = reading;
    if (this.#closed) reading.end();
    try {
      const outcome = await reading.read(content);
      this.noted({ type, outcome: outcome.kind === 'read' ? 'read' : outcome.reason, ...reading.cost });
      return outcome;
    } finally {
      this.#reading = undefined;
    }
  }
}
