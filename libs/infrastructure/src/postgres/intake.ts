import type { Delivery, Intake, StoredDelivery } from '#domain/comments/intake.js';
import { auditRules } from '#domain/replies/reply-audits.js';
import type { AccountId, CommentId } from '#domain/shared/ids.js';
import { within } from '../resilience/within.js';
import type { Database, Session } from './database.js';
import { GroupCommit } from './group-commit.js';
import { sameWords, takeOverByEcho } from './takeovers.js';
import { deliveriesParameters, givenIn, type Given } from './intake-parameters.js';

/** The platform is answered within a second, also when the database hangs; what still commits later is deduplicated. */
const answerWithinMs = 800;
/** What each comment of a batch may take beyond that: a thousand are answered within two seconds. */
const msPerComment = 1;
/** The question whether the database answers at all must itself be answered within the second. */
const lookWithinMs = 100;

/** While it is written the next one gathers: with more on their way groups are smaller, and each costs a statement and a commit. */
const groupsInFlight = 1;
/** Deliveries that wait in memory before we say 503: about a second's worth. */
const waitingDeliveries = 5_000;
/** Bytes of bodies per statement; Meta's largest batch alone is about 3 MB. */
const bytesPerGroup = 4_000_000;
const deliveriesPerGroup = 500;

/** What became of one given comment. Those that were here already are not named. */
interface StoredRow {
  /** Of a comment that is new. */
  readonly id: string | null;
  /** Of one that is ours, or of an account that is not served. */
  readonly position: number | null;
  readonly waiting: boolean;
  readonly is_own: boolean;
  readonly served: boolean;
}

interface Echo {
  readonly id: string;
  readonly confirms: boolean;
  /** In a thread, and not known as a reply of ours. */
  readonly unclaimed: boolean;
}

export class PostgresIntake implements Intake {
  private readonly groups: GroupCommit<Delivery, StoredDelivery>;

  constructor(private readonly database: Database) {
    this.groups = new GroupCommit(async (deliveries) => await this.storeGroup(deliveries), {
      inFlight: groupsInFlight,
      waiting: waitingDeliveries,
      weightOf: ({ body }) => body.byteLength,
      weightPerGroup: bytesPerGroup,
      itemsPerGroup: deliveriesPerGroup,
      patience: {
        ms: ({ comments }) => answerWithinMs + Math.max(0, comments.length - 1) * msPerComment,
        blindMs: answerWithinMs,
        stillAnswers: async () => await this.stillAnswers(),
      },
    });
  }

  async store(delivery: Delivery): Promise<StoredDelivery> {
    return await this.groups.add(delivery);
  }

  private async stillAnswers(): Promise<boolean> {
    const asking = this.database.query('SELECT 1');
    return await within(lookWithinMs, asking, () => new Error('no answer')).then(
      () => true,
      () => false,
    );
  }

  private async storeGroup(deliveries: readonly Delivery[]): Promise<readonly StoredDelivery[]> {
    const given = givenIn(deliveries);
    const rows = await this.database.prepared<StoredRow>(storeDeliveries, deliveriesParameters(deliveries, given));
    const became = new Became(given, rows);
    // Not in one commit with the above: an echo that is delivered again is asked again, and finds nothing to confirm.
    const echoes = became.own();
    if (echoes.length > 0) await this.readEchoes(echoes);
    const known = became.known();
    const unfinished = new Set(known.length === 0 ? [] : await this.unfinished(known));
    return became.perDelivery(deliveries.length, unfinished);
  }

  private async unfinished(ids: readonly CommentId[]): Promise<readonly string[]> {
    const rows = await this.database.query<{ id: string }>(
      'SELECT id FROM comments WHERE id = ANY ($1::text[]) AND due_at IS NOT NULL',
      [ids],
    );
    return rows.map(({ id }) => id);
  }

  /** Our own replies coming back end doubts; those that nobody here wrote are a person's in the platform's own app. */
  private async readEchoes(ids: readonly string[]): Promise<void> {
    const persons: string[] = [];
    for (const { id, confirms, unclaimed } of await this.telling(ids)) {
      const confirmed =
        confirms && (await this.database.transaction(async (session) => await confirmByEcho(session, id)));
      if (unclaimed && !confirmed) persons.push(id);
    }
    if (persons.length > 0) await takeOverByEcho(this.database, persons);
  }

