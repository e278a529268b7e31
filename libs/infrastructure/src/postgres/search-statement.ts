import { createHash } from 'node:crypto';
import type { EmbeddingModel } from '#domain/knowledge/embedder.js';

/** How the vectors of one account are compared: all of them, or those that an index brings. */
export type VectorSearch = { readonly model: EmbeddingModel; readonly by: 'all' | 'index' };

/** From each of the two lists, so many are fused. */
const fusedCandidates = 30;
/** Passages that are ranked by their words: ranking one means unpacking all its words. */
export const rankedByWords = 300;
/**
 * Reciprocal ranks: 1 / (2 + rank), words a little less. The usual constant of 60 is made for long lists: with it any five
 * passages that are somewhere in both lists would push out the one that is nearest by far, or the only one with the
 * customer's very word. A small one keeps the heads of both lists in front. Divided by what two first places make, so that
 * 1 is the best that can be.
 */
const fusing = { constant: 2, words: 0.8, vectors: 1 };
/**
 * Products by their own names, as a third list: thousands of them are near each other in meaning, a new price has no vector
 * yet, and only a word tells the one that is asked for from its neighbours. So few places that documents keep the others.
 */
const named = { places: 3, weight: 1 };

/**
 * One statement for several questions, each of one account. Parameters: accounts, questions, how many passages each wants
 * at most, how many words (from the front of the list) are too common there to be looked for, that list, and where there
 * is a vector search the questions as vectors and the least similarity.
 */
export function searchStatement(vectors: VectorSearch | undefined): string {
  const asked = vectors
    ? '$1::text[], $2::text[], $3::integer[], $4::integer[], $6::halfvec[]) WITH ORDINALITY AS asked(account_id, question, most, common, point, search)'
    : '$1::text[], $2::text[], $3::integer[], $4::integer[]) WITH ORDINALITY AS asked(account_id, question, most, common, search)';
  return `
    SELECT asked.search::integer, found.*
      FROM unnest(${asked}
     CROSS JOIN LATERAL (${wordsOf}) AS words_of
     CROSS JOIN LATERAL (
       WITH by_words AS (${byWords}), by_names AS (${byNames})${vectors ? `, by_vectors AS (${byVectors(vectors)})` : ''},
       fused AS (${fused(vectors !== undefined)}),
       texts AS (
         SELECT passages.id, document_id, product_id, title, heading, text, place, score, similarity,
                row_number() OVER (PARTITION BY text ORDER BY score DESC, passages.id) AS copy
           FROM fused JOIN passages ON passages.id = fused.id AND passages.account_id = asked.account_id)
       SELECT id, document_id, product_id, title, heading, text, place, score::float8, similarity::float8
         FROM texts WHERE copy = 1 ORDER BY score DESC, id LIMIT asked.most) AS found
     ORDER BY asked.search, score DESC, found.id`;
}

/**
 * What is looked for. A word that stands in a large part of a large account's passages says little and costs much: such
 * words count only where the question has no others. Then all of them are wanted, or else the rarest.
 */
const wordsOf = `
  SELECT coalesce(string_agg(word, ' | ') FILTER (WHERE common_place IS NULL), string_agg(word, ' | '))::tsquery AS ranked_by,
         (string_agg(word, ' & ') FILTER (WHERE common_place IS NULL))::tsquery AS all_rare,
         (string_agg(word, ' | ') FILTER (WHERE common_place IS NULL))::tsquery AS any_rare,
         CASE WHEN bool_and(common_place IS NOT NULL) THEN string_agg(word, ' & ')::tsquery END AS all_common,
         CASE WHEN bool_and(common_place IS NOT NULL)
              THEN ((array_agg(word ORDER BY common_place DESC))[1])::tsquery END AS rarest_common
    FROM (SELECT quote_literal(lexeme) AS word, array_position($5::text[], lexeme) AS place
            FROM unnest(to_tsvector('russian'::regconfig, asked.question)) AS word(lexeme, positions, weights)) AS every
   CROSS JOIN LATERAL (SELECT CASE WHEN place <= asked.common THEN place END AS common_place) AS judged`;

/** The parts are looked up one after the other, until there are enough. */
const byWords = `
  SELECT id, product_id, row_number() OVER (ORDER BY rank DESC, id) AS place
    FROM (SELECT id, product_id, max(ts_rank_cd(words, words_of.ranked_by, 1)) AS rank
            FROM (${(['all_rare', 'any_rare', 'all_common', 'rarest_common'] as const)
              .map(
                (query) =>
                  `(SELECT id, product_id, words FROM passages WHERE account_id = asked.account_id AND words @@ words_of.${query})`,
              )
              .join(' UNION ALL ')} LIMIT ${rankedByWords}) AS candidates
           GROUP BY id, product_id ORDER BY rank DESC, id LIMIT ${fusedCandidates}) AS ranked`;

const byNames = `
  SELECT id, row_number() OVER (ORDER BY place) AS place
    FROM by_words WHERE product_id IS NOT NULL ORDER BY place LIMIT ${named.places}`;

/**
 * All of an account: the account's index finds them, and the order by the bare column is none that an index has. By index:
 * the order is the index's own expression, and the account is compared in a way that no other index offers, so that
 * whatever the planner believes about accounts it cannot fetch and sort them all. (Names of models are literals because
 * a partial index is not considered for a parameter.)
 */
export function byVectors({ model: { name, dimensions }, by }: VectorSearch, leastSimilarity = '$7::float8'): string {
  const [column, account] =
    by === 'all'
      ? ['embedding', 'account_id = asked.account_id']
      : [`embedding::halfvec(${dimensions})`, 'account_id IS NOT DISTINCT FROM asked.account_id'];
  return `
    SELECT id, similarity, row_number() OVER (ORDER BY similarity DESC, id) AS place
      FROM (SELECT passage_id AS id, 1 - (${column} <=> asked.point) AS similarity FROM passage_vectors
             WHERE ${ofModel({ name, dimensions })} AND ${account}
             ORDER BY ${column} <=> asked.point LIMIT ${fusedCandidates}) AS nearest
     WHERE similarity >= ${leastSimilarity}`;
}

function fused(withVectors: boolean): string {
  const { constant, words, vectors } = fusing;
  const best = (words + vectors) / (constant + 1);
  if (!withVectors)
    return `SELECT id, ${words / best} / (${constant} + place) AS score, NULL::float8 AS similarity FROM by_words`;
  return `
    SELECT id, least(1, (coalesce(${words}::float8 / (${constant} + by_words.place), 0)
                       + coalesce(${named.weight}::float8 / (${constant} + by_names.place), 0)
                       + coalesce(${vectors}::float8 / (${constant} + by_vectors.place), 0)) / ${best}) AS score,
           similarity
      FROM by_words FULL JOIN by_vectors USING (id) LEFT JOIN by_names USING (id)`;
}

/** The condition by which an index of one model's vectors is known. */
export function ofModel({ name, dimensions }: EmbeddingModel): string {
  return `model = '${name.replaceAll("'", "''")}' AND dimensions = ${Math.trunc(dimensions)}`;
}

export const nearIndexPrefix = 'passage_vectors_near_';

/** Of the index over one model's vectors, if there is one. */
export function nearIndexName({ name, dimensions }: EmbeddingModel): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([name, dimensions]))
    .digest('hex');
  return `${nearIndexPrefix}${hash.slice(0, 16)}`;
}
