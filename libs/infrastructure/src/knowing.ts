import type { FactoryProvider } from '@nestjs/common';
import { Documents, Knowledge } from '#domain/knowledge/knowledge.js';
import { Database } from './postgres/database.js';
import { PostgresDocuments, PostgresKnowledge } from './postgres/knowledge.js';

/** The part of the list that is about what the brand has said. */
export function knowing(): FactoryProvider[] {
  return [
    { provide: Documents, inject: [Database], useFactory: (database: Database) => new PostgresDocuments(database) },
    { provide: Knowledge, inject: [Database], useFactory: (database: Database) => new PostgresKnowledge(database) },
  ];
}
