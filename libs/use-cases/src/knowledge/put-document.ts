import { Accounts } from '#domain/accounts/accounts.js';
import { meantAccount } from '#domain/accounts/meant-account.js';
import { cutIntoPassages } from '#domain/knowledge/cutting.js';
import type { KnowledgeDocument } from '#domain/knowledge/document.js';
import { Documents } from '#domain/knowledge/knowledge.js';
import { AppError } from '#domain/shared/errors.js';
import type { AccountId } from '#domain/shared/ids.js';
import { storableText } from '#domain/shared/text.js';

export interface NewDocument {
  /** May be left out while exactly one account is connected. */
  readonly accountId: AccountId | undefined;
  readonly title: string;
  readonly text: string;
}

/** Puts a text into an account's knowledge; the same title again replaces it, so it is safe to repeat. */
export class PutDocument {
  constructor(
    private readonly accounts: Accounts,
    private readonly documents: Documents,
  ) {}

  /** @throws AppError 'conflict' when the account is not clear, 'not-found' when it is unknown, 'invalid' without text */
  async execute({ accountId, ...given }: NewDocument): Promise<KnowledgeDocument> {
    const [title, text] = [storableText(given.title).trim(), storableText(given.text)];
    if (title === '') throw new AppError('invalid', 'The document has no title.');
    const passages = cutIntoPassages(text);
    if (passages.length === 0) throw new AppError('invalid', 'The document has no text besides headings.');
    const account = await meantAccount(this.accounts, accountId);
    return await this.documents.put(account, title, text, passages);
  }
}
