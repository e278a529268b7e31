import { commentClasses, type CommentClass } from '#domain/comments/verdict.js';
import { countsOf } from '#domain/notifications/alert-pace.js';
import type { AlertContent, AlertDigest } from '#domain/notifications/alert.js';
import { cutText } from '#domain/shared/text.js';
import { place, signs } from './alert-message.js';
import { htmlOf, plainOf, type Line, type Piece } from './message-lines.js';

const limits = { comment: 300, username: 40 };
/** Telegram takes 4,096 UTF-16 units; what stands around the comments has room in the rest. */
const roomForComments = 3_500;

/** Several comments in one message, as Telegram's HTML. */
export function digestHtml(digest: AlertDigest): string {
  return htmlOf(digestLines(digest));
}

/** The same words without any markup, for when Telegram cannot read it. */
export function digestText(digest: AlertDigest): string {
  return plainOf(digestLines(digest));
}

function digestLines({ comments, shown, maybeRepeated }: AlertDigest): readonly Line[] {
  const fitting = thatFit(shown.map(commentLines));
  const lines: Line[] = [
    [{ text: `${comments.length} comments need a look`, tag: 'b' }],
    ...countsOf(comments.map((each) => each.class)).map((each): Line => [
      { text: `${signOf(each.class)}${each.count} · ${nameOf(each.class)}` },
    ]),
    ...fitting.flat(),
  ];
  const more = comments.length - fitting.length;
  if (more > 0) lines.push([], [{ text: `… and ${more} more: they are in the list of comments.`, tag: 'i' }]);
  if (maybeRepeated)
    lines.push([{ text: 'You may have seen some of these already: an earlier try was interrupted.', tag: 'i' }]);
  return lines;
}

/** As many from the beginning as have room: where links are written out, too. */
function thatFit(entries: readonly (readonly Line[])[]): readonly (readonly Line[])[] {
  let used = 0;
  const end = entries.findIndex((entry) => {
    used += plainOf(entry).length + 1;
    return used > roomForComments;
  });
  return end === -1 ? entries : entries.slice(0, end);
}

function commentLines(content: AlertContent): readonly Line[] {
  const { comment } = content;
  const who: Piece = { text: cutText(`@${comment.username ?? 'unknown'}`, limits.username), tag: 'b' };
  return [
    [],
    [{ text: signOf(comment.verdict?.class) }, who, ...place(content)],
    [{ text: cutText(comment.text, limits.comment) || '(no text: a sticker or GIF)' }],
  ];
}

function signOf(name: CommentClass | undefined): string {
  return name === undefined ? '' : `${signs[name]} `;
}

function nameOf(name: CommentClass | undefined): string {
  return name === undefined ? 'not understood' : commentClasses[name].label;
}
