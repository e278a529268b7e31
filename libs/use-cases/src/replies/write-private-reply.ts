import { Accounts } from '#domain/accounts/accounts.js';
import { Comments } from '#domain/comments/comments.js';
import type { Comment } from '#domain/comments/comment.js';
import { jobFor } from '#domain/jobs/job-catalog.js';
import { JobQueue } from '#domain/jobs/job-queue.js';
import { Platforms } from '#domain/platforms/platform.js';
import { Takeovers } from '#domain/policies/takeovers.js';
import { PrivateReplies, privateReplyRules, type WrittenReply } from '#domain/replies/private-replies.js';
import { Clock } from '#domain/shared/clock.js';
import { AppError } from '#domain/shared/errors.js';
import type { CommentId } from '#domain/shared/ids.js';
import { storableText } from '#domain/shared/text.js';

/** A person answers a comment in a message to its author: once, within the days that the platform allows. */
export class WritePrivateReply {
  constructor(
    private readonly comments: Comments,
    private readonly accounts: Accounts,
    private readonly platforms: Platforms,
    private readonly privateReplies: PrivateReplies,
    private readonly takeovers: Takeovers,
    private readonly clock: Clock,
    private readonly jobs: JobQueue,
  ) {}

  /** @throws AppError 'not-found' | 'invalid' | 'conflict' when another text was sent already */
  async execute(commentId: CommentId, given: string): Promise<WrittenReply> {
    const text = storableText(given).trim();
    if (text === '') throw new AppError('invalid', 'The private reply has no text.');
    const bytes = new TextEncoder().encode(text).byteLength;
    if (bytes > privateReplyRules.bytes) {
      throw new AppError('invalid', `The text has ${bytes} bytes; a message may have ${privateReplyRules.bytes}.`);
    }
    const comment = await this.comments.find(commentId);
    if (!comment) throw new AppError('not-found', 'There is no comment with this id.');
    await this.refuseImpossible(comment);

    // A person acts here: from now on the bot does not.
    await this.takeovers.takeThread(commentId);
    const reply = await this.privateReplies.write(commentId, text);
    if (reply.text !== text) {
      throw new AppError('conflict', 'Another private reply was written for this comment; there can be only one.');
    }
    const job = jobFor({ kind: 'reply', id: reply.id }, reply.state);
    if (job) await this.jobs.ring([job]);
    return reply;
  }

  private async refuseImpossible(comment: Comment): Promise<void> {
    if (comment.outcome === 'own') throw new AppError('invalid', 'This is a comment of our own.');
    const { platform } = await this.accounts.get(comment.accountId);
    if (!this.platforms.get(platform).privateReplies) {
      throw new AppError('invalid', 'This platform knows no private replies.');
    }
    // When it was written is asked of the platform before sending; it was not written after it arrived here.
    if (this.clock.now().getTime() - comment.receivedAt.getTime() > privateReplyRules.withinMs) {
      throw new AppError('invalid', 'The comment is older than seven days: no private reply is possible any more.');
    }
  }
}