  /**
   * Those of our own comments that could end a doubt, and those that are not known as replies of ours: after an outage
   * hundreds come at once, and hardly any is either.
   */
  private async telling(echoes: readonly string[]): Promise<readonly Echo[]> {
    return await this.database.query<Echo>(
      `SELECT * FROM (
         SELECT id, EXISTS (
                  SELECT 1 FROM replies JOIN comments AS answered ON answered.id = replies.comment_id
                   WHERE replies.due_at IS NOT NULL AND ${mayBeOut}
                     AND coalesce(answered.parent_id, answered.id) = echo.parent_id) AS confirms,
                parent_id IS NOT NULL AND source <> 'history'
                  AND NOT EXISTS (SELECT 1 FROM replies WHERE replies.platform_reply_id = echo.id) AS unclaimed
           FROM comments AS echo WHERE id = ANY ($1::text[])) AS told
        WHERE confirms OR unclaimed ORDER BY id`,
      [echoes],
    );
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

  async forgetDeliveries(olderThanDays: number, limit: number): Promise<number> {
    const rows = await this.database.query(
      `WITH forgotten AS (
         DELETE FROM deliveries WHERE id IN (
           SELECT id FROM deliveries
            WHERE received_at < now() - $1 * interval '1 day' AND quarantined = 0
              AND id < coalesce(${firstUnfinished}, id + 1)
            ORDER BY id LIMIT $2)
         RETURNING id)
       SELECT id FROM forgotten`,
      [olderThanDays, limit],
    );
    return rows.length;
  }
}

// Both kinds of unfinished comments have an index of their own that is small; by delivery there is none.
const firstUnfinished = `least(
  (SELECT min(delivery_id) FROM comments WHERE due_at IS NOT NULL),
  (SELECT min(delivery_id) FROM comments WHERE finished_at IS NULL AND stage <> 'received'))`;

/** The answer of one statement, told apart by delivery. */
class Became {
  private readonly fresh = new Map<string, StoredRow>();
  private readonly apart = new Map<number, StoredRow>();

  constructor(
    private readonly given: readonly Given[],
    rows: readonly StoredRow[],
  ) {
    for (const row of rows) {
      if (row.id !== null) this.fresh.set(row.id, row);
      if (row.position !== null) this.apart.set(row.position, row);
    }
  }

  own(): readonly CommentId[] {
    return this.given
      .filter((_one, index) => this.apart.get(index + 1)?.is_own === true)
      .map(({ comment }) => comment.id);
  }

  /** Comments that were here before. */
  known(): readonly CommentId[] {
    const known = this.given.filter(({ comment }, index) => !this.fresh.has(comment.id) && this.isServed(index));
    return known.map(({ comment }) => comment.id);
  }

  perDelivery(deliveries: number, unfinished: ReadonlySet<string>): readonly StoredDelivery[] {
    const results = Array.from({ length: deliveries }, () => ({
      waiting: new Array<CommentId>(),
      duplicates: 0,
      foreign: 0,
      own: 0,
    }));
    for (const [index, { comment, delivery, first }] of this.given.entries()) {
      const result = results[delivery];
      if (!result) continue;
      if (this.apart.get(index + 1)?.is_own) result.own += 1;
      if (this.isServed(index)) {
        const fresh = this.fresh.get(comment.id);
        if (!first || !fresh) result.duplicates += 1;
        if (fresh ? fresh.waiting : unfinished.has(comment.id)) result.waiting.push(comment.id);
      } else result.foreign += 1;
    }
    return results;
  }

