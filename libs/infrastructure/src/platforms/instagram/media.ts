import type { Media } from '#domain/media/media.js';
import type { MediaReader } from '#domain/platforms/platform.js';
import { storableText } from '#domain/shared/text.js';
import type { InstagramApi } from './instagram-api.js';
import { mediaObject } from './instagram-schemas.js';

export class InstagramMedia implements MediaReader {
  constructor(private readonly api: InstagramApi) {}

  async read({ accountId, mediaId }: Parameters<MediaReader['read']>[0]): Promise<Media> {
    const found = await this.api.read(
      { what: 'reading a post', path: [mediaId], query: { fields: 'caption,media_type,permalink,timestamp' } },
      mediaObject,
    );
    const postedAt = new Date(found.timestamp ?? Number.NaN);
    return {
      id: mediaId,
      accountId,
      caption: storable(found.caption),
      type: storable(found.media_type),
      permalink: storable(found.permalink),
      postedAt: Number.isNaN(postedAt.getTime()) ? undefined : postedAt,
    };
  }
}

function storable(text: string | null | undefined): string | undefined {
  return typeof text === 'string' ? storableText(text) : undefined;
}
