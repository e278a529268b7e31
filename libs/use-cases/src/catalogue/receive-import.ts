import { Accounts } from '#domain/accounts/accounts.js';
import { meantAccount } from '#domain/accounts/meant-account.js';
import { isCurrency } from '#domain/catalogue/currencies.js';
import { importRules, Imports, type MissingChoice, type ProductImport } from '#domain/catalogue/imports.js';
import { beginningOf } from '#domain/knowledge/file-beginning.js';
import { kindOfFile, shownFileName } from '#domain/knowledge/file-kind.js';
import { FileScanner } from '#domain/knowledge/file-scanner.js';
import { FileStore } from '#domain/knowledge/file-store.js';
import { AppError } from '#domain/shared/errors.js';
import type { AccountId } from '#domain/shared/ids.js';
import { storableText } from '#domain/shared/text.js';

/** What was said about a file of products; a form may say it after the file. */
export interface AboutImport {
  /** May be left out while exactly one account is connected. */
  readonly accountId: AccountId | undefined;
  /** For prices beside which none is said. */
  readonly currency: string | undefined;
  readonly missing: MissingChoice;
  readonly dryRun: boolean;
}

export interface NewImport {
  /** As who sent it called it. */
  readonly name: string;
  readonly content: AsyncIterable<Uint8Array>;
  /** Asked when all of the file is there. */
  readonly about: () => Promise<AboutImport>;
}

/** Takes a file of products: kept whole or not at all, then an import that waits for a worker. It is not read here. */
export class ReceiveImport {
  constructor(
    private readonly accounts: Accounts,
    private readonly files: FileStore,
    private readonly scanner: FileScanner,
    private readonly imports: Imports,
  ) {}

  /**
   * @throws AppError 'invalid' for a file that is not taken, 'conflict' when the account is not clear or has too many
   *   unfinished imports, 'not-found' when it is unknown, 'unavailable' when the store or the scanner does not answer
   */
  async execute({ name, content, about }: NewImport): Promise<ProductImport> {
    const fileName = shownFileName(name);
    const beginning = await beginningOf(content);
    const kind = kindOfFile(fileName, beginning.head);
    if (kind.kind === 'refused') throw new AppError('invalid', kind.detail);
    const { type } = kind;
    if (type !== 'csv' && type !== 'xlsx')
      throw new AppError('invalid', 'Products come as CSV or XLSX. Save the table as one of these.');
    const { key } = await this.files.put(beginning.content, importRules.bytes);
    try {
      const { accountId, ...options } = await about();
      if (options.currency !== undefined && !isCurrency(options.currency))
        throw new AppError('invalid', 'currency is no ISO 4217 code in use, like RUB or EUR.');
      const meant = await meantAccount(this.accounts, accountId);
      await this.checkSafety(key);
      return await this.imports.create({ ...options, accountId: meant, fileName, type, fileKey: key });
    } catch (error) {
      // Where it is not known whether the row is there, its file must stay; the sweep removes it if not.
      if (error instanceof AppError && error.kind !== 'unavailable')
        await this.files.remove(key).catch(() => undefined);
      throw error;
    }
  }

  private async checkSafety(key: string): Promise<void> {
    const finding = await this.scanner.scan(await this.files.open(key));
    if (finding === undefined) return;
    const what = storableText(finding).slice(0, 100);
    throw new AppError('invalid', `The virus scanner found ${what} in the file. It was not kept.`);
  }
}
