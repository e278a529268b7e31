import type { CommentModeration } from '#domain/platforms/platform.js';
import type { InstagramApi } from './instagram-api.js';
import { changed } from './instagram-schemas.js';

export class InstagramModeration implements CommentModeration {
  constructor(private readonly api: InstagramApi) {}

  async hide({ commentId }: Parameters<CommentModeration['hide']>[0]): Promise<void> {
    await this.api.change({ what: 'hiding a comment', path: [commentId], query: { hide: 'true' } }, changed);
  }
}
