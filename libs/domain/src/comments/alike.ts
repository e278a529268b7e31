import { plainText } from '../shared/text.js';
import type { Comment } from './comment.js';
import type { CommentContext } from './comment-classifier.js';
import type { Verdict } from './verdict.js';

/** A verdict is taken over by equal comments for so long, in milliseconds (CL-4). */
export const verdictIsReusedForMs = 3_600_000;

/**
 * What decides how a comment is understood, but for who wrote it: the post as the model sees it, and the words without
 * differences of case, width and spaces. Equal for two comments: one verdict holds for both.
 * @returns undefined when the words alone do not say what is meant: in a thread, or under a post that is not known
 */
export function likenessOf({ comment, media, thread }: CommentContext): string | undefined {
  if (comment.mediaId === undefined || comment.parentId !== undefined || thread.length > 0) return undefined;
  const post = [
    comment.mediaId,
    media?.caption ?? null,
    media?.type ?? comment.mediaKind ?? null,
    media?.understanding ?? null,
  ];
  return JSON.stringify([comment.accountId, ...post, plainText(comment.text)]);
}

/** The verdict's reason is free text: one that speaks of its author is not shown with somebody else's comment. */
export function holdsForOthers(verdict: Verdict, { username }: Pick<Comment, 'username'>): boolean {
  return username === undefined || !plainText(verdict.reason).includes(plainText(username));
}

/** Whether two comments under one post are the same to whoever takes verdicts over. */
export function haveSameWords(one: string, other: string): boolean {
  return plainText(one) === plainText(other);
}
