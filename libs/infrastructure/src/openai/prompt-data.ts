import { createHash } from 'node:crypto';
import type { Comment } from '#domain/comments/comment.js';
import type { CommentContext } from '#domain/comments/comment-classifier.js';
import { cutText } from '#domain/shared/text.js';
import type { Spender } from './openai-api.js';

// The longest comment that the platform is known to let through. The comment itself is never what gets cut to save
// tokens; this only bounds what a stranger can make us pay.
const commentLimit = 10_000;
const captionLimit = 2_200; // Instagram's own limit
const threadLimit = 10;
const threadTextLimit = 500;

/** What every prompt shows of a comment: post, thread, comment, each cut to a bounded size. All of it is data. */
export function contextData({ comment, media, thread }: CommentContext): {
  readonly post: { readonly caption: string | null; readonly type: string | null };
  readonly thread: readonly { readonly by: string; readonly username: string | null; readonly text: string }[];
  readonly comment: { readonly username: string | null; readonly text: string };
} {
  return {
    post: {
      caption: media?.caption === undefined ? null : cutText(media.caption, captionLimit),
      type: media?.type ?? comment.mediaKind ?? null,
    },
    thread: thread.slice(-threadLimit).map(({ by, username, text }) => ({
      by,
      username: username ?? null,
      text: cutText(text, threadTextLimit),
    })),
    comment: { username: comment.username ?? null, text: cutText(comment.text, commentLimit) },
  };
}

/** Stands for the author at the vendor without telling who it is; the same author always gives the same one. */
export function safetyIdentifier(authorId: string | undefined): string | undefined {
  return authorId === undefined ? undefined : createHash('sha256').update(authorId).digest('hex');
}

/** What is asked about a comment is paid by its account and counted for its author. */
export function spenderOf({ id, accountId, authorId }: Comment): Spender {
  return { accountId, authorId, commentId: id };
}
