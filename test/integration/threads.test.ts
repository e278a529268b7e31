import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { turnsAreShownForDays, type Comments } from '#domain/comments/comments.js';
import { CommentId } from '#domain/shared/ids.js';
import { PostgresComments } from '#infrastructure/postgres/comments.js';
import type { Database } from '#infrastructure/postgres/database.js';
import { PostgresIntake } from '#infrastructure/postgres/intake.js';
import { account, delivery, incoming, openDatabase } from '../support/rows.js';
import { startDatabase, type TestService } from '../support/services.js';

let service: TestService;
let database: Database;
let comments: Comments;

beforeAll(async () => {
  service = await startDatabase();
  database = await openDatabase(service.url);
  comments = new PostgresComments(database);
});
afterAll(async () => {
  await database.close();
  await service.stop();
});

async function turnsBefore(id: string): Promise<readonly string[]> {
  const comment = await comments.find(CommentId.parse(id));
  if (!comment) throw new Error('the comment is not known');
  return (await comments.threadBefore(comment, 12)).map(({ by, text }) => `${by}: ${text}`);
}

async function writtenDaysAgo(id: string, days: number): Promise<void> {
  await database.query(
    `UPDATE comments SET received_at = now() - $2 * interval '1 day', written_at = NULL WHERE id = $1 RETURNING id`,
    [id, days],
  );
}

// CL-9
describe('the memory of a thread', () => {
  it('goes back so many days, for what customers said and for what we replied', async () => {
    const parentId = CommentId.parse('100');
    const all = [
      incoming('100', { text: 'long ago' }),
      incoming('101', { parentId, text: 'just within' }),
      incoming('102', { parentId, text: 'today' }),
    ];
    await new PostgresIntake(database).store(delivery(all));
    await writtenDaysAgo('100', turnsAreShownForDays + 1);
    await writtenDaysAgo('101', turnsAreShownForDays - 1);
    for (const [commentId, text, days] of [
      ['100', 'our old reply', turnsAreShownForDays + 0.5],
      ['101', 'our newer reply', turnsAreShownForDays - 2],
    ] as const) {
      await database.query(
        `INSERT INTO replies (comment_id, account_id, intent, state, text, sent_at)
         VALUES ($1, $2, 'auto', 'sent', $3, now() - $4 * interval '1 day') RETURNING id`,
        [commentId, account.id, text, days],
      );
    }
    expect(await turnsBefore('102')).toEqual(['customer: just within', 'brand: our newer reply']);
  });

  it('is gone with the comments and replies that it is read from', async () => {
    await database.query(`DELETE FROM replies WHERE comment_id = '101' RETURNING id`);
    await database.query(`UPDATE comments SET text = '' WHERE id = '101' RETURNING id`);
    expect(await turnsBefore('102')).toEqual(['customer: ']);
  });
});
