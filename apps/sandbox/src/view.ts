import { bakeryAccount } from './bakery/account.js';
import { bakeryMedia } from './bakery/media.js';
import { permalinkOf, postedAt } from './graph.js';
import type { WorldEvent } from './world-events.js';
import type { GraphComment, TelegramMessage, World } from './world.js';

/** Telegram messages shown on the page; older ones stay in the journal. */
const shownMessages = 200;
/** Comments shown under a post, newest kept: enough for a demo, little enough for a phone after a load test. */
const shownComments = 200;

/** All that the page shows. */
export function stateOf(world: World): unknown {
  return {
    account: {
      id: bakeryAccount.id,
      username: bakeryAccount.username,
      name: bakeryAccount.name,
      avatarUrl: pictureOf(bakeryAccount.picture),
    },
    posts: bakeryMedia.map((media) => ({
      id: media.id,
      caption: media.caption,
      type: media.type,
      product: media.product,
      pictureUrl: pictureOf(media.picture),
      pictures: (media.children.length === 0 ? [media.picture] : media.children).map(pictureOf),
      permalink: permalinkOf(media),
      timestamp: postedAt(media),
      likes: media.likes,
      comments: world
        .commentsOf(media.id)
        .slice(-shownComments)
        .map((comment) => ({
          ...viewOf(comment, world),
          replies: world.repliesOf(comment.id).map((reply) => viewOf(reply, world)),
        })),
    })),
    telegram: world.messages.slice(-shownMessages).map(messageOf),
  };
}

export interface CommentView {
  readonly id: string;
  readonly username: string;
  readonly text: string;
  readonly timestamp: string;
  readonly hidden: boolean;
  readonly parentId: string | null;
  readonly own: boolean;
  readonly replies: readonly CommentView[];
}

function viewOf(comment: GraphComment, world: World): CommentView {
  return {
    id: comment.id,
    username: comment.username,
    text: comment.text,
    timestamp: comment.at,
    hidden: comment.hidden,
    parentId: comment.parentId ?? null,
    own: world.isOwn(comment),
    replies: [],
  };
}

function messageOf(message: TelegramMessage): Record<string, unknown> {
  const { messageId, chatId, threadId, at } = message;
  return { messageId, chatId, threadId: threadId ?? null, text: htmlOf(message), at };
}

/** The page renders Telegram HTML; a plain message becomes such by escaping. */
function htmlOf({ text, html }: Pick<TelegramMessage, 'text' | 'html'>): string {
  return html ? text : text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** What the page hears about a change of the world; undefined for changes that it does not show. */
export function pageEventOf(
  event: WorldEvent,
  world: World,
): { readonly name: string; readonly data: unknown } | undefined {
  switch (event.type) {
    case 'comment': {
      const comment = world.comment(event.comment.id);
      if (!comment) return undefined;
      const name = world.isOwn(comment) ? 'reply' : 'comment';
      return { name, data: { comment: viewOf(comment, world), postId: comment.mediaId } };
    }
    case 'hide':
      return {
        name: event.hidden ? 'hide' : 'unhide',
        data: { id: event.id, postId: world.comment(event.id)?.mediaId },
      };
    case 'delete':
      return { name: 'delete', data: { id: event.id } };
    case 'telegram':
      return { name: 'telegram', data: messageOf({ ...event.message, threadId: event.message.threadId }) };
    case 'telegram-edit': {
      const known = world.messages.find(({ messageId }) => messageId === event.messageId);
      return known && { name: 'telegram', data: { ...messageOf(known), edited: true } };
    }
    case 'private-message':
    case 'subscribe':
      return undefined;
  }
}

function pictureOf(picture: string): string {
  return `/page/pictures/${picture}`;
}
