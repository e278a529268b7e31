import { bakeryAccount } from './bakery/account.js';
import { bakeryMedia, type BakeryMedia } from './bakery/media.js';
import { badParameter, graphError, missingObject } from './graph-errors.js';
import { parseFields, project, type Node, type WantedField } from './graph-fields.js';
import { pageOf } from './graph-pages.js';
import { newInstagramId } from './ids.js';
import { isListedYet, type Lag } from './lag.js';
import type { VendorAnswer } from './vendor-desk.js';
import type { GraphComment, World } from './world.js';

export type GraphParameters = Readonly<Record<string, string>>;

/** Instagram counts characters here; no page of Meta's documents the figure for replies, the caption's is used. */
const longestReply = 2200;

/** What graph.instagram.com does with comments, media and the account, refusals included. */
export class Graph {
  constructor(
    private readonly world: World,
    /** Hears about a reply that has just been published, for the echo. */
    private readonly published: (reply: GraphComment) => void,
  ) {}

  me(parameters: GraphParameters): VendorAnswer {
    const node: Node = {
      // The two ids differ, and only user_id is the one webhooks speak about.
      id: () => bakeryAccount.appScopedId,
      user_id: () => bakeryAccount.id,
      username: () => bakeryAccount.username,
      name: () => bakeryAccount.name,
      account_type: () => 'BUSINESS',
      media_count: () => bakeryMedia.length,
    };
    return this.#node(node, parameters['fields'] ?? 'id', 'User');
  }

  readComment(id: string, parameters: GraphParameters): VendorAnswer {
    const comment = this.world.comment(id);
    if (!comment) return missingObject('GET', id);
    return this.#node(this.#commentNode(comment), parameters['fields'] ?? 'timestamp,text,id', 'IGComment');
  }

  readMedia(id: string, parameters: GraphParameters, url: string): VendorAnswer {
    const media = bakeryMedia.find((candidate) => candidate.id === id);
    if (!media) return missingObject('GET', id);
    return this.#node(this.#mediaNode(media, url), parameters['fields'] ?? 'id', 'IGMedia');
  }

  /** @param lag how long the list does not show yet what the account published */
  listReplies(id: string, parameters: GraphParameters, url: string, lag?: Lag): VendorAnswer {
    // Listing the replies of a deleted comment is an error, not an empty list.
    if (!this.world.comment(id)) return missingObject('GET', id);
    const seen = this.world.repliesOf(id).filter((reply) => !this.world.isOwn(reply) || isListedYet(reply, lag));
    return this.#list(seen, parameters, url);
  }

  listComments(mediaId: string, parameters: GraphParameters, url: string): VendorAnswer {
    if (!this.world.hasMedia(mediaId)) return missingObject('GET', mediaId);
    // Comments of a live broadcast do not stand under posts.
    const comments = this.world.commentsOf(mediaId).filter(({ live }) => !live);
    const newestFirst = comments.toReversed().toSorted((one, other) => other.at.localeCompare(one.at));
    return this.#list(newestFirst, parameters, url);
  }

  listMedia(parameters: GraphParameters, url: string): VendorAnswer {
    const newestFirst = bakeryMedia.toSorted((one, other) => one.daysAgo - other.daysAgo);
    return pageAnswer(newestFirst, (media) => this.#mediaNode(media, url), 'IGMedia', parameters, url);
  }

  reply(id: string, parameters: GraphParameters): VendorAnswer {
    const target = this.world.comment(id);
    if (!target) return missingObject('POST', id);
    const text = (parameters['message'] ?? '').trim();
    if (text === '') return badParameter('The parameter message is required.');
    if ([...text].length > longestReply) return badParameter('Param message must be at most 2200 characters long.');
    if (target.live) return badParameter('Comments on live video cannot be replied to.');
    const top = target.parentId === undefined ? target : this.world.comment(target.parentId);
    if (target.hidden || top?.hidden) return badParameter('Hidden comments cannot be replied to.');

    const reply = this.#publish(target, text);
    if (parameters['fields'] !== undefined) {
      // The comment exists by now, and the answer is an error all the same (seen at Meta in 2026).
      return graphError(400, {
        message: 'Fields are not supported for this request.',
        code: 20,
        subcode: 1_772_107,
      });
    }
    return { status: 200, body: { id: reply.id } };
  }

  hide(id: string, hidden: boolean): VendorAnswer {
    const comment = this.world.comment(id);
    if (!comment) return missingObject('POST', id);
    // The owner's own comments are accepted here and stay visible.
    if (!this.world.isOwn(comment) && comment.hidden !== hidden) this.world.apply({ type: 'hide', id, hidden });
    return { status: 200, body: { success: true } };
  }

  remove(id: string): VendorAnswer {
    if (!this.world.comment(id)) return missingObject('DELETE', id);
    this.world.apply({ type: 'delete', id });
    return { status: 200, body: { success: true } };
  }

  subscriptions(): VendorAnswer {
    const fields = this.world.subscribedFields;
    const data =
      fields.length === 0 ? [] : [{ id: '990000000000021', name: 'InstaChatico', subscribed_fields: fields }];
    return { status: 200, body: { data } };
  }

  subscribe(fields: readonly string[]): VendorAnswer {
    this.world.apply({ type: 'subscribe', fields: [...fields] });
    return { status: 200, body: { success: true } };
  }

  #publish(target: GraphComment, text: string): GraphComment {
    const reply: GraphComment = {
      id: newInstagramId(),
      mediaId: target.mediaId,
      // A reply to a reply lands in the thread of the top-level comment.
      parentId: target.parentId ?? target.id,
      authorId: bakeryAccount.id,
      username: bakeryAccount.username,
      text,
      at: new Date().toISOString(),
      live: false,
      hidden: false,
    };
    this.world.apply({ type: 'comment', comment: reply });
    this.published(reply);
    return reply;
  }

