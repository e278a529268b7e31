import type { AccountCoverage, Coverage, Look, MediaKnowledge } from '#domain/coverage/coverage.js';
import { AppError } from '#domain/shared/errors.js';
import { AccountId, CommentId, MediaId } from '#domain/shared/ids.js';
import type { Database } from './database.js';
import { AccountRow } from './entities/account.entity.js';
import { optional } from './reading.js';

interface KnowledgeRow {
  readonly media_id: string;
  readonly stored: number;
  readonly last_came_at: Date | null;
  readonly looked_at: Date | null;
  readonly counted: number;
  readonly known: number;
  readonly unexplained: number;
  readonly whole: boolean;
  readonly continue_at: string | null;
}

interface NumbersRow {
  readonly id: string;
  readonly username: string;
  readonly seen: number;
  readonly found: number;
  readonly unexplained: number;
  readonly last_event_at: Date | null;
  readonly last_look_at: Date | null;
}

export class PostgresCoverage implements Coverage {
  constructor(private readonly database: Database) {}

  async connectedAt(accountId: AccountId): Promise<Date> {
    const row = await this.database.one(AccountRow, { id: accountId });
    if (!row) throw new AppError('not-found', `no account ${accountId} is connected`);
    return row.connectedAt;
  }

  async of(media: readonly MediaId[]): Promise<ReadonlyMap<MediaId, MediaKnowledge>> {
    const rows = await this.database.query<KnowledgeRow>(
      `SELECT asked.media_id, stored.stored, stored.last_came_at, looks.looked_at, looks.counted, looks.known,
              looks.unexplained, looks.whole, looks.continue_at
         FROM unnest($1::text[]) AS asked(media_id)
         LEFT JOIN media_looks AS looks ON looks.media_id = asked.media_id
        CROSS JOIN LATERAL (
          SELECT count(*)::int AS stored, max(received_at) AS last_came_at FROM comments
           WHERE comments.media_id = asked.media_id) AS stored`,
      [media],
    );
    return new Map(rows.map((row) => [MediaId.parse(row.media_id), toKnowledge(row)]));
  }

  async missing(ids: readonly CommentId[]): Promise<ReadonlySet<CommentId>> {
    const rows = await this.database.query<{ id: string }>(
      `SELECT asked.id FROM unnest($1::text[]) AS asked(id)
        WHERE NOT EXISTS (SELECT 1 FROM comments WHERE comments.id = asked.id)`,
      [ids],
    );
    return new Set(rows.map(({ id }) => CommentId.parse(id)));
  }

  async remember(accountId: AccountId, mediaId: MediaId, look: Look): Promise<void> {
    await this.database.query(
      `INSERT INTO media_looks (media_id, account_id, looked_at, counted, known, unexplained, whole, continue_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
       ON CONFLICT (media_id) DO UPDATE SET account_id = excluded.account_id, looked_at = excluded.looked_at,
         counted = excluded.counted, known = excluded.known, unexplained = excluded.unexplained,
         whole = excluded.whole, continue_at = excluded.continue_at`,
      [mediaId, accountId, look.at, look.counted, look.known, look.unexplained, look.whole, look.continueAt ?? null],
    );
  }

  async numbers(since: Date): Promise<readonly AccountCoverage[]> {
    const rows = await this.database.query<NumbersRow>(
      `SELECT accounts.id, accounts.username,
         (SELECT count(*)::int FROM comments
           WHERE account_id = accounts.id AND source = 'webhook' AND received_at >= $1) AS seen,
         (SELECT count(*)::int FROM comments
           WHERE account_id = accounts.id AND source = 'polling' AND received_at >= $1) AS found,
         (SELECT max(received_at) FROM comments WHERE account_id = accounts.id AND source = 'webhook') AS last_event_at,
         looks.unexplained, looks.last_look_at
       FROM accounts CROSS JOIN LATERAL (
         -- A post that is looked at no more, because it is old or gone, says nothing about today.
         SELECT coalesce(sum(unexplained) FILTER (WHERE looked_at > now() - interval '1 day'), 0)::int AS unexplained,
                max(looked_at) AS last_look_at
           FROM media_looks WHERE account_id = accounts.id) AS looks
       ORDER BY accounts.connected_at, accounts.id`,
      [since],
    );
    return rows.map((row) => ({
      accountId: AccountId.parse(row.id),
      username: row.username,
      seenByWebhook: row.seen,
      foundByPolling: row.found,
      unexplained: row.unexplained,
      lastEventAt: optional(row.last_event_at),
      lastLookAt: optional(row.last_look_at),
    }));
  }
}

function toKnowledge(row: KnowledgeRow): MediaKnowledge {
  const lastLook = row.looked_at && {
    counted: row.counted,
    known: row.known,
    unexplained: row.unexplained,
    whole: row.whole,
    continueAt: optional(row.continue_at),
    at: row.looked_at,
  };
  return { known: row.stored, lastCameAt: optional(row.last_came_at), lastLook: lastLook ?? undefined };
}