  private isServed(index: number): boolean {
    return this.apart.get(index + 1)?.served !== false;
  }
}

// Tried, and not known to have failed; also while it waits to be sent once more. All of these are due: said where the
// index on `due_at` must find them among all replies there ever were.
export const mayBeOut = `(replies.channel = 'public'
  AND (replies.state IN ('sending', 'unknown') OR (replies.state = 'drafted' AND replies.attempt > 0)))`;

// One statement, and so one commit, for everything in a group of deliveries. A comment is ours when its author is the
// account, when its id is a reply that we published, or, for an echo without author, when it says in the thread what we
// are just sending there. Until the first account is known every comment is kept; afterwards those of other accounts are
// only counted. Rows go in by id, so that two groups with the same comments wait for each other and never in a circle.
// It is planned once for all sizes, so nothing here depends on a good guess of how many rows come: each lookup goes by a
// key, and lists are joined with lists only where they are empty as a rule.
const storeDeliveries = `
WITH given AS (
  SELECT t.*,
    (accounts.id IS NOT NULL OR NOT EXISTS (SELECT 1 FROM accounts)) AS served,
    (coalesce(t.author_id = t.account_id, false)
      OR coalesce(lower(t.username) = lower(accounts.username), false)
      OR EXISTS (SELECT 1 FROM replies WHERE replies.platform_reply_id = t.id)
      OR (t.author_id IS NULL AND t.username IS NULL AND EXISTS (
            SELECT 1 FROM replies JOIN comments AS answered ON answered.id = replies.comment_id
             WHERE replies.due_at IS NOT NULL AND ${mayBeOut}
               AND coalesce(answered.parent_id, answered.id) = t.parent_id
               AND ${sameWords('replies.text', 't.text')}))) AS is_own
  FROM unnest($12::integer[], $13::boolean[], $14::text[], $15::text[], $16::text[], $17::text[], $18::text[],
              $19::text[], $20::text[], $21::text[], $22::text[], $23::text[], $24::text[], $25::timestamptz[])
         WITH ORDINALITY
      AS t(delivery, first, id, account_id, media_id, parent_id, author_id, username, text, media_kind, ad_id, trace_id,
           source, written_at, position)
  LEFT JOIN accounts ON accounts.id = t.account_id
), others AS (
  SELECT delivery, count(*) AS comments FROM given WHERE NOT served GROUP BY delivery
), arrived AS (
  INSERT INTO deliveries (platform, trace_id, body, comments, "foreign", quarantined, counted)
  -- All bodies in one value, one behind the other: as bytes, where an array would go as text of twice the length.
  SELECT platform, trace_id, substring($3::bytea FROM body_from FOR body_bytes),
         t.comments - coalesce(others.comments, 0), coalesce(others.comments, 0), quarantined, counted::jsonb
    FROM unnest($1::text[], $2::text[], $4::integer[], $5::integer[], $6::integer[], $7::integer[], $8::text[])
           WITH ORDINALITY
           AS t(platform, trace_id, body_from, body_bytes, comments, quarantined, counted, position)
    LEFT JOIN others ON others.delivery = t.position
   ORDER BY t.position
  RETURNING id
), numbers AS (
  -- Numbered as they went in: the n-th is that of the n-th delivery.
  SELECT array_agg(id ORDER BY id) AS ids FROM arrived
), stored AS (
  INSERT INTO comments (id, account_id, media_id, parent_id, author_id, username, text, media_kind, ad_id,
                        delivery_id, trace_id, source, written_at, stage, outcome, finished_at, due_at)
  SELECT id, account_id, media_id, parent_id, author_id, username, text, media_kind, ad_id,
         (SELECT ids FROM numbers)[delivery], trace_id, source, written_at,
         CASE WHEN over THEN 'done' ELSE 'received' END,
         CASE WHEN is_own THEN 'own' WHEN over THEN 'left-alone' END,
         CASE WHEN over THEN now() END, CASE WHEN over THEN NULL ELSE now() END
    FROM given CROSS JOIN LATERAL (SELECT is_own OR source = 'history' AS over) AS kept
   WHERE served AND first ORDER BY position
  ON CONFLICT (id) DO NOTHING
  RETURNING id, outcome, source
), told AS (
  INSERT INTO decisions (comment_id, step, reason)
  SELECT id, 'receive', CASE WHEN outcome = 'own' THEN 'own-comment' WHEN source = 'history' THEN 'imported-history'
                             WHEN source = 'polling' THEN 'found-by-polling' ELSE 'received' END FROM stored
), kept_aside AS (
  INSERT INTO quarantine (delivery_id, path, reason)
  SELECT (SELECT ids FROM numbers)[delivery], path, reason
    FROM unnest($9::integer[], $10::text[], $11::text[]) AS item(delivery, path, reason)
)
SELECT id, NULL::integer AS position, outcome IS NULL AS waiting, false AS is_own, true AS served FROM stored
UNION ALL
SELECT NULL, position::integer, false, is_own, served FROM given WHERE is_own OR NOT served`;

/**
 * Our own reply came back: a second witness that it is visible. It may overtake our own note of the same, and it ends
 * the doubt about a reply whose sending was unclear. Each echo confirms one reply, the oldest that fits. Of two replies
 * with equal words that are in doubt in one thread it may be the other one's: harmless, because they stand in the same
 * thread and read the same. The one that is left looks for its own copy, never takes this one, and sends it if there is none.
 */
async function confirmByEcho(session: Session, echoId: string): Promise<boolean> {
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
  return confirmed !== undefined;
}
