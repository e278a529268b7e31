import type { CommentModeration, CommentNow, CommentReader } from '#domain/platforms/platform.js';
import type { InstagramApi } from './instagram-api.js';
import { changed, commentNow } from './instagram-schemas.js';

type OneComment = Parameters<CommentReader['read']>[0];

export class InstagramModeration implements CommentModeration {
  constructor(private readonly api: InstagramApi) {}

  async hide({ commentId }: OneComment): Promise<void> {
    await this.api.change({ what: 'hiding a comment', path: [commentId], query: { hide: 'true' } }, changed);
  }

  async unhide({ commentId }: OneComment): Promise<void> {
    await this.api.change({ what: 'showing a comment again', path: [commentId], query: { hide: 'false' } }, changed);
  }

  async delete({ commentId }: OneComment): Promise<void> {
    await this.api.remove({ what: 'deleting a comment', path: [commentId] }, changed);
  }
}

export class InstagramComments implements CommentReader {
  constructor(private readonly api: InstagramApi) {}

  async read({ commentId }: OneComment): Promise<CommentNow> {
    const found = await this.api.read(
      { what: 'reading a comment', path: [commentId], query: { fields: 'hidden,timestamp' } },
      commentNow,
    );
    const writtenAt = new Date(found.timestamp ?? Number.NaN);
    return {
      hidden: found.hidden ?? undefined,
      writtenAt: Number.isNaN(writtenAt.getTime()) ? undefined : writtenAt,
    };
  }
}
