import type { Media } from '#domain/media/media.js';
import type { MediaLibrary } from '#domain/media/media-library.js';
import { AccountId, MediaId } from '#domain/shared/ids.js';
import type { Database } from './database.js';
import { MediaRow } from './entities/media.entity.js';
import { optional } from './reading.js';

export class PostgresMediaLibrary implements MediaLibrary {
  constructor(private readonly database: Database) {}

  async find(id: MediaId): Promise<Media | undefined> {
    const row = await this.database.one(MediaRow, { id });
    return row ? toMedia(row) : undefined;
  }

  async remember({ id, accountId, caption, type, permalink, postedAt }: Media): Promise<void> {
    await this.database.query(
      `INSERT INTO media (id, account_id, caption, type, permalink, posted_at) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (id) DO UPDATE SET caption = excluded.caption, type = excluded.type,
         permalink = excluded.permalink, posted_at = excluded.posted_at, fetched_at = now()`,
      [id, accountId, caption ?? null, type ?? null, permalink ?? null, postedAt ?? null],
    );
  }
}

export function toMedia(row: MediaRow): Media {
  return {
    id: MediaId.parse(row.id),
    accountId: AccountId.parse(row.accountId),
    caption: optional(row.caption),
    type: optional(row.type),
    permalink: optional(row.permalink),
    postedAt: optional(row.postedAt),
  };
}
