import { decidedByOperator, reasons, type ReasonCode } from '#domain/comments/reason-codes.js';
import { commentClassNames } from '#domain/comments/verdict.js';
import { reviewRules } from '#domain/moderation/review-rules.js';
import {
  reviewVerdicts,
  type Review,
  type Reviews,
  type ReviewsQuery,
  type ReviewVerdict,
  type WeekOfHides,
} from '#domain/moderation/reviews.js';
import { AccountId, CommentId, ReviewId } from '#domain/shared/ids.js';
import { decisionsParameter, insertDecisions, type Database } from './database.js';
import { listed, optional } from './reading.js';

const reasonCodes = Object.keys(reasons) as ReasonCode[]; // the keys of a closed record

interface ReviewRead {
  readonly id: string;
  readonly account_id: string;
  readonly week: string;
  readonly comment_id: string;
  readonly text: string;
  readonly username: string | null;
  readonly class: string | null;
  readonly confidence: number | null;
  readonly verdict_reason: string | null;
  readonly hidden_at: Date;
  readonly hidden: boolean;
  readonly deleted: boolean;
  readonly because: readonly { readonly reason: string; readonly detail: Readonly<Record<string, unknown>> }[];
  readonly verdict: string | null;
  readonly note: string | null;
  readonly reviewed_by: string | null;
  readonly reviewed_at: Date | null;
}

export class PostgresReviews implements Reviews {
  constructor(private readonly database: Database) {}

  async draw(): Promise<{ readonly weeks: number; readonly comments: number }> {
    const { sampleSize, weeksBack, afterMs } = reviewRules;
    const [drawn] = await this.database.query<{ weeks: number; comments: number }>(drawStatement, [
      sampleSize,
      weeksBack,
      afterMs,
    ]);
    return drawn ?? { weeks: 0, comments: 0 };
  }

  async find(id: ReviewId): Promise<Review | undefined> {
    const [row] = await this.database.query<ReviewRead>(`${readStatement} WHERE reviews.id = $1`, [id]);
    return row && toReview(row);
  }

  async list({ week, account, open, after, limit }: ReviewsQuery): Promise<readonly Review[]> {
    const rows = await this.database.query<ReviewRead>(
      `${readStatement}
        WHERE reviews.week = coalesce($1::date, (SELECT max(week) FROM reviews WHERE $2::text IS NULL OR account_id = $2))
          AND ($2::text IS NULL OR reviews.account_id = $2) AND (NOT $3 OR reviews.verdict IS NULL)
          AND ($4::uuid IS NULL OR reviews.id > $4)
        ORDER BY reviews.id LIMIT $5`,
      [week ? dayOf(week) : null, account ?? null, open, after ?? null, limit],
    );
    return rows.map(toReview);
  }

  async answer(id: ReviewId, verdict: ReviewVerdict, note: string | undefined, by: string): Promise<void> {
    const decision = decidedByOperator(verdict === 'right' ? 'review-right' : 'review-wrong', note ? { note } : {});
    await this.database.query(
      `WITH answered AS (
         UPDATE reviews SET verdict = $2, note = $3, reviewed_by = $4, reviewed_at = now()
          WHERE id = $1 AND (verdict, note) IS DISTINCT FROM ($2, $3)
         RETURNING comment_id
       ), told AS (${insertDecisions('answered', '$5')})
       SELECT 1 FROM answered`,
      [id, verdict, note ?? null, by, decisionsParameter([decision])],
    );
  }

  async weeks(account: AccountId | undefined, limit: number): Promise<readonly WeekOfHides[]> {
    const rows = await this.database.query<Record<'account_id' | 'week', string> & Record<Count, number>>(
      `SELECT account_id, to_char(week, 'YYYY-MM-DD') AS week, drawn.hidden, drawn.sampled,
              count(reviews.verdict)::int AS reviewed, (count(*) FILTER (WHERE reviews.verdict = 'wrong'))::int AS wrong
         FROM review_weeks AS drawn LEFT JOIN reviews USING (account_id, week)
        WHERE ($1::text IS NULL OR account_id = $1)
          AND week IN (SELECT DISTINCT week FROM review_weeks ORDER BY week DESC LIMIT $2)
        GROUP BY account_id, week, drawn.hidden, drawn.sampled ORDER BY week DESC, account_id`,
      [account ?? null, limit],
    );
    return rows.map(({ account_id, week, hidden, sampled, reviewed, wrong }) => ({
      accountId: AccountId.parse(account_id),
      week: new Date(week),
      hidden,
      sampled,
      reviewed,
      wrong,
    }));
  }
}

