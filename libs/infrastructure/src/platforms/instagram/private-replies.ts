import type { PublishedReply, ReplyPublisher } from '#domain/platforms/platform.js';
import { AppError } from '#domain/shared/errors.js';
import { PublishedId, type CommentId } from '#domain/shared/ids.js';
import type { InstagramAccount } from './account.js';
import type { InstagramApi } from './instagram-api.js';
import { conversations, messagePage, sentMessage, type ListedMessage } from './instagram-schemas.js';

const pageSize = 50;
/** Newest first: our message stands at the beginning, whatever was said in the years before. */
const maxPages = 10;

/**
 * A message to a comment's author, once per comment (developers.facebook.com/docs/instagram-platform/private-replies, and
 * …/instagram-api-with-instagram-login/conversations-api for looking whether it is there; read in November 2026).
 */
export class InstagramPrivateReplies implements ReplyPublisher {
  constructor(
    private readonly api: InstagramApi,
    private readonly account: InstagramAccount,
  ) {}

  async publish({ accountId, commentId, text }: Parameters<ReplyPublisher['publish']>[0]): Promise<CommentId> {
    const sent = await this.api.send(
      {
        what: 'sending a private reply',
        path: [accountId, 'messages'],
        json: { recipient: { comment_id: commentId }, message: { text } },
      },
      sentMessage,
    );
    return PublishedId.parse(sent.message_id);
  }

  async listOurs({
    accountId,
    authorId,
  }: Parameters<ReplyPublisher['listOurs']>[0]): Promise<readonly PublishedReply[]> {
    if (authorId === undefined) {
      throw new AppError('invalid', 'the comment does not say who wrote it: there is no conversation to look into');
    }
    const username = await this.account.username();
    const found = await this.api.read(
      {
        what: 'finding a conversation',
        path: ['me', 'conversations'],
        query: { platform: 'instagram', user_id: authorId },
      },
      conversations,
    );
    const [conversation] = found.data;
    if (!conversation) return [];
    const messages = await this.#list(conversation.id);
    return messages
      .filter(({ from }) => from?.id === accountId || (username !== undefined && from?.username === username))
      .map(toPublished);
  }

  /** As sent, but for white space at its ends. */
  asShown(text: string): string {
    return text.normalize('NFC').replaceAll(/\s+/gu, ' ').trim();
  }

  async #list(conversationId: string): Promise<readonly ListedMessage[]> {
    const found = new Map<string, ListedMessage>();
    let after: string | undefined;
    for (let page = 0; page < maxPages; page += 1) {
      const { data, paging } = await this.api.read(
        {
          what: 'listing the messages of a conversation',
          path: [conversationId, 'messages'],
          query: { fields: 'id,from,message,created_time', limit: String(pageSize), ...(after && { after }) },
        },
        messagePage,
      );
      const known = found.size;
      for (const message of data) found.set(message.id, message);
      after = paging?.next ? (paging.cursors?.after ?? undefined) : undefined;
      if (after === undefined || found.size === known) break;
    }
    return [...found.values()];
  }
}

function toPublished({ id, message, created_time: createdAt }: ListedMessage): PublishedReply {
  const at = new Date(createdAt ?? Number.NaN);
  // As for public replies: without a readable time it counts as new.
  return { id: PublishedId.parse(id), text: message ?? '', at: Number.isNaN(at.getTime()) ? new Date() : at };
}
