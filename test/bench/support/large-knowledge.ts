import type { AccountId } from '#domain/shared/ids.js';
import type { EmbeddingModel } from '#domain/knowledge/embedder.js';
import { ClusteredKnowledge } from './clustered-knowledge.js';
import type { Database } from './servers.js';

/** What somebody asks about one of the passages. */
export interface AskedAbout {
  readonly text: string;
  /** In PostgreSQL's notation. */
  readonly point: string;
  readonly vector: readonly number[];
  readonly passageId: string;
}

const passagesPerStatement = 500;

/** An account's passages with their vectors, as the background work would have stored them. @returns questions about some of them */
export async function fillKnowledge(
  { query }: Pick<Database, 'query'>,
  {
    account,
    model,
    passages,
    questions,
  }: { account: AccountId; model: EmbeddingModel; passages: number; questions: number },
  progress: (text: string) => void,
): Promise<readonly AskedAbout[]> {
  const knowledge = new ClusteredKnowledge(7, model.dimensions);
  const asked: AskedAbout[] = [];
  const every = passages / questions;
  await query(`INSERT INTO embedding_models (name, dimensions, state) VALUES ($1, $2, 'active')`, [
    model.name,
    model.dimensions,
  ]);
  for (let stored = 0; stored < passages; stored += passagesPerStatement) {
    progress(`${stored} of ${passages} passages are stored`);
    const some = Array.from({ length: Math.min(passagesPerStatement, passages - stored) }, () => knowledge.passage());
    const rows = await query<{ id: string }>(
      `WITH given AS MATERIALIZED (
         SELECT gen_random_uuid() AS id, * FROM unnest($2::text[], $3::text[], $4::text[])
           WITH ORDINALITY AS t(heading, body, point, place)
       ), put AS (
         INSERT INTO passages (id, document_id, account_id, position, title, heading, text, words)
         SELECT id, gen_random_uuid(), $1, place, 'Manual', heading, body,
                to_tsvector('russian', concat_ws(' ', heading, body)) FROM given
       ), near AS (
         INSERT INTO passage_vectors (passage_id, model, dimensions, account_id, embedding)
         SELECT id, $5, $6, $1, l2_normalize(point::halfvec) FROM given)
       SELECT id FROM given ORDER BY place`,
      [
        account,
        some.map(({ heading }) => heading),
        some.map(({ text }) => text),
        some.map(({ vector }) => `[${vector.join(',')}]`),
        model.name,
        model.dimensions,
      ],
    );
    for (const [index, { id }] of rows.entries()) {
      const passage = some[index];
      if (!passage || stored + index < asked.length * every || asked.length === questions) continue;
      const { text, vector } = knowledge.questionAbout(passage);
      asked.push({ text, vector: [...vector], point: `[${vector.join(',')}]`, passageId: id });
    }
  }
  await query('VACUUM ANALYZE passages');
  await query('VACUUM ANALYZE passage_vectors');
  return asked;
}
