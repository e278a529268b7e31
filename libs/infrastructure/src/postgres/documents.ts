import { createHash } from 'node:crypto';
import { fileTypes } from '#domain/knowledge/document-reader.js';
import {
  documentFailures,
  documentSources,
  documentStates,
  type KnowledgeDocument,
  type NewPassage,
} from '#domain/knowledge/document.js';
import type { Documents, Submission, SubmittedFile } from '#domain/knowledge/knowledge.js';
import { AppError } from '#domain/shared/errors.js';
import { AccountId, DocumentId } from '#domain/shared/ids.js';
import type { Database, Session } from './database.js';
import { DocumentRow } from './entities/document.entity.js';
import { listed, optional } from './reading.js';

/** What full-text search looks at. PostgreSQL's russian configuration stems Cyrillic words as Russian and Latin ones as English. */
export function wordsOf(title: string, heading: string, text: string): string {
  return `to_tsvector('russian'::regconfig, concat_ws(' ', ${title}, ${heading}, ${text}))`;
}

/** Takes a row away from whoever is indexing it, and what it has prepared. */
const discard = `epoch = documents.epoch + 1, attempts = 0, last_error = NULL, reason = NULL, detail = NULL,
  prepared_total = NULL, prepared_done = 0`;

export class PostgresDocuments implements Documents {
  constructor(private readonly database: Database) {}

  async put(
    accountId: AccountId,
    title: string,
    text: string,
    passages: readonly NewPassage[],
  ): Promise<KnowledgeDocument> {
    const hash = createHash('sha256').update(text).digest('hex');
    const id = await this.database.transaction(async (session) => {
      // Unchanged text keeps its passages, and with them the ids that answers cite.
      const [kept] = await session.query<{ id: string; changed: boolean }>(
        `WITH before AS (SELECT content_hash FROM documents WHERE account_id = $1 AND title = $2),
         put AS (
           INSERT INTO documents (account_id, title, content_hash, characters, passages) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (account_id, title) DO UPDATE SET content_hash = excluded.content_hash,
             characters = excluded.characters, passages = excluded.passages, updated_at = now(),
             version = documents.version + (documents.content_hash IS DISTINCT FROM excluded.content_hash)::int,
             source = 'text', type = 'md', address = NULL, file_key = NULL, file_name = NULL, file_hash = NULL,
             bytes = NULL, state = 'ready', due_at = NULL, ${discard}
           RETURNING id)
         SELECT put.id, (SELECT content_hash FROM before) IS DISTINCT FROM $3 AS changed FROM put`,
        [accountId, title, hash, text.length, passages.length],
      );
      if (!kept) throw new Error('an upsert returned no row');
      await session.query('DELETE FROM passage_drafts WHERE document_id = $1', [kept.id]);
      if (kept.changed) await replacePassages(session, { id: kept.id, accountId, title }, passages);
      return kept.id;
    });
    const row = await this.database.one(DocumentRow, { id });
    if (!row) throw new AppError('conflict', 'The document was removed while it was being stored.');
    return toDocument(row);
  }

  async submit(submitted: SubmittedFile): Promise<Submission> {
    const { accountId, title, file } = submitted;
    const { kind, id, replaced } = await this.database.transaction(async (session) => {
      // Of two submissions for one account the second sees what came of the first.
      await session.query(`SELECT pg_advisory_xact_lock(hashtextextended('documents-of-' || $1, 0))`, [accountId]);
      const [before] = await session.query<{ id: string; title: string; file_key: string | null; same: boolean }>(
        `SELECT id, title, file_key, file_hash IS NOT DISTINCT FROM $3 AND state <> 'failed' AS same FROM documents
          WHERE account_id = $1 AND (title = $2 OR (file_hash = $3 AND state <> 'failed'))
          ORDER BY title <> $2 LIMIT 1`,
        [accountId, title, file.hash],
      );
      if (before?.same) {
        const known = before.title === title ? 'unchanged' : 'duplicate';
        return { kind: known, id: before.id, replaced: undefined } as const;
      }
      const made = await submitInto(session, submitted);
      return { kind: 'accepted', id: made, replaced: optional(before?.file_key ?? null) } as const;
    });
    const document = await this.find(DocumentId.parse(id));
    if (!document) throw new AppError('conflict', 'The document was removed while it was being stored.');
    return kind === 'accepted' ? { kind, document, replaced } : { kind, document };
  }

