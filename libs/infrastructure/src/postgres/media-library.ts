import { contentOf, type Media } from '#domain/media/media.js';
import type { MediaLibrary } from '#domain/media/media-library.js';
import { AccountId, MediaId } from '#domain/shared/ids.js';
import type { Database } from './database.js';
import { MediaRow } from './entities/media.entity.js';
import { UnderstandingRow } from './entities/understanding.entity.js';
import { optional } from './reading.js';

export class PostgresMediaLibrary implements MediaLibrary {
  constructor(private readonly database: Database) {}

  async find(id: MediaId): Promise<Media | undefined> {
    const row = await this.database.one(MediaRow, { id });
    if (!row) return undefined;
    const media = toMedia(row);
    if (row.pictures.length === 0) return media;
    const sight = await this.database.one(UnderstandingRow, { mediaId: id });
    const holds = sight?.state === 'edited' || sight?.content === contentOf(media);
    return holds && typeof sight?.text === 'string' ? { ...media, understanding: sight.text } : media;
  }

  async remember({ id, accountId, caption, type, permalink, postedAt, pictures = [] }: Media): Promise<void> {
    await this.database.query(
      `INSERT INTO media (id, account_id, caption, type, permalink, posted_at, pictures)
       VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (id) DO UPDATE SET caption = excluded.caption, type = excluded.type,
         permalink = excluded.permalink, posted_at = excluded.posted_at, pictures = excluded.pictures, fetched_at = now()`,
      [id, accountId, caption ?? null, type ?? null, permalink ?? null, postedAt ?? null, pictures],
    );
  }

  async changed(): Promise<void> {
    await Promise.resolve(); // nothing is kept here
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
    pictures: row.pictures,
    readAt: row.fetchedAt,
  };
}
