import type { FactoryProvider } from '@nestjs/common';
import type { Logger } from 'pino';
import { AnswerSettingsHistory } from '#domain/answers/settings-history.js';
import { Embedder, EmbeddingModels } from '#domain/knowledge/embedder.js';
import { Indexing } from '#domain/knowledge/indexing.js';
import { Documents, Knowledge } from '#domain/knowledge/knowledge.js';
import { KnowledgeOverview } from '#domain/knowledge/knowledge-overview.js';
import { Vectors } from '#domain/knowledge/vectors.js';
import { CachedAnswerSettings } from './cache/cached-answer-settings.js';
import { cataloguing } from './cataloguing.js';
import { QuestionPoints } from './cache/question-points.js';
import type { Config } from './config/config.js';
import { Recent } from './health/recent.js';
import { filing } from './filing.js';
import { OpenAiEmbedder } from './openai/embedder.js';
import { OpenAiApi } from './openai/openai-api.js';
import { PostgresAnswerSettings } from './postgres/answer-settings.js';
import { Database } from './postgres/database.js';
import { PostgresDocuments } from './postgres/documents.js';
import { PostgresEmbeddingModels } from './postgres/embedding-models.js';
import { PostgresIndexing } from './postgres/indexing.js';
import { PostgresKnowledge } from './postgres/knowledge.js';
import { PostgresKnowledgeOverview } from './postgres/knowledge-overview.js';
import { PostgresVectors } from './postgres/vectors.js';
import { NearIndexes } from './postgres/near-indexes.js';
import { Metrics } from './telemetry/metrics.js';

/** What is asked of `KnowledgeOverview` now and then, by metrics and watches. */
export const KNOWLEDGE_FIGURES = Symbol('knowledge figures');

/** The part of the list that is about what the brand has said. */
export function knowing(config: Config, logger: Logger): FactoryProvider[] {
  return [
    ...filing(config, logger),
    ...cataloguing(),
    {
      provide: AnswerSettingsHistory,
      inject: [Database],
      useFactory: (database: Database) => new CachedAnswerSettings(new PostgresAnswerSettings(database)),
    },
    { provide: Documents, inject: [Database], useFactory: (database: Database) => new PostgresDocuments(database) },
    { provide: Indexing, inject: [Database], useFactory: (database: Database) => new PostgresIndexing(database) },
    {
      provide: KnowledgeOverview,
      inject: [Database],
      useFactory: (database: Database) => new PostgresKnowledgeOverview(database),
    },
    {
      provide: KNOWLEDGE_FIGURES,
      inject: [KnowledgeOverview],
      useFactory: (overview: KnowledgeOverview) => new Recent(async () => await overview.read()),
    },
    { provide: Vectors, inject: [Database], useFactory: (database: Database) => new PostgresVectors(database) },
    {
      provide: Knowledge,
      inject: [Database, Embedder, EmbeddingModels, Metrics],
      useFactory: (database: Database, embedder: Embedder, models: EmbeddingModels, metrics: Metrics) =>
        new PostgresKnowledge(database, new QuestionPoints(embedder, models), (way) => metrics.searched(way)),
    },
    {
      provide: NearIndexes,
      inject: [Database],
      useFactory: (database: Database) => new NearIndexes(database, config.databaseUrl),
    },
    {
      provide: Embedder,
      inject: [OpenAiApi],
      useFactory: (api: OpenAiApi) => new OpenAiEmbedder(api, config.openai.embedding),
    },
    {
      provide: EmbeddingModels,
      inject: [Database],
      useFactory: (database: Database) => new PostgresEmbeddingModels(database),
    },
  ];
}
