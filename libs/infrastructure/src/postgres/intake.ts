import type { Delivery, Intake, StoredDelivery } from '#domain/comments/intake.js';
import { auditRules } from '#domain/replies/reply-audits.js';
import { AppError } from '#domain/shared/errors.js';
import { CommentId, type AccountId } from '#domain/shared/ids.js';
import { within } from '../resilience/within.js';
import type { Database, Session } from './database.js';
import { GroupCommit } from './group-commit.js';

/** The platform is answered within a second, also when the database hangs; what still commits later is deduplicated. */
const answerWithinMs = 800;

/** Two groups on their way keep one connection busy while the other's answer travels. */
const groupsInFlight = 2;
/** Deliveries that wait in memory before we say 503: about a second's worth. */
const waitingDeliveries = 5_000;
/** Bytes of bodies per statement; Meta's largest batch alone is about 3 MB. */
const bytesPerGroup = 4_000_000;

interface StoredRow {
  readonly delivery: number;
  readonly id: string;
  readonly fresh: boolean;
  readonly waiting: boolean;
  readonly is_own: boolean;
  readonly served: boolean;
}

export class PostgresIntake implements Intake {
  private readonly groups: GroupCommit<Delivery, StoredDelivery>;

  constructor(private readonly database: Database) {
    this.groups = new GroupCommit(async (deliveries) => await this.storeGroup(deliveries), {
      inFlight: groupsInFlight,
      waiting: waitingDeliveries,
      weightOf: ({ body }) => body.byteLength,
      weightPerGroup: bytesPerGroup,
    });
  }

  async store(delivery: Delivery): Promise<StoredDelivery> {
    const givenUp = new AbortController();
    const late = (): AppError => {
      const error = new AppError('unavailable', `the database did not store a delivery within ${answerWithinMs} ms`);
      givenUp.abort(error);
      return error;
    };
    return await within(answerWithinMs, this.groups.add(delivery, givenUp.signal), late);
  }

  private async storeGroup(deliveries: readonly Delivery[]): Promise<readonly StoredDelivery[]> {
    const rows = await this.database.query<StoredRow>(storeStatement, parametersOf(deliveries));
    // Not in one commit with the above: an echo that is delivered again is asked again, and finds nothing to confirm.
    const echoes = rows.filter(({ is_own }) => is_own).map(({ id }) => id);
    for (const id of echoes.length === 0 ? [] : await this.confirming(echoes)) {
      await this.database.transaction(async (session) => await confirmByEcho(session, id));
    }
    const perDelivery = deliveries.map((): StoredRow[] => []);
    for (const row of rows) perDelivery[row.delivery]?.push(row);
    return perDelivery.map(summaryOf);
  }

