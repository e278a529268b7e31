import type { EmbeddingModel, EmbeddingModels } from '#domain/knowledge/embedder.js';
import { Remembered } from '../cache/remembered.js';
import type { Database } from './database.js';

/** Vectors of a model that was replaced stay longer than this. */
const rememberedMs = 5_000;

export class PostgresEmbeddingModels implements EmbeddingModels {
  private readonly remembered = new Remembered<'active', { readonly model: EmbeddingModel | undefined }>({
    ask: async () => ({ model: await this.readActive() }),
    forMs: rememberedMs,
    most: 1,
  });

  constructor(private readonly database: Database) {}

  async active(): Promise<EmbeddingModel | undefined> {
    return (await this.remembered.get('active'))?.model;
  }

  private async readActive(): Promise<EmbeddingModel | undefined> {
    const [row] = await this.database.query<EmbeddingModel>(
      `SELECT name, dimensions FROM embedding_models WHERE state = 'active'`,
    );
    return row;
  }
}