type Count = 'hidden' | 'sampled' | 'reviewed' | 'wrong';

// A digest of the comment's id is as good as chance to whoever writes comments, and the same for all workers.
const drawStatement = `
WITH weeks AS (
  SELECT date_trunc('week', (now() - $3 * interval '1 millisecond') AT TIME ZONE 'UTC')::date - 7 * back AS week
    FROM generate_series(1, $2::int) AS back
), missing AS (
  SELECT accounts.id AS account_id, week FROM accounts CROSS JOIN weeks
   WHERE accounts.connected_at < (week + 7)::timestamp AT TIME ZONE 'UTC'
     AND NOT EXISTS (SELECT 1 FROM review_weeks AS drawn WHERE drawn.account_id = accounts.id AND drawn.week = weeks.week)
), hides AS (
  SELECT account_id, week, comment_id, max(done_at) AS hidden_at FROM missing JOIN moderations USING (account_id)
   WHERE action = 'hide' AND actor = 'system' AND state = 'done'
     AND done_at >= week::timestamp AT TIME ZONE 'UTC' AND done_at < (week + 7)::timestamp AT TIME ZONE 'UTC'
   GROUP BY account_id, week, comment_id
), opened AS (
  INSERT INTO review_weeks (account_id, week, hidden, sampled)
  SELECT account_id, week, count(comment_id), least(count(comment_id), $1::int)
    FROM missing LEFT JOIN hides USING (account_id, week) GROUP BY account_id, week ORDER BY account_id, week
  ON CONFLICT DO NOTHING
  RETURNING account_id, week
), drawn AS (
  INSERT INTO reviews (account_id, week, comment_id, hidden_at)
  SELECT account_id, week, comment_id, hidden_at FROM (
    SELECT hides.*, row_number() OVER (PARTITION BY account_id, week ORDER BY md5(concat_ws(' ', account_id, to_char(week, 'YYYY-MM-DD'), comment_id)), comment_id) AS place
      FROM hides JOIN opened USING (account_id, week)) AS by_chance
   WHERE place <= $1::int
  ON CONFLICT DO NOTHING
  RETURNING id
)
SELECT (SELECT count(*)::int FROM opened) AS weeks, (SELECT count(*)::int FROM drawn) AS comments`;

const readStatement = `
SELECT reviews.id, reviews.account_id, to_char(reviews.week, 'YYYY-MM-DD') AS week, reviews.comment_id, comments.text,
       comments.username, comments.class, comments.confidence, comments.verdict_reason, reviews.hidden_at,
       comments.hidden, coalesce(comments.outcome = 'deleted', false) AS deleted,
       coalesce((SELECT jsonb_agg(jsonb_build_object('reason', reason, 'detail', detail) ORDER BY decisions.id) FROM decisions
         WHERE decisions.comment_id = reviews.comment_id AND step IN ('classify', 'triage') AND actor = 'system'), '[]') AS because,
       reviews.verdict, reviews.note, reviews.reviewed_by, reviews.reviewed_at
  FROM reviews JOIN comments ON comments.id = reviews.comment_id`;

const dayOf = (moment: Date): string => moment.toISOString().slice(0, 10);

function toReview(row: ReviewRead): Review {
  return {
    id: ReviewId.parse(row.id),
    accountId: AccountId.parse(row.account_id),
    week: new Date(row.week),
    commentId: CommentId.parse(row.comment_id),
    text: row.text,
    username: optional(row.username),
    verdict:
      row.class === null
        ? undefined
        : {
            class: listed(commentClassNames, row.class),
            confidence: row.confidence ?? 0,
            reason: row.verdict_reason ?? '',
          },
    hiddenAt: row.hidden_at,
    hidden: row.hidden,
    deleted: row.deleted,
    because: row.because.map(({ reason, detail }) => ({ reason: listed(reasonCodes, reason), detail })),
    answer: toAnswer(row),
  };
}

function toAnswer({ verdict, note, reviewed_by, reviewed_at }: ReviewRead): Review['answer'] {
  if (verdict === null || reviewed_at === null) return undefined;
  return { verdict: listed(reviewVerdicts, verdict), note: optional(note), by: reviewed_by ?? '', at: reviewed_at };
}
