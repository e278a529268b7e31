import { vectorOf } from '../../apps/sandbox/src/model/vectors.js';
import { bakeryDocuments } from '../../apps/sandbox/src/bakery/documents.js';
import { cutIntoPassages } from '#domain/knowledge/cutting.js';
import type { Embedder, EmbeddingModel, EmbeddingModels } from '#domain/knowledge/embedder.js';
import { embeddedText } from '#domain/knowledge/indexing.js';
import type { AccountId } from '#domain/shared/ids.js';
import { QuestionPoints } from '#infrastructure/cache/question-points.js';
import type { Database } from '#infrastructure/postgres/database.js';
import { PostgresDocuments } from '#infrastructure/postgres/documents.js';
import { PostgresKnowledge, type SearchWay } from '#infrastructure/postgres/knowledge.js';

export const searchModel: EmbeddingModel = { name: 'text-embedding-3-small', dimensions: 1_536 };

/** The sandbox's own vectors, without the way over HTTP. Counts what it was asked. */
export class SandboxEmbedder implements Embedder {
  asked = 0;

  readonly model: EmbeddingModel | undefined;

  /** @param instead what happens at a call, when it is not answered with vectors */
  constructor(private readonly instead?: 'off' | (() => Promise<undefined>)) {
    this.model = instead === 'off' ? undefined : searchModel;
  }

  async embed(_accountId: AccountId, texts: readonly string[], { dimensions }: EmbeddingModel) {
    this.asked += 1;
    if (typeof this.instead === 'function') return await this.instead();
    return await Promise.resolve(texts.map((text) => vectorOf(text, dimensions)));
  }
}

export const searchedBy: EmbeddingModels = { active: async () => await Promise.resolve(searchModel) };

/** The product's own search over these vectors. */
export function knowledgeOn(
  database: Database,
  embedder: Embedder = new SandboxEmbedder(),
  told?: (way: SearchWay) => void,
  models = searchedBy,
): PostgresKnowledge {
  return new PostgresKnowledge(database, new QuestionPoints(embedder, models, 500), told);
}

export async function putText(database: Database, accountId: AccountId, title: string, text: string) {
  return await new PostgresDocuments(database).put(accountId, title, text, cutIntoPassages(text));
}

export async function putBakery(database: Database, accountId: AccountId): Promise<void> {
  for (const { title, text } of bakeryDocuments) await putText(database, accountId, title, text);
}

/** Vectors for all passages that have none yet, as the background work makes them. */
export async function embedAll(database: Database, model = searchModel): Promise<void> {
  const rows = await database.query<{ id: string; title: string; heading: string | null; text: string }>(
    `SELECT id, title, heading, text FROM passages
      WHERE NOT EXISTS (SELECT FROM passage_vectors WHERE passage_id = id AND model = $1 AND dimensions = $2)`,
    [model.name, model.dimensions],
  );
  await database.query(
    `INSERT INTO passage_vectors (passage_id, model, dimensions, account_id, embedding)
     SELECT id, $1, $2, account_id, point FROM unnest($3::uuid[], $4::halfvec[]) AS given(given_id, point)
       JOIN passages ON id = given_id`,
    [
      model.name,
      model.dimensions,
      rows.map(({ id }) => id),
      rows.map((row) => {
        const said = embeddedText({ ...row, heading: row.heading ?? undefined });
        return `[${vectorOf(said, model.dimensions).join(',')}]`;
      }),
    ],
  );
}
