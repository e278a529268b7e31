import type { Passage } from '#domain/knowledge/document.js';
import type { Knowledge } from '#domain/knowledge/knowledge.js';
import { type AccountId, DocumentId, PassageId, ProductId } from '#domain/shared/ids.js';
import { cutText } from '#domain/shared/text.js';
import type { Database } from './database.js';
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
  readonly document_id: string | null;
  readonly product_id: string | null;
  readonly title: string;
  readonly heading: string | null;
  readonly text: string;
  readonly place: string | null;
  readonly rank: number;
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
      `SELECT asked.search::integer, found.id, document_id, product_id, title, heading, text, place, rank
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

function toPassage(row: PassageColumns): Passage {
  return {
    id: PassageId.parse(row.id),
    documentId: row.document_id === null ? undefined : DocumentId.parse(row.document_id),
    productId: row.product_id === null ? undefined : ProductId.parse(row.product_id),
    title: row.title,
    heading: optional(row.heading),
    text: row.text,
    place: optional(row.place),
    score: row.rank,
    similarity: undefined,
  };
}
