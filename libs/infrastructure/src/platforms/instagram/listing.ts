import type { IncomingComment } from '#domain/comments/comment.js';
import type { QuarantinedItem } from '#domain/comments/intake.js';
import type { CommentListing, CommentPage, ListedMedia } from '#domain/platforms/platform.js';
import { MediaId, CommentId, type AccountId } from '#domain/shared/ids.js';
import { storableText } from '#domain/shared/text.js';
import type { InstagramApi } from './instagram-api.js';
import { listedComment, listedMedia, listPage, type ListedCommentValue, type ListPage } from './listing-schemas.js';

/** What Graph gives per page of comments at most (…/reference/ig-media/comments, November 2026). */
const pageSize = 50;
/** Replies of one comment beyond this many pages are left to the next webhook: nobody reads such a thread whole. */
const maxReplyPages = 20;
const replyFields = 'id,text,timestamp,username,from';
const commentFields = `${replyFields},replies.limit(${pageSize}){${replyFields}}`;

export class InstagramListing implements CommentListing {
  constructor(private readonly api: InstagramApi) {}

  async recentMedia({ since, limit }: Parameters<CommentListing['recentMedia']>[0]): Promise<readonly ListedMedia[]> {
    const fields = 'id,timestamp,comments_count,media_product_type';
    const query = { fields, limit: String(limit) };
    const { data } = await this.api.read({ what: 'listing posts', path: ['me', 'media'], query }, listPage);
    return data
      .flatMap((item) => listedMedia.safeParse(item).data ?? [])
      .map(({ id, media_product_type: kind, timestamp, comments_count: comments }) => ({
        id: MediaId.parse(id),
        kind: kind ?? undefined,
        postedAt: timeOf(timestamp),
        comments: comments ?? 0,
      }))
      .filter(({ postedAt }) => postedAt === undefined || postedAt >= since);
  }

  async page({ accountId, media, after }: Parameters<CommentListing['page']>[0]): Promise<CommentPage> {
    const page = await this.#read('listing the comments of a post', [media.id, 'comments'], commentFields, after);
    const reader = new PageReader(accountId, media);
    const answers: unknown[] = [page];
    for (const [index, item] of page.data.entries()) {
      const top = reader.read(item, `[0].data[${index}]`, undefined);
      if (!top) continue;
      let replies: ListPage | undefined = top.replies ?? undefined;
      for (let read = 0; replies && read < maxReplyPages; read += 1) {
        for (const [place, reply] of replies.data.entries()) {
          reader.read(reply, `[${answers.length - 1}].data[${index}].replies[${place}]`, CommentId.parse(top.id));
        }
        const next = nextOf(replies);
        if (next === undefined) break;
        replies = await this.#read('listing the replies of a comment', [top.id, 'replies'], replyFields, next);
        answers.push(replies);
      }
    }
    const body = new TextEncoder().encode(JSON.stringify(answers));
    return { body, ...reader.result(), next: nextOf(page) };
  }

  async #read(what: string, path: string[], fields: string, after: string | undefined): Promise<ListPage> {
    const query = { fields, limit: String(pageSize), ...(after !== undefined && { after }) };
    return await this.api.read({ what, path, query }, listPage);
  }
}

/** Item by item, as with webhooks: one that cannot be read costs only itself. */
class PageReader {
  readonly #comments: IncomingComment[] = [];
  readonly #quarantined: QuarantinedItem[] = [];
  #reachesBackTo: Date | undefined;

  constructor(
    private readonly accountId: AccountId,
    private readonly media: ListedMedia,
  ) {}

  read(item: unknown, path: string, parentId: CommentId | undefined): ListedCommentValue | undefined {
    const parsed = listedComment.safeParse(item);
    if (!parsed.success) {
      this.#quarantined.push({ path, reason: parsed.error.issues[0]?.message ?? 'wrong shape' });
      return undefined;
    }
    const { id, text, timestamp, username, from } = parsed.data;
    const writtenAt = timeOf(timestamp);
    if (parentId === undefined && writtenAt) this.#reachesBackTo = earlier(this.#reachesBackTo, writtenAt);
    this.#comments.push({
      id: CommentId.parse(id),
      accountId: this.accountId,
      mediaId: this.media.id,
      parentId,
      authorId: from?.id ?? undefined,
      username: storable(from?.username ?? username),
      text: storableText(text ?? ''),
      mediaKind: this.media.kind,
      adId: undefined,
      writtenAt,
    });
    return parsed.data;
  }

  result(): Pick<CommentPage, 'comments' | 'quarantined' | 'reachesBackTo'> {
    return { comments: this.#comments, quarantined: this.#quarantined, reachesBackTo: this.#reachesBackTo };
  }
}

/** The last page has a cursor, too, but no `next`. */
function nextOf({ paging }: ListPage): string | undefined {
  const next = paging?.next;
  if (typeof next !== 'string' || next === '') return undefined;
  const inAddress = URL.canParse(next) ? new URL(next).searchParams.get('after') : null;
  return paging?.cursors?.after ?? inAddress ?? undefined;
}

function timeOf(timestamp: string | null | undefined): Date | undefined {
  const time = new Date(timestamp ?? Number.NaN);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

function earlier(one: Date | undefined, other: Date): Date {
  return one !== undefined && one < other ? one : other;
}

function storable(text: string | null | undefined): string | undefined {
  return typeof text === 'string' ? storableText(text) : undefined;
}
