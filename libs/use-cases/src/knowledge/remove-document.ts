import { FileStore } from '#domain/knowledge/file-store.js';
import { Documents } from '#domain/knowledge/knowledge.js';
import type { DocumentId } from '#domain/shared/ids.js';

/** Takes a document out of the knowledge, and then its file out of the store: what is left over the sweep removes. */
export class RemoveDocument {
  constructor(
    private readonly documents: Documents,
    private readonly files: FileStore,
  ) {}

  /** @returns false when there was none */
  async execute(id: DocumentId): Promise<boolean> {
    const document = await this.documents.find(id);
    const removed = await this.documents.remove(id);
    // A new file may have come in between: that one nobody owns, and it goes in a day.
    if (removed && document?.file) await this.files.remove(document.file.key).catch(() => undefined);
    return removed;
  }
}
