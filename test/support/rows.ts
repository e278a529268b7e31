import type { IncomingComment } from '#domain/comments/comment.js';
import type { Delivery } from '#domain/comments/intake.js';
import type { CommentClass, Verdict } from '#domain/comments/verdict.js';
import { AccountId, CommentId, MediaId, PlatformId } from '#domain/shared/ids.js';
import { dataSource, migrateDatabase } from '#infrastructure/postgres/data-source.js';
import { Database } from '#infrastructure/postgres/database.js';

export const account = {
  id: AccountId.parse('17841400000000001'),
  platform: PlatformId.parse('instagram'),
  username: 'warm.bread',
};

export function incoming(id: string, given: Partial<IncomingComment> = {}): IncomingComment {
  return {
    id: CommentId.parse(id),
    accountId: account.id,
    mediaId: MediaId.parse('18000000000000001'),
    parentId: undefined,
    authorId: '500000000000001',
    username: 'anna',
    text: 'How much is the honey cake?',
    mediaKind: 'FEED',
    adId: undefined,
    ...given,
  };
}

export function delivery(comments: readonly IncomingComment[], given: Partial<Delivery> = {}): Delivery {
  return {
    platform: account.platform,
    body: new TextEncoder().encode('{"entry":[]}'),
    traceId: 'trace-1',
    comments,
    quarantined: [],
    counted: {},
    ...given,
  };
}

export function verdictOf(commentClass: CommentClass): Verdict {
  return { class: commentClass, confidence: 95, reason: '', language: 'en', model: 'm', promptVersion: 'p' };
}

/** A database with the schema in it, opened as the product opens it. */
export async function openDatabase(url: string): Promise<Database> {
  await migrateDatabase(url);
  return new Database(await dataSource(url, 'test').initialize());
}
