import type { Comment } from '../comments/comment.js';
import { topLevelOf } from '../comments/comment.js';
import { Comments } from '../comments/comments.js';
import { AppError } from '../shared/errors.js';
import { Allowances, limitRules, type LimitName, type Use } from '../work/allowances.js';
import type { Reply } from './reply.js';

/** How much may be said, over all workers together. */
export abstract class ReplyLimits {
  /** Public replies of one account in any hour. */
  abstract readonly perHour: number;
  /** Replies to one author in any ten minutes. */
  abstract readonly perAuthor: number;
  /** Replies in one thread in any day. */
  abstract readonly perThread: number;
}

/** Whoever was held up for longer may find somebody else's use in the place of its own. */
const givenBackWithinMs = 60_000;

type Facts = Pick<Comment, 'id' | 'parentId' | 'accountId' | 'authorId' | 'username'>;

/** A reply that is about to be sent. `again`: for the second time. */
export type Sent = Pick<Reply, 'commentId' | 'channel' | 'intent'> & { readonly again?: boolean };

/** The limit of what the bot says in a thread by itself: what is over it waits for a person, and not for its time. */
export const botCap = 'bot-replies-in-thread';

/** What a reply to this comment uses. A private one answers one comment once: the platform's own figure is enough. */
export function usesOfReply(
  comment: Facts,
  limits: ReplyLimits,
  { channel, intent, again }: Omit<Sent, 'commentId'>,
): readonly Use[] {
  const { accountId } = comment;
  const thread = `${accountId} ${topLevelOf(comment)}`;
  const ofPrivate = 'private-replies-of-account';
  if (channel === 'private') return [once(ofPrivate, accountId, limitRules[ofPrivate].usually)];
  const author = comment.authorId ?? comment.username;
  return [
    once('replies-of-account', accountId, limits.perHour),
    // The account belongs to both names: ids of different platforms may be the same.
    once('replies-in-thread', thread, limits.perThread),
    // A second try is the same reply.
    ...(intent === 'auto' && again !== true ? [once(botCap, thread, limitRules[botCap].usually)] : []),
    ...(author === undefined ? [] : [once('replies-to-author', `${accountId} ${author}`, limits.perAuthor)]),
  ];
}

function once(limit: LimitName, of: string, most: number): Use {
  return { limit, of, amount: 1, most };
}

/** Asked right before a reply is published. */
export class ReplyAllowance {
  constructor(
    private readonly comments: Comments,
    private readonly allowances: Allowances,
    private readonly limits: ReplyLimits,
  ) {}

  /**
   * Nothing was published: a platform that is away for an hour does not use up what may be said in a day. Does not throw:
   * what cannot be given back counts until its window is over.
   */
  async giveBack(reply: Sent, takenWithinMs: number): Promise<void> {
    if (takenWithinMs > givenBackWithinMs) return;
    try {
      const comment = await this.comments.find(reply.commentId);
      if (comment) await this.allowances.giveBack(usesOfReply(comment, this.limits, reply), takenWithinMs);
    } catch {
      // The reply's own state is worth more than the book.
    }
  }

  /** @returns why it is not yet this reply's turn, with the time to wait; undefined when it may be published now */
  async take(reply: Sent): Promise<AppError | undefined> {
    const comment = await this.comments.find(reply.commentId);
    if (!comment) return undefined; // nothing to count by; the platform will say that there is nothing to answer
    const taken = await this.allowances.take(usesOfReply(comment, this.limits, reply));
    if (taken.kind === 'granted') return undefined;
    return new AppError('rate-limited', `the limit ${taken.limit} is reached`, {
      retryAfterMs: taken.ms,
      detail: { limit: taken.limit },
    });
  }
}
