import type { Account } from '#domain/accounts/account.js';
import type { Comment } from '#domain/comments/comment.js';
import { AccountId, CommentId, PlatformId } from '#domain/shared/ids.js';

/** An account and a question to it, for tests in which it does not matter which. */
export const oneAccount: Account = {
  id: AccountId.parse('9'),
  platform: PlatformId.parse('anywhere'),
  username: 'brand',
};

export const oneComment: Comment = {
  id: CommentId.parse('1'),
  accountId: oneAccount.id,
  mediaId: undefined,
  parentId: undefined,
  authorId: 'a',
  username: 'anna',
  text: 'How much is the honey cake?',
  mediaKind: undefined,
  adId: undefined,
  stage: 'acting',
  receivedAt: new Date(),
  verdict: undefined,
  hidden: false,
  outcome: undefined,
};
