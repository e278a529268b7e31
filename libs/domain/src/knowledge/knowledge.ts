import type { AccountId, DocumentId } from '../shared/ids.js';
import type { KnowledgeDocument, NewPassage, Passage } from './document.js';

/** What the brand has said, asked in a customer's words. */
export abstract class Knowledge {
  /** The passages that fit best, best first; empty when nothing fits. */
  abstract search(accountId: AccountId, question: string, limit: number): Promise<readonly Passage[]>;
}

export abstract class Documents {
  /** Stores the document under its title; one of the same title is replaced in one swap. Safe to call twice. */
  abstract put(
    accountId: AccountId,
    title: string,
    text: string,
    passages: readonly NewPassage[],
  ): Promise<KnowledgeDocument>;
  abstract list(accountId: AccountId, limit: number, offset: number): Promise<readonly KnowledgeDocument[]>;
  /** @returns false when there was none */
  abstract remove(id: DocumentId): Promise<boolean>;
}
