import { createHash } from 'node:crypto';
import type { KnowledgeDocument, NewPassage, Passage } from '#domain/knowledge/document.js';
import type { Documents, Knowledge } from '#domain/knowledge/knowledge.js';
import { AppError } from '#domain/shared/errors.js';
import { AccountId, DocumentId, PassageId } from '#domain/shared/ids.js';
import { cutText } from '#domain/shared/text.js';
import type { Database } from './database.js';
import { DocumentRow } from './entities/document.entity.js';
import { gathered } from './gathering.js';
import type { GroupCommit } from './group-commit.js';
import { optional } from './reading.js';

/** Longer questions are cut for the search: a wall of text would match everything. */
const searchedCharacters = 1_000;

interface Search {
  readonly accountId: AccountId;
  readonly question: string;
  readonly limit: number;
}

interface PassageColumns {
  /** Which of the searches found it, from 1. */
  readonly search: number;
  readonly id: string;
  readonly document_id: string;
  readonly title: string;
  readonly heading: string | null;
  readonly text: string;
}

/**
 * Full-text search: any word of the question may match, more and closer matches rank higher. Whether the best passage
 * answers the question is the writer's judgement, not this one's.
 */
export class PostgresKnowledge implements Knowledge {
  private readonly searches: GroupCommit<Search, readonly Passage[]>;

  constructor(private readonly database: Database) {
    this.searches = gathered(async (searches) => await this.searchAll(searches));
  }

  async search(accountId: AccountId, question: string, limit: number): Promise<readonly Passage[]> {
    return await this.searches.add({ accountId, question, limit });
  }

  private async searchAll(searches: readonly Search[]): Promise<readonly (readonly Passage[])[]> {
    const rows = await this.database.prepared<PassageColumns>(
      `SELECT asked.search::integer, found.id, document_id, title, heading, text
         FROM unnest($1::text[], $2::text[], $3::integer[]) WITH ORDINALITY AS asked(account_id, question, most, search)
        CROSS JOIN LATERAL (
          SELECT string_agg(quote_literal(lexeme), ' | ')::tsquery AS query
            FROM unnest(to_tsvector('russian'::regconfig, question)) AS word(lexeme, positions, weights)) AS words_of
        CROSS JOIN LATERAL (
          SELECT passages.*, ts_rank_cd(words, query, 1) AS rank FROM passages
           WHERE passages.account_id = asked.account_id AND words @@ query
           ORDER BY rank DESC, id LIMIT most) AS found
        ORDER BY asked.search, rank DESC, found.id`,
      [
        searches.map(({ accountId }) => accountId),
        searches.map(({ question }) => cutText(question, searchedCharacters)),
        searches.map(({ limit }) => limit),
      ],
    );
    return searches.map((_, index) => rows.filter(({ search }) => search === index + 1).map(toPassage));
  }
}

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
             characters = excluded.characters, passages = excluded.passages, updated_at = now()
           RETURNING id)
         SELECT put.id, (SELECT content_hash FROM before) IS DISTINCT FROM $3 AS changed FROM put`,
        [accountId, title, hash, text.length, passages.length],
      );
      if (!kept) throw new Error('an upsert returned no row');
      if (kept.changed) {
        await session.query('DELETE FROM passages WHERE document_id = $1', [kept.id]);
        await session.query(
          `INSERT INTO passages (document_id, account_id, position, title, heading, text, words)
           SELECT $1, $2, position, $3::text, nullif(heading, ''), body,
                  to_tsvector('russian'::regconfig, concat_ws(' ', $3::text, heading, body))
             FROM unnest($4::text[], $5::text[]) WITH ORDINALITY AS t(heading, body, position)`,
          [
            kept.id,
            accountId,
            title,
            passages.map(({ heading }) => heading ?? ''),
            passages.map((passage) => passage.text),
          ],
        );
      }
      return kept.id;
    });
    const row = await this.database.one(DocumentRow, { id });
    if (!row) throw new AppError('conflict', 'The document was removed while it was being stored.');
    return toDocument(row);
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

function toPassage(row: PassageColumns): Passage {
  return {
    id: PassageId.parse(row.id),
    documentId: DocumentId.parse(row.document_id),
    title: row.title,
    heading: optional(row.heading),
    text: row.text,
  };
}

function toDocument(row: DocumentRow): KnowledgeDocument {
  return {
    id: DocumentId.parse(row.id),
    accountId: AccountId.parse(row.accountId),
    title: row.title,
    passages: row.passages,
    characters: row.characters,
    updatedAt: row.updatedAt,
  };
}
