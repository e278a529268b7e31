import { Accounts } from '#domain/accounts/accounts.js';
import { meantAccount } from '#domain/accounts/meant-account.js';
import type { FileType } from '#domain/knowledge/document-reader.js';
import type { DocumentSource } from '#domain/knowledge/document.js';
import { beginningOf } from '#domain/knowledge/file-beginning.js';
import { fileQuota, kindOfFile, mostFileBytes, shownFileName, titleOfFile } from '#domain/knowledge/file-kind.js';
import { FileOwners } from '#domain/knowledge/file-owners.js';
import { FileScanner } from '#domain/knowledge/file-scanner.js';
import { FileStore, type StoredFile } from '#domain/knowledge/file-store.js';
import { Documents, type Submission } from '#domain/knowledge/knowledge.js';
import { AppError } from '#domain/shared/errors.js';
import type { AccountId } from '#domain/shared/ids.js';
import { storableText } from '#domain/shared/text.js';

/** What was said about a file; a form may say it after the file. */
export interface AboutFile {
  /** May be left out while exactly one account is connected. */
  readonly accountId: AccountId | undefined;
  /** Left out, it is made from the file's name. */
  readonly title: string | undefined;
}

export interface NewFile {
  /** As who sent it called it. */
  readonly name: string;
  readonly content: AsyncIterable<Uint8Array>;
  readonly source: Exclude<DocumentSource, 'text'>;
  /** Where it was fetched. */
  readonly address?: string | undefined;
  /** Asked when all of the file is there. */
  readonly about: () => Promise<AboutFile>;
}

/**
 * Takes a file into an account's knowledge: its name and its first bytes must agree, it is kept whole or not at all,
 * scanned, and only then a document that waits to be indexed. A crash between the two leaves a file that nobody owns,
 * which the sweep removes after a day.
 */
export class AddFile {
  constructor(
    private readonly accounts: Accounts,
    private readonly files: FileStore,
    private readonly scanner: FileScanner,
    private readonly owners: FileOwners,
    private readonly documents: Documents,
  ) {}

  /**
   * @throws AppError 'invalid' for a file that is not taken, 'conflict' when the account is not clear or keeps too much,
   *   'not-found' when it is unknown, 'unavailable' when the store or the scanner does not answer
   */
  async execute({ name: given, content, source, address, about }: NewFile): Promise<Submission> {
    const name = shownFileName(given);
    const beginning = await beginningOf(content);
    const kind = kindOfFile(name, beginning.head);
    if (kind.kind === 'refused') throw new AppError('invalid', kind.detail);
    const stored = await this.files.put(beginning.content, mostFileBytes);
    const { accountId, title } = await this.checked(stored, about);
    // When this throws, the row may be there nevertheless: then its file must be, too. If not, the sweep removes it.
    const submission = await this.submit(accountId, title, { stored, name, type: kind.type, source, address });
    const needless = submission.kind === 'accepted' ? submission.replaced : stored.key;
    if (needless !== undefined) await this.discard(needless);
    return submission;
  }

  /** Whose it is, and that it may be kept; what may not is gone. */
  private async checked(
    stored: StoredFile,
    about: NewFile['about'],
  ): Promise<{ readonly accountId: AccountId; readonly title: string | undefined }> {
    try {
      const { accountId: given, title } = await about();
      const accountId = await meantAccount(this.accounts, given);
      await this.checkQuota(accountId, stored.bytes);
      await this.checkSafety(stored);
      return { accountId, title };
    } catch (error) {
      await this.discard(stored.key);
      throw error;
    }
  }

  private async submit(
    accountId: AccountId,
    given: string | undefined,
    file: {
      readonly stored: StoredFile;
      readonly name: string;
      readonly type: FileType;
      readonly source: NewFile['source'];
      readonly address: string | undefined;
    },
  ): Promise<Submission> {
    const { stored, name, type, source, address } = file;
    const title = storableText(given ?? '').trim() || titleOfFile(name);
    return await this.documents.submit({ accountId, title, source, type, file: { ...stored, name }, address });
  }

  private async checkQuota(accountId: AccountId, bytes: number): Promise<void> {
    const kept = await this.owners.usage(accountId);
    if (kept.files < fileQuota.files && kept.bytes + bytes <= fileQuota.bytes) return;
    throw new AppError(
      'conflict',
      `The account keeps ${kept.files} files of ${Math.ceil(kept.bytes / 1_048_576)} MB; ${fileQuota.files} files of ` +
        `${fileQuota.bytes / 1_048_576} MB are allowed. Remove documents that are not needed any more.`,
    );
  }

  private async checkSafety({ key }: StoredFile): Promise<void> {
    const finding = await this.scanner.scan(await this.files.open(key));
    if (finding === undefined) return;
    throw new AppError(
      'invalid',
      `The virus scanner found ${storableText(finding).slice(0, 100)} in the file. It was not kept.`,
    );
  }

  /** Not now? Then the sweep does it: what counts is what happened before. */
  private async discard(key: string): Promise<void> {
    await this.files.remove(key).catch(() => undefined);
  }
}
