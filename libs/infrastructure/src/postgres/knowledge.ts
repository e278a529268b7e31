import type { Passage } from '#domain/knowledge/document.js';
import type { EmbeddingModel } from '#domain/knowledge/embedder.js';
import type { Knowledge } from '#domain/knowledge/knowledge.js';
import { type AccountId, DocumentId, PassageId, ProductId } from '#domain/shared/ids.js';
import { cutText } from '#domain/shared/text.js';
import { pointlessReasons, type Pointless, type QuestionPoint, type QuestionPoints } from '../cache/question-points.js';
import { PostgresCommonWords } from './common-words.js';
import type { Database } from './database.js';
import { gathered } from './gathering.js';
import type { GroupCommit } from './group-commit.js';
import { optional } from './reading.js';
import { PostgresSearchSizes, type SearchSizes } from './search-sizes.js';
import { searchStatement, type VectorSearch } from './search-statement.js';

/** Longer questions are cut for the search: a wall of text would match everything. */
const searchedCharacters = 1_000;

/**
 * Below this a passage that is merely near is no hit: of what has nothing to do with the question something is nearest,
 * too. How the figure was found, and what to do about it with other models, says docs/search.md.
 */
const leastSimilarity = 0.25;
/** Models that see any two texts as much alike. */
const crowded: readonly (readonly [RegExp, number])[] = [[/^text-embedding-ada-002/u, 0.75]];

interface Search {
  readonly accountId: AccountId;
  readonly question: string;
  readonly limit: number;
  /** How many of the common words are not looked for there. */
  readonly common: number;
  readonly vectors: VectorSearch | undefined;
  readonly point: string | undefined;
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
  readonly score: number;
  readonly similarity: number | null;
}

/** How a search was done: by words and meaning, or by words alone and why. */
export const searchWays = ['hybrid', ...pointlessReasons] as const;
export type SearchWay = (typeof searchWays)[number];

/**
 * Two lists, fused by their ranks: passages with words of the question (any word may match, more and closer matches rank
 * higher), and passages that are near it in meaning. Whether the best one answers the question is the writer's judgement,
 * not this one's. Nothing of what is found is kept: what was removed is not found any more.
 */
export class PostgresKnowledge implements Knowledge {
  private readonly searches: GroupCommit<Search, readonly Passage[]>;
  private readonly sizes: PostgresSearchSizes;
  private readonly commonWords: PostgresCommonWords;

  /** @param points without it: words alone @param told hears of each search how it was done */
  constructor(
    private readonly database: Database,
    private readonly points?: QuestionPoints,
    private readonly told: (way: SearchWay) => void = () => undefined,
  ) {
    this.searches = gathered(async (searches) => await this.searchAll(searches));
    this.sizes = new PostgresSearchSizes(database);
    this.commonWords = new PostgresCommonWords(database);
  }

  async search(accountId: AccountId, question: string, limit: number): Promise<readonly Passage[]> {
    const asked = cutText(question, searchedCharacters);
    const model = await this.points?.model();
    const sizes = await this.sizes.of(accountId, model);
    const common = sizes ? await this.commonWords.tooCommonAmong(sizes.passages) : 0;
    const point = await this.pointOf(accountId, asked, model, sizes);
    this.told(point.kind === 'point' ? 'hybrid' : point.kind);
    const search = { accountId, question: asked, limit, common };
    if (point.kind !== 'point') return await this.searches.add({ ...search, vectors: undefined, point: undefined });
    const vectors: VectorSearch = { model: point.model, by: sizes?.byIndex === true ? 'index' : 'all' };
    return await this.searches.add({ ...search, vectors, point: point.point });
  }

  /** Only where there is something to compare it with: a vector costs money. */
  private async pointOf(
    accountId: AccountId,
    question: string,
    model: EmbeddingModel | undefined,
    sizes: SearchSizes | undefined,
  ): Promise<QuestionPoint | Pointless> {
    if (!this.points || this.points.isOff) return { kind: 'off' };
    if (!model || !sizes || question.trim() === '') return { kind: 'no-vectors' };
    return await this.points.of(accountId, question, model);
  }

  /** One statement for each way of searching: as a rule for all. */
  private async searchAll(searches: readonly Search[]): Promise<readonly (readonly Passage[])[]> {
    const found = new Map<Search, readonly Passage[]>();
    const ways = new Map<string, Search[]>();
    for (const search of searches) {
      const statement = searchStatement(search.vectors);
      ways.set(statement, [...(ways.get(statement) ?? []), search]);
    }
    const common = await this.commonWords.all();
    await Promise.all(
      [...ways].map(async ([statement, alike]) => {
        const rows = await this.database.prepared<PassageColumns>(statement, parametersOf(alike, common));
        for (const [index, search] of alike.entries())
          found.set(search, rows.filter((row) => row.search === index + 1).map(toPassage));
      }),
    );
    return searches.map((search) => found.get(search) ?? []);
  }
}

function parametersOf(searches: readonly Search[], common: readonly string[]): readonly unknown[] {
  const usual = [
    searches.map(({ accountId }) => accountId),
    searches.map(({ question }) => question),
    searches.map(({ limit }) => limit),
    searches.map((search) => search.common),
    common,
  ];
  const [first] = searches;
  return first?.vectors
    ? [...usual, searches.map(({ point }) => point), leastSimilarityOf(first.vectors.model)]
    : usual;
}

function leastSimilarityOf({ name }: EmbeddingModel): number {
  return crowded.find(([pattern]) => pattern.test(name))?.[1] ?? leastSimilarity;
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
    score: row.score,
    similarity: optional(row.similarity),
  };
}
