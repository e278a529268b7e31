import type { FactoryProvider } from '@nestjs/common';
import { OperatorReplies } from '#domain/replies/operator-replies.js';
import { ReplyRecords } from '#domain/replies/reply-records.js';
import { ReplyRemovals } from '#domain/replies/reply-removals.js';
import { Database } from './postgres/database.js';
import { PostgresOperatorReplies } from './postgres/operator-replies.js';
import { PostgresReplyRecords } from './postgres/reply-records.js';
import { PostgresReplyRemovals } from './postgres/reply-removals.js';

/** The part of the list that is about what people do with replies. */
export function deciding(): FactoryProvider[] {
  return [
    {
      provide: OperatorReplies,
      inject: [Database],
      useFactory: (database: Database) => new PostgresOperatorReplies(database),
    },
    {
      provide: ReplyRecords,
      inject: [Database],
      useFactory: (database: Database) => new PostgresReplyRecords(database),
    },
    {
      provide: ReplyRemovals,
      inject: [Database],
      useFactory: (database: Database) => new PostgresReplyRemovals(database),
    },
  ];
}
