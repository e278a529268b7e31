import type { Delivery, Intake, StoredDelivery } from '#domain/comments/intake.js';
import { AppError } from '#domain/shared/errors.js';
import { CommentId, type AccountId } from '#domain/shared/ids.js';
import type { Database, Session } from './database.js';

/** The platform is answered within a second, also when the database hangs; what still commits later is deduplicated. */
const answerWithinMs = 800;

interface StoredRow {
  readonly id: string;
  readonly fresh: boolean;
  readonly waiting: boolean;
  readonly is_own: boolean;
  readonly served: boolean;
}

export class PostgresIntake implements Intake {
  constructor(private readonly database: Database) {}

  async store(delivery: Delivery): Promise<StoredDelivery> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      const error = new AppError('unavailable', `the database did not store a delivery within ${answerWithinMs} ms`);
      timer = setTimeout(() => reject(error), answerWithinMs);
    });
    const storing = this.storeAll(delivery);
    storing.catch(() => undefined); // when it loses the race, its own failure has been answered already
    try {
      return await Promise.race([storing, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  private async storeAll(delivery: Delivery): Promise<StoredDelivery> {
    const rows = await this.database.query<StoredRow>(storeStatement, parametersOf(delivery));
    // Not in one commit with the above: an echo that is delivered again is asked again, and finds nothing to confirm.
    for (const row of rows.filter(({ is_own }) => is_own)) {
      await this.database.transaction(async (session) => await confirmByEcho(session, row.id));
    }
    return {
      waiting: rows.filter((row) => row.waiting).map((row) => CommentId.parse(row.id)),
      duplicates: delivery.comments.length - rows.filter((row) => row.fresh || !row.served).length,
      foreign: rows.filter((row) => !row.served).length,
      own: rows.filter((row) => row.is_own).length,
    };
  }

  async dropForeign(served: readonly AccountId[]): Promise<number> {
    const rows = await this.database.query(
      `WITH dropped AS (
         UPDATE comments SET stage = 'done', outcome = 'left-alone', finished_at = now(), due_at = NULL
          WHERE due_at IS NOT NULL AND stage = 'received' AND account_id <> ALL ($1::text[])
         RETURNING id
       ), told AS (
         INSERT INTO decisions (comment_id, step, reason) SELECT id, 'receive', 'account-not-served' FROM dropped)
       SELECT id FROM dropped`,
      [served],
    );
    return rows.length;
  }
}

// One statement for everything in a delivery. A comment is ours when its author is the account, when its id is a reply
// that we published, or, for an echo without author, when it says in the thread what we are just sending there.
// Until the first account is known every comment is kept; afterwards those of other accounts are only counted.
const storeStatement = `
WITH given AS (
  SELECT DISTINCT ON (id) * FROM unnest($5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
    $11::text[], $12::text[], $13::text[])
    WITH ORDINALITY AS t(id, account_id, media_id, parent_id, author_id, username, text, media_kind, ad_id, position)
  ORDER BY id, position
), seen AS (
  SELECT given.*,
    (accounts.id IS NOT NULL OR NOT EXISTS (SELECT 1 FROM accounts)) AS served,
    (coalesce(given.author_id = given.account_id, false)
      OR coalesce(lower(given.username) = lower(accounts.username), false)
      OR EXISTS (SELECT 1 FROM replies WHERE replies.platform_reply_id = given.id)
      OR (given.author_id IS NULL AND given.username IS NULL AND EXISTS (
            SELECT 1 FROM replies JOIN comments AS answered ON answered.id = replies.comment_id
             WHERE replies.state IN ('sending', 'unknown')
               AND coalesce(answered.parent_id, answered.id) = given.parent_id
               AND btrim(regexp_replace(replies.text, '\\s+', ' ', 'g')) =
                   btrim(regexp_replace(given.text, '\\s+', ' ', 'g'))))) AS is_own
  FROM given LEFT JOIN accounts ON accounts.id = given.account_id
), delivery AS (
  INSERT INTO deliveries (platform, trace_id, body, comments, "foreign", quarantined, counted)
  SELECT $1, $2, $3, (SELECT count(*) FROM seen WHERE served), (SELECT count(*) FROM seen WHERE NOT served),
         jsonb_array_length($14::jsonb), $4::jsonb
  RETURNING id
), stored AS (
  INSERT INTO comments (id, account_id, media_id, parent_id, author_id, username, text, media_kind, ad_id,
                        delivery_id, trace_id, stage, outcome, finished_at, due_at)
  SELECT seen.id, account_id, media_id, parent_id, author_id, username, text, media_kind, ad_id, delivery.id, $2,
         CASE WHEN is_own THEN 'done' ELSE 'received' END, CASE WHEN is_own THEN 'own' END,
         CASE WHEN is_own THEN now() END, CASE WHEN is_own THEN NULL ELSE now() END
    FROM seen, delivery WHERE served ORDER BY seen.position
  ON CONFLICT (id) DO NOTHING
  RETURNING id, outcome
), told AS (
  INSERT INTO decisions (comment_id, step, reason)
  SELECT id, 'receive', CASE WHEN outcome = 'own' THEN 'own-comment' ELSE 'received' END FROM stored
), kept_aside AS (
  INSERT INTO quarantine (delivery_id, path, reason)
  SELECT delivery.id, item->>'path', item->>'reason' FROM delivery, jsonb_array_elements($14::jsonb) AS item
)
SELECT seen.id, seen.served, seen.is_own, stored.id IS NOT NULL AS fresh,
       (stored.id IS NOT NULL AND NOT is_own) OR known.due_at IS NOT NULL AS waiting
  FROM seen LEFT JOIN stored ON stored.id = seen.id LEFT JOIN comments AS known ON known.id = seen.id`;

function parametersOf({ platform, traceId, body, comments, quarantined, counted }: Delivery): unknown[] {
  return [
    platform,
    traceId,
    Buffer.from(body),
    JSON.stringify(counted),
    comments.map((comment) => comment.id),
    comments.map((comment) => comment.accountId),
    comments.map((comment) => comment.mediaId ?? null),
    comments.map((comment) => comment.parentId ?? null),
    comments.map((comment) => comment.authorId ?? null),
    comments.map((comment) => comment.username ?? null),
    comments.map((comment) => comment.text),
    comments.map((comment) => comment.mediaKind ?? null),
    comments.map((comment) => comment.adId ?? null),
    JSON.stringify(quarantined),
  ];
}

/**
 * Our own reply came back: a second witness that it is visible. It may overtake our own note of the same, and it ends
 * the doubt about a reply whose sending was unclear. Each echo confirms one reply, the oldest that fits.
 */
async function confirmByEcho(session: Session, echoId: string): Promise<void> {
  const [confirmed] = await session.query<{ comment_id: string }>(
    `WITH echo AS (SELECT * FROM comments WHERE id = $1),
     confirmed AS (
       UPDATE replies SET state = 'sent', platform_reply_id = $1, sent_at = now(),
              owner = NULL, lease_until = NULL, due_at = NULL
        WHERE id = (
          SELECT replies.id FROM echo
            JOIN comments AS answered ON answered.account_id = echo.account_id
             AND (answered.id = echo.parent_id OR answered.parent_id = echo.parent_id)
            JOIN replies ON replies.comment_id = answered.id
           WHERE replies.state IN ('sending', 'unknown')
             AND btrim(regexp_replace(replies.text, '\\s+', ' ', 'g')) =
                 btrim(regexp_replace(echo.text, '\\s+', ' ', 'g'))
             AND NOT EXISTS (SELECT 1 FROM replies AS other WHERE other.platform_reply_id = $1)
           ORDER BY replies.attempt_started_at LIMIT 1 FOR UPDATE OF replies)
       RETURNING comment_id
     ), told AS (
       INSERT INTO decisions (comment_id, step, reason, detail)
       SELECT comment_id, 'send', 'reply-confirmed-by-echo', jsonb_build_object('platformReplyId', $1::text) FROM confirmed)
     SELECT comment_id FROM confirmed`,
    [echoId],
  );
  if (confirmed) await session.query('SELECT settle_comment($1)', [confirmed.comment_id]);
}
