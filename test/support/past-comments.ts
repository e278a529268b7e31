import type { CommentClass } from '#domain/comments/verdict.js';
import { account } from './rows.js';

export interface PastComments {
  /** Whose they are; the usual one when it is not said. */
  readonly account?: string;
  readonly count: number;
  readonly class: CommentClass;
  /** Of the comment with this number, counted from 1. */
  readonly confidence?: string;
  /** A number in front of the ids, so that several sets do not meet. */
  readonly series?: number;
}

/** Puts comments into the database that were understood and finished: the newest has the highest number. Three share each moment. */
export async function insertPast(
  database: { query(sql: string, parameters?: readonly unknown[]): Promise<unknown> },
  { account: accountId = account.id, count, class: name, confidence = '90', series = 1 }: PastComments,
): Promise<void> {
  await database.query(
    `INSERT INTO comments (id, account_id, media_id, author_id, username, text, delivery_id, trace_id, received_at, stage,
                           class, confidence, verdict_reason, language, model, prompt_version, classified_at, outcome, finished_at)
     SELECT ($3::bigint * 1000000 + number)::text, $1, '18000000000000001', (number % 97)::text, 'user.' || number % 97,
            'How much is cake number ' || number || '?', 0, 'trace',
            now() - interval '30 days' + (number / 3) * interval '1 second', 'done',
            $4, ${confidence}, 'Asks.', 'en', 'm', 'classify-comment@1', now(), 'left-alone', now()
       FROM generate_series(1, $2::int) AS number`,
    [accountId, count, series, name],
  );
}
