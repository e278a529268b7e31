import type { Account } from '../accounts/account.js';
import { postIsReadAgainAfterMs, type Media } from '../media/media.js';
import { MediaLibrary } from '../media/media-library.js';
import { Platforms } from '../platforms/platform.js';
import { Clock } from '../shared/clock.js';
import { kindOf } from '../shared/errors.js';
import type { MediaId } from '../shared/ids.js';
import type { Comment } from './comment.js';
import type { CommentContext } from './comment-classifier.js';
import { Comments } from './comments.js';

/** Enough of a thread for "and shipping?" to make sense; older turns cost tokens and change nothing. */
const threadEntries = 12;

/** What a comment stands in, for whoever has to understand or to answer it: brand, post and thread. */
export class CommentContexts {
  constructor(
    private readonly comments: Comments,
    private readonly library: MediaLibrary,
    private readonly platforms: Platforms,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError 'unavailable' when our own database cannot be asked; what the platform does not tell is left out */
  async of(comment: Comment, account: Account): Promise<CommentContext> {
    const media = await this.mediaOf(comment, account);
    const thread = await this.comments.threadBefore(comment, threadEntries);
    return { comment, media, thread, brand: { username: account.username } };
  }

  /** The post helps to understand but is not worth losing a comment over: without it we go on. */
  private async mediaOf(comment: Comment, account: Account): Promise<Media | undefined> {
    if (comment.mediaId === undefined) return undefined;
    const known = await this.library.find(comment.mediaId);
    if (!known) return await this.read(comment.mediaId, account);
    // Nobody waits for what is nearly always the same: the next comment has it.
    if (this.isOld(known)) void this.read(comment.mediaId, account).catch(() => undefined);
    return known;
  }

  private isOld({ readAt }: Media): boolean {
    return readAt !== undefined && this.clock.now().getTime() - readAt.getTime() > postIsReadAgainAfterMs;
  }

  private async read(mediaId: MediaId, account: Account): Promise<Media | undefined> {
    try {
      const media = await this.platforms.get(account.platform).media.read({ accountId: account.id, mediaId });
      await this.library.remember(media);
      return media;
    } catch (error) {
      if (kindOf(error) === 'bug') throw error;
      return undefined;
    }
  }
}