  /** Those of our own comments that could end a doubt: after an outage hundreds come at once, and hardly any does. */
  private async confirming(echoes: readonly string[]): Promise<readonly string[]> {
    const rows = await this.database.query<{ id: string }>(
      `SELECT id FROM comments AS echo WHERE id = ANY ($1::text[]) AND EXISTS (
         SELECT 1 FROM replies JOIN comments AS answered ON answered.id = replies.comment_id
          WHERE replies.due_at IS NOT NULL AND ${mayBeOut}
            AND coalesce(answered.parent_id, answered.id) = echo.parent_id)
        ORDER BY id`,
      [echoes],
    );
    return rows.map(({ id }) => id);
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

function summaryOf(rows: readonly StoredRow[]): StoredDelivery {
  return {
    waiting: rows.filter((row) => row.waiting).map((row) => CommentId.parse(row.id)),
    duplicates: rows.filter((row) => row.served && !row.fresh).length,
    foreign: rows.filter((row) => !row.served).length,
    own: rows.filter((row) => row.is_own).length,
  };
}

// The platform trims and folds white space before it shows a text.
const folded = (column: string): string => `btrim(regexp_replace(${column}, '\\s+', ' ', 'g'))`;
export const sameWords = (one: string, other: string): string => `${folded(one)} = ${folded(other)}`;

// Tried, and not known to have failed; also while it waits to be sent once more. All of these are due: said where the
// index on `due_at` must find them among all replies there ever were.
export const mayBeOut = `(replies.channel = 'public'
  AND (replies.state IN ('sending', 'unknown') OR (replies.state = 'drafted' AND replies.attempt > 0)))`;

// One statement, and so one commit, for everything in a group of deliveries. A comment is ours when its author is the
// account, when its id is a reply that we published, or, for an echo without author, when it says in the thread what we
// are just sending there. Until the first account is known every comment is kept; afterwards those of other accounts are
// only counted. Rows go in by id, so that two groups with the same comments wait for each other and never in a circle.
const storeStatement = `
WITH given AS (
  SELECT *, row_number() OVER (PARTITION BY id ORDER BY position) = 1 AS first
    FROM unnest($5::integer[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[],
                $13::text[], $14::text[], $17::timestamptz[]) WITH ORDINALITY
      AS t(delivery, id, account_id, media_id, parent_id, author_id, username, text, media_kind, ad_id, written_at,
           position)
), seen AS (
  SELECT given.*,
    (accounts.id IS NOT NULL OR NOT EXISTS (SELECT 1 FROM accounts)) AS served,
    (coalesce(given.author_id = given.account_id, false)
      OR coalesce(lower(given.username) = lower(accounts.username), false)
      OR EXISTS (SELECT 1 FROM replies WHERE replies.platform_reply_id = given.id)
      OR (given.author_id IS NULL AND given.username IS NULL AND EXISTS (
            SELECT 1 FROM replies JOIN comments AS answered ON answered.id = replies.comment_id
             WHERE replies.due_at IS NOT NULL AND ${mayBeOut}
               AND coalesce(answered.parent_id, answered.id) = given.parent_id
               AND ${sameWords('replies.text', 'given.text')}))) AS is_own
  FROM given LEFT JOIN accounts ON accounts.id = given.account_id
), numbered AS (
  SELECT nextval(pg_get_serial_sequence('deliveries', 'id')) AS id, (position - 1)::integer AS delivery,
         platform, trace_id, body, counted, source
    FROM unnest($1::text[], $2::text[], $3::bytea[], $4::text[], $16::text[]) WITH ORDINALITY
      AS t(platform, trace_id, body, counted, source, position)
), arrived AS (
  INSERT INTO deliveries (id, platform, trace_id, body, comments, "foreign", quarantined, counted) OVERRIDING SYSTEM VALUE
  SELECT id, platform, trace_id, body,
         (SELECT count(*) FROM seen WHERE served AND seen.delivery = numbered.delivery),
         (SELECT count(*) FROM seen WHERE NOT served AND seen.delivery = numbered.delivery),
         (SELECT count(*) FROM jsonb_array_elements($15::jsonb) AS item
           WHERE (item->>'delivery')::integer = numbered.delivery),
         counted::jsonb
    FROM numbered
), stored AS (
  INSERT INTO comments (id, account_id, media_id, parent_id, author_id, username, text, media_kind, ad_id,
                        delivery_id, trace_id, source, written_at, stage, outcome, finished_at, due_at)
  SELECT seen.id, account_id, media_id, parent_id, author_id, username, text, media_kind, ad_id,
         numbered.id, numbered.trace_id, numbered.source, written_at,
         CASE WHEN over THEN 'done' ELSE 'received' END,
         CASE WHEN is_own THEN 'own' WHEN over THEN 'left-alone' END,
         CASE WHEN over THEN now() END, CASE WHEN over THEN NULL ELSE now() END
    FROM seen JOIN numbered USING (delivery) CROSS JOIN LATERAL (SELECT is_own OR source = 'history' AS over) AS kept
   WHERE served AND first ORDER BY seen.id
  ON CONFLICT (id) DO NOTHING
  RETURNING id, outcome, source
), told AS (
  INSERT INTO decisions (comment_id, step, reason)
  SELECT id, 'receive', CASE WHEN outcome = 'own' THEN 'own-comment' WHEN source = 'history' THEN 'imported-history'
                             WHEN source = 'polling' THEN 'found-by-polling' ELSE 'received' END FROM stored
), kept_aside AS (
  INSERT INTO quarantine (delivery_id, path, reason)
  SELECT numbered.id, item->>'path', item->>'reason'
    FROM jsonb_array_elements($15::jsonb) AS item JOIN numbered ON numbered.delivery = (item->>'delivery')::integer
)
SELECT seen.delivery, seen.id, seen.served, seen.is_own, first AND stored.id IS NOT NULL AS fresh,
       stored.outcome IS NULL AND stored.id IS NOT NULL OR known.due_at IS NOT NULL AS waiting
  FROM seen LEFT JOIN stored ON stored.id = seen.id LEFT JOIN comments AS known ON known.id = seen.id`;

function parametersOf(deliveries: readonly Delivery[]): unknown[] {
  const comments = deliveries.flatMap((one, delivery) => one.comments.map((comment) => ({ delivery, ...comment })));
  const quarantined = deliveries.flatMap((one, delivery) => one.quarantined.map((item) => ({ delivery, ...item })));
  return [
    deliveries.map(({ platform }) => platform),
    deliveries.map(({ traceId }) => traceId),
    deliveries.map(({ body }) => Buffer.from(body.buffer, body.byteOffset, body.byteLength)),
    deliveries.map(({ counted }) => JSON.stringify(counted)),
    comments.map(({ delivery }) => delivery),
    comments.map(({ id }) => id),
    comments.map(({ accountId }) => accountId),
    comments.map(({ mediaId }) => mediaId ?? null),
    comments.map(({ parentId }) => parentId ?? null),
    comments.map(({ authorId }) => authorId ?? null),
    comments.map(({ username }) => username ?? null),
    comments.map(({ text }) => text),
    comments.map(({ mediaKind }) => mediaKind ?? null),
    comments.map(({ adId }) => adId ?? null),
    JSON.stringify(quarantined),
    deliveries.map(({ source = 'webhook' }) => source),
    comments.map(({ writtenAt }) => writtenAt?.toISOString() ?? null),
  ];
}

/**
 * Our own reply came back: a second witness that it is visible. It may overtake our own note of the same, and it ends
 * the doubt about a reply whose sending was unclear. Each echo confirms one reply, the oldest that fits. Of two replies
 * with equal words that are in doubt in one thread it may be the other one's: harmless, because they stand in the same
 * thread and read the same. The one that is left looks for its own copy, never takes this one, and sends it if there is none.
 */
async function confirmByEcho(session: Session, echoId: string): Promise<void> {
  const [confirmed] = await session.query<{ comment_id: string }>(
    `WITH echo AS (SELECT * FROM comments WHERE id = $1),
     confirmed AS (
       UPDATE replies SET state = 'sent', platform_reply_id = $1, sent_at = now(),
              audit_due_at = CASE WHEN attempt > 1 OR state = 'unknown' THEN now() + $2 * interval '1 millisecond' END,
              owner = NULL, lease_until = NULL, due_at = NULL
        WHERE id = (
          SELECT replies.id FROM echo
            JOIN comments AS answered ON answered.account_id = echo.account_id
             AND (answered.id = echo.parent_id OR answered.parent_id = echo.parent_id)
            JOIN replies ON replies.comment_id = answered.id
           WHERE ${mayBeOut}
             AND ${sameWords('replies.text', 'echo.text')}
             AND NOT EXISTS (SELECT 1 FROM replies AS other WHERE other.platform_reply_id = $1)
           ORDER BY replies.attempt_started_at LIMIT 1 FOR UPDATE OF replies)
       RETURNING comment_id
     ), told AS (
       INSERT INTO decisions (comment_id, step, reason, detail)
       SELECT comment_id, 'send', 'reply-confirmed-by-echo', jsonb_build_object('platformReplyId', $1::text) FROM confirmed)
     SELECT comment_id FROM confirmed`,
    [echoId, auditRules.firstLookAfterMs],
  );
  if (confirmed) await session.query('SELECT settle_comment($1)', [confirmed.comment_id]);
}
