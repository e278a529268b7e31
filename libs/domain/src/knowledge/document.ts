import type { AccountId, DocumentId, PassageId, ProductId } from '../shared/ids.js';
import { fileRefusals, type FileType } from './document-reader.js';

/** `text`: sent as it is, in use at once · `upload`: a file that was sent · `address`: a file that we fetched. */
export const documentSources = ['text', 'upload', 'address'] as const;
export type DocumentSource = (typeof documentSources)[number];

/** Of the newest version: it waits for a worker, is being prepared, is in use, or cannot be used as it is. */
export const documentStates = ['pending', 'processing', 'ready', 'failed'] as const;
export type DocumentState = (typeof documentStates)[number];

/** `gave-up`: every try failed for reasons of ours; a person may have it tried again. */
export const documentFailures = [...fileRefusals, 'gave-up'] as const;
export type DocumentFailure = (typeof documentFailures)[number];

/** How far the newest version is, in passages. */
export interface IndexingProgress {
  readonly done: number;
  /** Undefined until the file is read. */
  readonly total: number | undefined;
}

/** The file that the newest version came as. */
export interface DocumentFile {
  /** In the file store. */
  readonly key: string;
  /** As who sent it called it. */
  readonly name: string;
  readonly bytes: number;
  /** SHA-256, in hexadecimal. */
  readonly hash: string;
}

/**
 * What an account has said under one title. The newest version has a state; while it is not `ready`, the version before
 * it stays in use, and `version`, `passages` and `characters` are of that one.
 */
export interface KnowledgeDocument {
  readonly id: DocumentId;
  readonly accountId: AccountId;
  readonly title: string;
  readonly source: DocumentSource;
  readonly type: FileType;
  /** Undefined for a text. */
  readonly file: DocumentFile | undefined;
  /** Where it was fetched. */
  readonly address: string | undefined;
  readonly state: DocumentState;
  readonly reason: DocumentFailure | undefined;
  /** For a person: why it failed and what to do. */
  readonly detail: string | undefined;
  /** Undefined unless it is pending or processing. */
  readonly progress: IndexingProgress | undefined;
  /** Counts what was in use; 0 while nothing has been. */
  readonly version: number;
  readonly passages: number;
  readonly characters: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A piece of what the brand has said, small enough to be quoted to the model. It is of a document or of a product. */
export interface Passage {
  readonly id: PassageId;
  readonly documentId: DocumentId | undefined;
  readonly productId: ProductId | undefined;
  /** The document's title or the product's name. */
  readonly title: string;
  /** The headings above it, outermost first, as one text: "Delivery \u203a Prices". Undefined without any. */
  readonly heading: string | undefined;
  readonly text: string;
  /** Where a person finds it in the file: "page 3", "sheet Prices, row 12". */
  readonly place: string | undefined;
  /** How well it fits what was asked for: comparable within one search only, more is better. */
  readonly score: number;
  /** Cosine of the angle to the question, at most 1; undefined when it was found by words only. */
  readonly similarity: number | undefined;
}

export interface NewPassage {
  readonly heading: string | undefined;
  readonly text: string;
  readonly place?: string;
}
