import { bakeryAccount } from './bakery/account.js';
import { bakeryMedia } from './bakery/media.js';
import type { WorldEvent } from './world-events.js';

export interface GraphComment {
  readonly id: string;
  readonly mediaId: string;
  /** The top-level comment; Instagram has no deeper threads. */
  readonly parentId: string | undefined;
  readonly authorId: string;
  readonly username: string;
  readonly text: string;
  /** ISO 8601. */
  readonly at: string;
  readonly live: boolean;
  readonly hidden: boolean;
}

export interface CommentOutcome {
  readonly id: string;
  readonly hidden: boolean;
  /** The account's own replies under it. */
  readonly replies: number;
}

/** A message from the account to a customer, in answer to a comment. */
export interface PrivateMessage {
  readonly id: string;
  readonly commentId: string;
  readonly recipientId: string;
  readonly text: string;
  readonly at: string;
}

export interface TelegramMessage {
  readonly messageId: number;
  readonly chatId: string;
  readonly threadId: number | undefined;
  /** Telegram HTML when `html`, plain text otherwise. */
  readonly text: string;
  readonly html: boolean;
  readonly at: string;
}

/**
 * Everything that exists at the vendors. It changes through `apply` alone, so that replaying the events of an earlier
 * run leads to the same world.
 */
export class World {
  readonly #comments = new Map<string, GraphComment>();
  readonly #replies = new Map<string, string[]>();
  readonly #byMedia = new Map<string, string[]>();
  readonly #messages: TelegramMessage[] = [];
  readonly #privateMessages: PrivateMessage[] = [];
  #lastMessageId = 0;
  #subscribedFields: readonly string[] = ['comments', 'live_comments'];
  readonly #listeners = new Set<(event: WorldEvent) => void>();

  get subscribedFields(): readonly string[] {
    return this.#subscribedFields;
  }

  get messages(): readonly TelegramMessage[] {
    return this.#messages;
  }

  /** Newest first. */
  privateMessagesTo(recipientId: string): readonly PrivateMessage[] {
    return this.#privateMessages.filter((message) => message.recipientId === recipientId).toReversed();
  }

  hasPrivateReply(commentId: string): boolean {
    return this.#privateMessages.some((message) => message.commentId === commentId);
  }

  comment(id: string): GraphComment | undefined {
    return this.#comments.get(id);
  }

  /** Oldest first. */
  repliesOf(topLevelId: string): readonly GraphComment[] {
    return this.#read(this.#replies.get(topLevelId));
  }

  /** Top-level comments, oldest first. */
  commentsOf(mediaId: string): readonly GraphComment[] {
    return this.#read(this.#byMedia.get(mediaId));
  }

  isOwn(comment: GraphComment): boolean {
    return comment.authorId === bakeryAccount.id;
  }

  /** What became of every customer's top-level comment, as anybody could see it; for tests with many of them. */
  outcomes(): readonly CommentOutcome[] {
    return [...this.#comments.values()]
      .filter((comment) => comment.parentId === undefined && !this.isOwn(comment))
      .map(({ id, hidden }) => ({
        id,
        hidden,
        replies: this.repliesOf(id).filter((reply) => this.isOwn(reply)).length,
      }));
  }

  hasMedia(id: string): boolean {
    return bakeryMedia.some((media) => media.id === id);
  }

  nextMessageId(): number {
    return this.#lastMessageId + 1;
  }

  /** Calls back after each change; @returns how to stop that */
  watch(listener: (event: WorldEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  apply(event: WorldEvent): void {
    this.#change(event);
    for (const listener of this.#listeners) listener(event);
  }

  #change(event: WorldEvent): void {
    switch (event.type) {
      case 'comment':
        this.#add({ ...event.comment, parentId: event.comment.parentId, hidden: false });
        return;
      case 'hide': {
        const known = this.#comments.get(event.id);
        if (known) this.#comments.set(event.id, { ...known, hidden: event.hidden });
        return;
      }
      case 'delete':
        this.#remove(event.id);
        return;
      case 'telegram':
        this.#messages.push({ ...event.message, threadId: event.message.threadId });
        this.#lastMessageId = Math.max(this.#lastMessageId, event.message.messageId);
        return;
      case 'telegram-edit': {
        const index = this.#messages.findIndex(({ messageId }) => messageId === event.messageId);
        const known = this.#messages[index];
        if (known) this.#messages[index] = { ...known, text: event.text, html: event.html };
        return;
      }
      case 'private-message':
        this.#privateMessages.push(event.message);
        return;
      case 'subscribe':
        this.#subscribedFields = event.fields;
    }
  }

  #add(comment: GraphComment): void {
    if (this.#comments.has(comment.id)) return;
    this.#comments.set(comment.id, comment);
    const lists = comment.parentId === undefined ? this.#byMedia : this.#replies;
    const key = comment.parentId ?? comment.mediaId;
    const list = lists.get(key);
    if (list) list.push(comment.id);
    else lists.set(key, [comment.id]);
  }

  #remove(id: string): void {
    const known = this.#comments.get(id);
    if (!known) return;
    this.#comments.delete(id);
    for (const reply of this.#replies.get(id) ?? []) this.#comments.delete(reply);
    this.#replies.delete(id);
    const lists = known.parentId === undefined ? this.#byMedia : this.#replies;
    const key = known.parentId ?? known.mediaId;
    lists.set(
      key,
      (lists.get(key) ?? []).filter((other) => other !== id),
    );
  }

  #read(ids: readonly string[] | undefined): readonly GraphComment[] {
    return (ids ?? []).map((id) => this.#comments.get(id)).filter((comment) => comment !== undefined);
  }
}