  async find(id: DocumentId): Promise<KnowledgeDocument | undefined> {
    const row = await this.database.one(DocumentRow, { id });
    return row ? toDocument(row) : undefined;
  }

  async list(accountId: AccountId, limit: number, offset: number): Promise<readonly KnowledgeDocument[]> {
    const rows = await this.database.many(DocumentRow, {
      where: { accountId },
      order: { title: 'ASC' },
      take: limit,
      skip: offset,
    });
    return rows.map(toDocument);
  }

  async reprocess(id: DocumentId): Promise<KnowledgeDocument | undefined> {
    const again = await this.database.transaction(async (session) => {
      const rows = await session.query(
        `WITH again AS (
           UPDATE documents SET state = 'pending', due_at = now(), updated_at = now(), ${discard}
            WHERE id = $1 AND file_key IS NOT NULL RETURNING id)
         SELECT id FROM again`,
        [id],
      );
      if (rows.length > 0) await session.query('DELETE FROM passage_drafts WHERE document_id = $1', [id]);
      return rows.length > 0;
    });
    const document = await this.find(id);
    if (document && !again) throw new AppError('conflict', 'This document came as a text: put the text again instead.');
    return document;
  }

  async remove(id: DocumentId): Promise<boolean> {
    return await this.database.transaction(async (session) => {
      // The document first: its row is what a `put` at the same moment waits for, so that none of its passages stay behind.
      const rows = await session.query(
        'WITH gone AS (DELETE FROM documents WHERE id = $1 RETURNING id) SELECT id FROM gone',
        [id],
      );
      await session.query('DELETE FROM passages WHERE document_id = $1', [id]);
      return rows.length > 0;
    });
  }
}

interface Owner {
  readonly id: string;
  readonly accountId: AccountId;
  readonly title: string;
}

async function replacePassages(session: Session, { id, accountId, title }: Owner, passages: readonly NewPassage[]) {
  await session.query('DELETE FROM passages WHERE document_id = $1', [id]);
  await session.query(
    `INSERT INTO passages (document_id, account_id, position, title, heading, text, words)
     SELECT $1, $2, position, $3::text, nullif(heading, ''), body, ${wordsOf('$3::text', 'heading', 'body')}
       FROM unnest($4::text[], $5::text[]) WITH ORDINALITY AS t(heading, body, position)`,
    [id, accountId, title, passages.map(({ heading }) => heading ?? ''), passages.map(({ text }) => text)],
  );
}

/** @returns the document's id */
async function submitInto(session: Session, { accountId, title, source, type, file, address }: SubmittedFile) {
  const [row] = await session.query<{ id: string }>(
    `INSERT INTO documents (account_id, title, source, type, address, file_key, file_name, file_hash, bytes,
                            state, version, characters, passages, due_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'pending', 0, 0, 0, now())
     ON CONFLICT (account_id, title) DO UPDATE SET source = excluded.source, type = excluded.type,
       address = excluded.address, file_key = excluded.file_key, file_name = excluded.file_name,
       file_hash = excluded.file_hash, bytes = excluded.bytes, state = 'pending', due_at = now(), updated_at = now(),
       ${discard}
     RETURNING id`,
    [accountId, title, source, type, address ?? null, file.key, file.name, file.hash, file.bytes],
  );
  if (!row) throw new Error('an upsert returned no row');
  await session.query('DELETE FROM passage_drafts WHERE document_id = $1', [row.id]);
  return row.id;
}

function toDocument(row: DocumentRow): KnowledgeDocument {
  const { fileKey: key, fileName: name, fileHash: hash, bytes } = row;
  const waits = row.state === 'pending' || row.state === 'processing';
  return {
    id: DocumentId.parse(row.id),
    accountId: AccountId.parse(row.accountId),
    title: row.title,
    source: listed(documentSources, row.source),
    type: listed(fileTypes, row.type),
    file: key !== null && name !== null && hash !== null && bytes !== null ? { key, name, hash, bytes } : undefined,
    address: optional(row.address),
    state: listed(documentStates, row.state),
    reason: row.reason === null ? undefined : listed(documentFailures, row.reason),
    detail: optional(row.detail),
    progress: waits ? { done: row.preparedDone, total: optional(row.preparedTotal) } : undefined,
    version: row.version,
    passages: row.passages,
    characters: row.characters,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}
