import type { AccountId, DocumentId, PassageId } from '../shared/ids.js';
import type { FileType } from './document-reader.js';
import type { DocumentFailure, NewPassage } from './document.js';
import type { EmbeddingModel } from './embedder.js';

export const indexingRules = {
  /** What a killed worker delays its document by; kept up while it works. */
  leaseMs: 30_000,
  /** Then another document may have its turn, and a process that stops has not long to wait. */
  sliceMs: 5_000,
  /** Of a file that cannot be opened, a reader that does not start: hours, then a person. */
  tries: ['2s', '10s', '1m', '5m', '15m', '30m', '1h', '2h'],
  /** So often a document waits for a model that does not answer. Then it is used without vectors: they follow. */
  vectorTries: ['2s', '10s', '30s'],
} as const;

/** The right to work on a document's newest version until it runs out (database time); every write carries its epoch. */
export interface HeldDocument {
  readonly id: DocumentId;
  readonly accountId: AccountId;
  readonly title: string;
  readonly type: FileType;
  readonly fileKey: string;
  readonly epoch: number;
  /** Failures since the last thing that was kept. */
  readonly attempts: number;
  /** Passages of it; undefined until all of them are kept as drafts. */
  readonly total: number | undefined;
}

/** What stands behind a vector: a passage, or the draft of one. */
export interface Embeddable {
  readonly id: PassageId;
  readonly accountId: AccountId;
  readonly title: string;
  readonly heading: string | undefined;
  readonly text: string;
}

/** What a passage's vector is made of. A piece of a table alone does not say what it is about. */
export function embeddedText({ title, heading, text }: Omit<Embeddable, 'id' | 'accountId'>): string {
  return [title, ...(heading === undefined ? [] : [heading]), text].join('\n');
}

/**
 * Preparing the newest version of a document beside the one in use. Each step is one commit, so that whoever goes on after
 * a dead worker does nothing twice but what it had in hand. Writes answer false, and change nothing, when the document is
 * no longer ours: it was removed, replaced, or taken over.
 */
export abstract class Indexing {
  /**
   * One that is due, for `leaseMs`.
   * @param servedBefore accounts in the order in which they were served: others go first, then the first of these
   */
  abstract claim(servedBefore: readonly AccountId[]): Promise<HeldDocument | undefined>;
  /** Keeps the lease up while something takes longer than it. */
  abstract holding<Result>(held: HeldDocument, work: () => Promise<Result>): Promise<Result>;
  /** Keeps these as its drafts, all of them, in place of any before. */
  abstract keepDrafts(held: HeldDocument, passages: readonly NewPassage[]): Promise<boolean>;
  /** Drafts without a vector, in their order. */
  abstract withoutVector(held: HeldDocument, limit: number): Promise<readonly Embeddable[]>;
  /** The vectors of these drafts, and the progress that they are. */
  abstract keepVectors(
    held: HeldDocument,
    model: EmbeddingModel,
    vectors: ReadonlyMap<PassageId, readonly number[]>,
  ): Promise<boolean>;
  /** The drafts take the place of the passages in use: everybody sees the old ones or the new ones. */
  abstract swap(held: HeldDocument): Promise<boolean>;
  /** For good; what is in use stays. */
  abstract fail(held: HeldDocument, reason: DocumentFailure, detail: string): Promise<void>;
  /** Somebody may go on with it at once. */
  abstract release(held: HeldDocument): Promise<void>;
  /** After a failure. */
  abstract postpone(held: HeldDocument, byMs: number, why: string): Promise<void>;
}
