import type { AccountId, DocumentId } from '../shared/ids.js';
import type { DocumentFile, DocumentSource, KnowledgeDocument, NewPassage, Passage } from './document.js';
import type { FileType } from './document-reader.js';

/** What the brand has said, asked in a customer's words. */
export abstract class Knowledge {
  /** The passages that fit best, best first; empty when nothing fits. */
  abstract search(accountId: AccountId, question: string, limit: number): Promise<readonly Passage[]>;
}

/** A file that is in the store already, to become the newest version of the document of this title. */
export interface SubmittedFile {
  readonly accountId: AccountId;
  readonly title: string;
  readonly source: Exclude<DocumentSource, 'text'>;
  readonly type: FileType;
  readonly file: DocumentFile;
  /** Where it was fetched. */
  readonly address: string | undefined;
}

/**
 * `accepted`: the document is pending; `replaced` is the key of the file before, which it needs no longer.
 * `unchanged`: this very file is its newest version, and has not failed. `duplicate`: another document of the account is
 * this very file. Of these two the file that was just stored is not needed.
 */
export type Submission =
  | { readonly kind: 'accepted'; readonly document: KnowledgeDocument; readonly replaced: string | undefined }
  | { readonly kind: 'unchanged' | 'duplicate'; readonly document: KnowledgeDocument };

export abstract class Documents {
  /** Stores the document under its title; one of the same title is replaced in one swap. Safe to call twice. */
  abstract put(
    accountId: AccountId,
    title: string,
    text: string,
    passages: readonly NewPassage[],
  ): Promise<KnowledgeDocument>;
  /** Waits to be indexed from now on. What was in use under this title stays until then. Safe to call twice. */
  abstract submit(file: SubmittedFile): Promise<Submission>;
  abstract find(id: DocumentId): Promise<KnowledgeDocument | undefined>;
  /** By title. */
  abstract list(accountId: AccountId, limit: number, offset: number): Promise<readonly KnowledgeDocument[]>;
  /**
   * Its file is read and indexed anew, with fresh tries.
   * @returns undefined when there is no such document
   * @throws AppError 'conflict' when it came as a text: there is nothing to read
   */
  abstract reprocess(id: DocumentId): Promise<KnowledgeDocument | undefined>;
  /** What is being indexed of it stops at its next write. @returns false when there was none */
  abstract remove(id: DocumentId): Promise<boolean>;
}
