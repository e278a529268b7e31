import { createHash } from 'node:crypto';
import type { Comment, ThreadEntry } from '#domain/comments/comment.js';
import type { CommentContext } from '#domain/comments/comment-classifier.js';
import { cutToTokens, tokensOf } from '#domain/shared/tokens.js';
import type { Spender } from './model-request.js';

/** What the surroundings of a comment may take, in tokens (CL-2). The comment has no figure: it is shown whole. */
export const contextBudget = {
  brand: 40,
  /** Thread, caption and pictures share what a comment leaves of this, but always have `atLeast`. */
  together: 6_000,
  atLeast: 1_000,
  thread: 1_800,
  turn: 400,
  // Instagram's longest caption, 2,200 letters, takes 1,320 in Russian.
  caption: 1_400,
  pictures: 1_000,
} as const;

/**
 * The longest comment that the platform is known to let through. Whatever is longer was not written in its app; the
 * rest of it is not shown, and the data say so.
 */
export const longestComment = 10_000;

interface ShownTurn {
  readonly by: ThreadEntry['by'];
  readonly username: string | null;
  readonly text: string;
}

/** From what changes least to what changes always: equal beginnings are cached by the vendor. */
export interface ContextData {
  readonly brand: { readonly username: string };
  readonly post: { readonly type: string | null; readonly caption: string | null; readonly pictures: string | null };
  readonly thread: readonly ShownTurn[];
  readonly comment: { readonly username: string | null; readonly text: string; readonly cut?: true };
}

/**
 * What every prompt shows of a comment and where it stands. All of it is data, and stands in one JSON object that no
 * text in it can leave. Where there is too much, first the pictures, then the caption are cut and the oldest turns of
 * the thread left out; of the newest turn the beginning stays.
 */
export function contextData({ brand, comment, media, thread }: CommentContext): ContextData {
  const shown = commentData(comment.text);
  let left = Math.max(contextBudget.atLeast, contextBudget.together - tokensOf(shown.text));
  const take = (text: string | undefined, most: number): string | null => {
    if (text === undefined) return null;
    const kept = cutToTokens(text, Math.min(most, left));
    left -= tokensOf(kept);
    return kept;
  };
  const turns = newestTurns(thread, Math.min(contextBudget.thread, left));
  left -= turns.reduce((sum, { text }) => sum + tokensOf(text), 0);
  const caption = take(media?.caption, contextBudget.caption);
  const pictures = take(media?.understanding, contextBudget.pictures);
  return {
    brand: { username: cutToTokens(brand.username, contextBudget.brand) },
    post: { type: media?.type ?? comment.mediaKind ?? null, caption, pictures },
    thread: turns,
    comment: { username: nameOf(comment.username), ...shown },
  };
}

function newestTurns(thread: readonly ThreadEntry[], most: number): readonly ShownTurn[] {
  const turns: ShownTurn[] = [];
  let left = most;
  for (const { by, username, text } of thread.toReversed()) {
    const shown = cutToTokens(text, Math.min(contextBudget.turn, most));
    left -= tokensOf(shown);
    if (left < 0) break;
    turns.unshift({ by, username: nameOf(username), text: shown });
  }
  return turns;
}

function commentData(text: string): Pick<ContextData['comment'], 'text' | 'cut'> {
  const characters = [...text];
  if (characters.length <= longestComment) return { text };
  return { text: characters.slice(0, longestComment).join(''), cut: true };
}

function nameOf(username: string | undefined): string | null {
  return username === undefined ? null : cutToTokens(username, contextBudget.brand);
}

/** Stands for the author at the vendor without telling who it is; the same author always gives the same one. */
export function safetyIdentifier(authorId: string | undefined): string | undefined {
  return authorId === undefined ? undefined : createHash('sha256').update(authorId).digest('hex');
}

/** What is asked about a comment is paid by its account and counted for its author. */
export function spenderOf({ id, accountId, authorId }: Comment): Spender {
  return { accountId, authorId, commentId: id };
}
