import { createHash } from 'node:crypto';
import type { DocumentReader, Reading } from '#domain/knowledge/document-reader.js';
import type { Embedder, EmbeddingModel } from '#domain/knowledge/embedder.js';
import type { SubmittedFile } from '#domain/knowledge/knowledge.js';
import type { AccountId } from '#domain/shared/ids.js';
import { account } from './rows.js';

/** A file of this text, as it stands in the store. */
export function submitted(title: string, text: string, accountId: AccountId = account.id): SubmittedFile {
  const hash = createHash('sha256').update(text).digest('hex');
  const file = { key: `key-${hash.slice(0, 8)}`, name: `${title}.txt`, bytes: text.length, hash };
  return { accountId, title, source: 'upload', type: 'txt', file, address: undefined };
}

/** Files by their keys; each line of a text is a block, and `# ` begins a heading. */
export class ScriptedReader implements DocumentReader {
  readonly files = new Map<string, string | Reading | Error>();
  reads = 0;

  /** Submits nothing: only puts it where the reader finds it. */
  add(title: string, text: string, accountId?: AccountId): SubmittedFile {
    const file = submitted(title, text, accountId);
    this.files.set(file.file.key, text);
    return file;
  }

  async read(key: string): Promise<Reading> {
    this.reads += 1;
    const file = await Promise.resolve(this.files.get(key));
    if (file instanceof Error) throw file;
    if (typeof file !== 'string') return file ?? { kind: 'read', blocks: [] };
    let headings: readonly string[] = [];
    const blocks = file.split('\n').flatMap((text, index) => {
      if (text.startsWith('# ')) headings = [text.slice(2)];
      return text.startsWith('# ') ? [] : [{ headings, text, place: `line ${index + 1}` }];
    });
    return { kind: 'read', blocks };
  }
}

/** A vector tells the length of its text; every text that was asked about is remembered. */
export class ScriptedEmbedder implements Embedder {
  readonly asked: { readonly accountId: AccountId; readonly text: string; readonly model: string }[] = [];
  /** What goes wrong with these texts; undefined: nothing. */
  failing: (texts: readonly string[]) => Error | undefined = () => undefined;
  readonly poor = new Set<AccountId>();
  /** Runs before each answer. */
  meanwhile: () => Promise<void> = async () => await Promise.resolve();

  constructor(readonly model: EmbeddingModel | undefined = { name: 'm1', dimensions: 3 }) {}

  async embed(accountId: AccountId, texts: readonly string[], model: EmbeddingModel) {
    if (this.poor.has(accountId)) return undefined;
    const failure = this.failing(texts);
    if (failure) throw failure;
    await this.meanwhile();
    this.asked.push(...texts.map((text) => ({ accountId, text, model: model.name })));
    return texts.map((text) => Array.from({ length: model.dimensions }, (_, at) => (at === 0 ? text.length : 1)));
  }
}
