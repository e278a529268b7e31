import { Accounts } from '#domain/accounts/accounts.js';
import type { Comment } from '#domain/comments/comment.js';
import { MediaLibrary } from '#domain/media/media-library.js';
import type { Media } from '#domain/media/media.js';
import { Answering, type Answer } from '#domain/replies/answering.js';
import { Clock } from '#domain/shared/clock.js';
import { AppError } from '#domain/shared/errors.js';
import { CommentId, type AccountId, type MediaId } from '#domain/shared/ids.js';

export interface Question {
  /** May be left out while exactly one account is connected. */
  readonly accountId: AccountId | undefined;
  /** The post under which it would stand. */
  readonly postId: MediaId | undefined;
  readonly text: string;
}

export interface Asked {
  readonly accountId: AccountId;
  readonly answer: Answer;
}

/** The way of a customer's question, without a comment: nothing is published, and nothing kept but what it cost. */
export class AskQuestion {
  constructor(
    private readonly accounts: Accounts,
    private readonly library: MediaLibrary,
    private readonly answering: Answering,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError 'conflict' when the account is not clear, 'not-found' for an unknown account or post, and as Answering.answer */
  async execute({ accountId, postId, text }: Question): Promise<Asked> {
    const account = accountId === undefined ? await this.onlyAccount() : await this.accounts.get(accountId);
    const media = postId === undefined ? undefined : await this.postOf(account.id, postId);
    const comment = this.questionTo(account.id, media, text);
    const answer = await this.answering.answer({ comment, media, thread: [], brand: { username: account.username } });
    return { accountId: account.id, answer };
  }

  private async onlyAccount(): ReturnType<Accounts['get']> {
    const [account, another] = await this.accounts.all();
    if (!account)
      throw new AppError('conflict', 'No account is connected yet. The worker connects it at start; try again.');
    if (another) throw new AppError('conflict', 'Several accounts are connected: say which one with accountId.');
    return account;
  }

  private async postOf(accountId: AccountId, postId: MediaId): Promise<Media> {
    const media = await this.library.find(postId);
    if (media?.accountId !== accountId) throw new AppError('not-found', `no post ${postId} of this account is known`);
    return media;
  }

  /** As a customer would have asked it. Its id belongs to no comment: it names the call to the model in its book. */
  private questionTo(accountId: AccountId, media: Media | undefined, text: string): Comment {
    const now = this.clock.now();
    return {
      id: CommentId.parse(`question-${now.getTime()}-${Math.floor(this.clock.random() * 1_000_000)}`),
      accountId,
      mediaId: media?.id,
      parentId: undefined,
      authorId: undefined,
      username: undefined,
      text,
      mediaKind: undefined,
      adId: undefined,
      stage: 'acting',
      receivedAt: now,
      verdict: { class: 'question', confidence: 100, reason: '', language: '', model: '', promptVersion: '' },
      hidden: false,
      outcome: undefined,
    };
  }
}