  #node(node: Node, fields: string, type: string): VendorAnswer {
    const wanted = parseFields(fields);
    if (wanted === undefined) return graphError(400, { message: 'Syntax error in the fields parameter', code: 2500 });
    const result = project(node, wanted);
    if (result.kind === 'node') return { status: 200, body: result.value };
    return badParameter(`Tried accessing nonexisting field (${result.name}) on node type (${type})`);
  }

  #list(comments: readonly GraphComment[], parameters: GraphParameters, url: string): VendorAnswer {
    return pageAnswer(comments, (comment) => this.#commentNode(comment), 'IGComment', parameters, url);
  }

  #mediaNode(media: BakeryMedia, url: string): Node {
    const comments = this.world.commentsOf(media.id).filter(({ live }) => !live);
    const replies = comments.reduce((sum, { id }) => sum + this.world.repliesOf(id).length, 0);
    return { ...mediaNode(media, url), comments_count: () => comments.length + replies };
  }

  #commentNode(comment: GraphComment): Node {
    const replies = (fields: readonly WantedField[]): unknown => {
      const wanted = fields.length === 0 ? [...plainFields] : fields;
      const page = pageOf(this.world.repliesOf(comment.id), undefined, undefined);
      if (page?.after === undefined) return undefined;
      const data = page.items.map((reply) => {
        const result = project(this.#commentNode(reply), wanted);
        return result.kind === 'node' ? result.value : { id: reply.id };
      });
      // Like every list: only its first page, and where the others are.
      if (!page.hasNext) return { data };
      const next = `https://graph.instagram.com/v26.0/${comment.id}/replies?after=${page.after}`;
      return { data, paging: { cursors: { before: page.before, after: page.after }, next } };
    };
    return {
      id: () => comment.id,
      text: () => comment.text,
      // Meta writes +0000, not Z.
      timestamp: () => comment.at.replace(/\.\d+Z$/, '+0000'),
      from: () => ({ id: comment.authorId, username: comment.username }),
      username: () => comment.username,
      parent_id: () => comment.parentId,
      hidden: () => comment.hidden,
      like_count: () => 0,
      media: () => ({ id: comment.mediaId }),
      replies,
    };
  }
}

function pageAnswer<T extends { readonly id: string }>(
  list: readonly T[],
  nodeOf: (item: T) => Node,
  type: string,
  parameters: GraphParameters,
  url: string,
): VendorAnswer {
  const wanted = parseFields(parameters['fields'] ?? (type === 'IGMedia' ? 'id' : 'timestamp,text,id'));
  if (wanted === undefined) return graphError(400, { message: 'Syntax error in the fields parameter', code: 2500 });
  const page = pageOf(list, parameters['limit'], parameters['after']);
  if (page === undefined) return badParameter('Invalid limit or cursor');
  const data: unknown[] = [];
  for (const item of page.items) {
    const result = project(nodeOf(item), wanted);
    if (result.kind !== 'node') {
      return badParameter(`Tried accessing nonexisting field (${result.name}) on node type (${type})`);
    }
    data.push(result.value);
  }
  if (page.after === undefined) return { status: 200, body: { data } };
  const cursors = { before: page.before, after: page.after };
  const next = page.hasNext ? { next: nextUrl(url, page.after) } : {};
  return { status: 200, body: { data, paging: { cursors, ...next } } };
}

const plainFields: readonly WantedField[] = ['timestamp', 'text', 'id'].map((name) => ({ name, fields: [] }));

function mediaNode(media: BakeryMedia, url: string): Node {
  return {
    id: () => media.id,
    caption: () => media.caption,
    media_type: () => media.type,
    media_product_type: () => media.product,
    // Of a carousel its children have one; of a reel it is the video.
    media_url: () => (media.type === 'VIDEO' ? undefined : pictureUrl(media.picture, url)),
    thumbnail_url: () => (media.type === 'VIDEO' ? pictureUrl(media.picture, url) : undefined),
    permalink: () => permalinkOf(media),
    timestamp: () => postedAt(media).replace(/\.\d+Z$/, '+0000'),
    username: () => bakeryAccount.username,
    like_count: () => media.likes,
    children: () =>
      media.children.length === 0
        ? undefined
        : {
            data: media.children.map((picture, index) => ({
              id: `${media.id}${index + 1}`,
              media_type: 'IMAGE',
              media_url: pictureUrl(picture, url),
            })),
          },
  };
}

export function postedAt(media: BakeryMedia): string {
  const morning = new Date(Date.now() - media.daysAgo * 86_400_000);
  morning.setUTCHours(6, 30, 0, 0);
  return morning.toISOString();
}

export function permalinkOf(media: BakeryMedia): string {
  return `https://www.instagram.com/${media.product === 'REELS' ? 'reel' : 'p'}/${media.shortcode}/`;
}

/** Instagram's picture addresses are its CDN's; the sandbox plays that, too. @param url of the call that asks */
function pictureUrl(picture: string, url: string): string {
  return new URL(`/cdn/${picture.replace(/\.svg$/, '.png')}`, url).toString();
}

function nextUrl(url: string, after: string): string {
  const next = new URL(url);
  next.searchParams.set('after', after);
  return next.toString();
}
