import type { PublishedReply, ReplyPublisher } from '#domain/platforms/platform.js';
import { AppError } from '#domain/shared/errors.js';
import { CommentId, type AccountId } from '#domain/shared/ids.js';
import type { InstagramAccount } from './account.js';
import type { InstagramApi } from './instagram-api.js';
import { created, replyPage, type ListedReply } from './instagram-schemas.js';

// 50 pages of 50: a thread with more replies than that is looked at by a person.
const pageSize = 50;
const maxPages = 50;

export class InstagramReplies implements ReplyPublisher {
  constructor(
    private readonly api: InstagramApi,
    private readonly account: InstagramAccount,
  ) {}

  async publish({ commentId, text }: Parameters<ReplyPublisher['publish']>[0]): Promise<CommentId> {
    // `message` and nothing else: with `fields` Meta creates the reply and then answers an error (README, "Quirks").
    const reply = await this.api.publish(
      { what: 'publishing a reply', path: [commentId, 'replies'], form: { message: text } },
      created,
    );
    return CommentId.parse(reply.id);
  }

  async listOurs({
    accountId,
    topLevelId,
  }: Parameters<ReplyPublisher['listOurs']>[0]): Promise<readonly PublishedReply[]> {
    const username = await this.account.username();
    const replies = await this.#list(topLevelId);
    return replies.filter((reply) => isOurs(reply, accountId, username)).map(toPublished);
  }

  /**
   * Instagram trims a comment and drops trailing blanks of its lines. Runs of white space are folded too: two texts
   * that differ only there are the same reply.
   */
  asShown(text: string): string {
    return text.normalize('NFC').replaceAll(/\s+/gu, ' ').trim();
  }

  /** All of them, or an error: half a list would prove that a reply is missing when it is not. */
  async #list(topLevelId: CommentId): Promise<readonly ListedReply[]> {
    const found = new Map<string, ListedReply>();
    let after: string | undefined;
    for (let page = 0; page < maxPages; page += 1) {
      const { data, paging } = await this.api.read(
        {
          what: 'listing the replies of a comment',
          path: [topLevelId, 'replies'],
          query: { fields: 'id,text,timestamp,username,from', limit: String(pageSize), ...(after && { after }) },
        },
        replyPage,
      );
      const known = found.size;
      for (const reply of data) found.set(reply.id, reply);
      after = paging?.cursors?.after ?? cursorIn(paging?.next);
      // The last page has a cursor too, but no `next`. Compatible servers leave `next` out of every page: there a page
      // that is not full, or brings nothing new, is the last.
      const last = after === undefined || found.size === known || (!paging?.next && data.length < pageSize);
      if (last) return [...found.values()];
    }
    throw new AppError('unavailable', `the thread has more than ${maxPages * pageSize} replies`);
  }
}

function cursorIn(next: string | null | undefined): string | undefined {
  if (!next || !URL.canParse(next)) return undefined;
  return new URL(next).searchParams.get('after') ?? undefined;
}

function isOurs(reply: ListedReply, accountId: AccountId, username: string | undefined): boolean {
  if (reply.from?.id === accountId) return true;
  // Depending on the login, `from.id` is an id of another scope, or is missing: then the name decides.
  return username !== undefined && [reply.username, reply.from?.username].includes(username);
}

function toPublished({ id, text, timestamp }: ListedReply): PublishedReply {
  const at = new Date(timestamp ?? Number.NaN);
  // Without a readable time it counts as new: taking an old reply for ours is better than publishing a second one.
  return { id: CommentId.parse(id), text: text ?? '', at: Number.isNaN(at.getTime()) ? new Date() : at };
}
