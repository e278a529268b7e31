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

  // AN-4
  it('of a long thread is what opened it and the newest, and nothing else of its author', async () => {
    const parentId = CommentId.parse('200');
    await new PostgresIntake(database).store(
      delivery([
        incoming('190', { text: 'another thread of the same author' }),
        incoming('191', { parentId: CommentId.parse('190'), text: 'and what was said there' }),
        incoming('200', { text: 'what it is about' }),
      ]),
    );
    for (let said = 201; said <= 220; said += 1) {
      await new PostgresIntake(database).store(delivery([incoming(`${said}`, { parentId, text: `turn ${said}` })]));
    }
    const shown = await turnsBefore('220');
    expect(shown).toHaveLength(12);
    expect(shown[0]).toBe('customer: what it is about');
    expect(shown.slice(1)).toEqual(Array.from({ length: 11 }, (_, index) => `customer: turn ${209 + index}`));
    expect(await turnsBefore('200')).toEqual([]);
  });

  it('shows what customers can see: nothing hidden or deleted, no draft, no reply that was removed or replaced', async () => {
    const parentId = CommentId.parse('300');
    const ours = { parentId, authorId: account.id, username: account.username };
    const replies = [
      ['301', 'waiting', 'a draft', null],
      ['302', 'dropped', 'a rejected draft', null],
      ['303', 'removed', 'a reply that was replaced', '351'],
      ['304', 'sent', 'what we say now', '352'],
      ['305', 'removing', 'what is being removed', '353'],
    ] as const;
    await new PostgresIntake(database).store(
      delivery([
        incoming('300', { text: 'top' }),
        ...replies.map(([id]) => incoming(id, { parentId, text: `asks ${id}` })),
        incoming('306', { parentId, text: 'an insult' }),
        incoming('307', { parentId, text: 'spam' }),
      ]),
    );
    await database.query(`UPDATE comments SET hidden = true WHERE id = '306'`);
    await database.query(`UPDATE comments SET outcome = 'deleted' WHERE id = '307'`);
    for (const [commentId, state, text, published] of replies) {
      await database.query(
        `INSERT INTO replies (comment_id, account_id, intent, state, text, platform_reply_id, sent_at)
         VALUES ($1, $2, 'auto', $3, $4, $5, now()) RETURNING id`,
        [commentId, account.id, state, text, published],
      );
    }
    const echoes = replies.flatMap(([, , text, published]) =>
      published === null ? [] : incoming(published, { ...ours, text }),
    );
    await new PostgresIntake(database).store(delivery([...echoes, incoming('310', { parentId, text: 'and now?' })]));
    const shown = (await turnsBefore('310')).toSorted();
    expect(shown).toEqual([
      'brand: what we say now',
      ...replies.map(([id]) => `customer: asks ${id}`),
      'customer: top',
    ]);
  });
});
