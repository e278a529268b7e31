import { documentStates } from '#domain/knowledge/document.js';
import type { KnowledgeFigures, KnowledgeOverview, ModelStanding } from '#domain/knowledge/knowledge-overview.js';
import { modelStates } from '#domain/knowledge/vectors.js';
import type { Database } from './database.js';
import { listed } from './reading.js';

/** A document that is due waits for seconds, unless no worker runs or all of them are busy with long ones. */
const overdueMinutes = 5;
/** By then it has failed for some minutes. */
const manyAttempts = 4;

interface StateColumns {
  readonly state: string;
  readonly documents: number;
  readonly stuck: number;
}

export class PostgresKnowledgeOverview implements KnowledgeOverview {
  constructor(private readonly database: Database) {}

  async read(): Promise<KnowledgeFigures> {
    const states = await this.database.query<StateColumns>(
      `SELECT state, count(*)::integer AS documents,
              (count(*) FILTER (WHERE due_at < now() - interval '${overdueMinutes} minutes'
                                   OR (due_at IS NOT NULL AND attempts >= ${manyAttempts})))::integer AS stuck
         FROM documents GROUP BY state`,
    );
    const [all] = await this.database.query<{ passages: number }>('SELECT count(*)::integer AS passages FROM passages');
    const models = await this.database.query<Omit<ModelStanding, 'state'> & { readonly state: string }>(
      `SELECT name, embedding_models.dimensions, state, coalesce(made.passages, 0)::integer AS passages
         FROM embedding_models
         LEFT JOIN (SELECT model, dimensions, count(*) AS passages FROM passage_vectors GROUP BY model, dimensions) AS made
           ON made.model = name AND made.dimensions = embedding_models.dimensions
        ORDER BY wanted_at DESC`,
    );
    const count = (wanted: string): number => states.find(({ state }) => state === wanted)?.documents ?? 0;
    const [pending, processing, ready, failed] = documentStates;
    return {
      documents: {
        [pending]: count(pending),
        [processing]: count(processing),
        [ready]: count(ready),
        [failed]: count(failed),
      },
      stuck: states.reduce((sum, { stuck }) => sum + stuck, 0),
      passages: all?.passages ?? 0,
      models: models.map(({ state, ...model }) => ({ ...model, state: listed(modelStates, state) })),
    };
  }
}
