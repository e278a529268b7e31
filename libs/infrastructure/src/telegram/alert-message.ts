import { commentClasses, type CommentClass } from '#domain/comments/verdict.js';
import type { AlertContent } from '#domain/notifications/alert.js';
import { cutText } from '#domain/shared/text.js';
import { htmlOf, plainOf, type Line, type Piece } from './message-lines.js';

// Telegram allows 4,096 UTF-16 units after entity parsing. The parts below add up to less, whatever is in them; they are
// cut before they are escaped, so that no entity is cut in half.
const limits = { comment: 2_000, draft: 900, why: 200, reason: 300, caption: 80, username: 64, link: 300 };

// Seen before anything is read.
export const signs: Readonly<Record<CommentClass, string>> = {
  positive: '🟢',
  critical: '🟠',
  urgent: '🔴',
  question: '🔵',
  partnership: '🤝',
  toxic: '⛔',
  spam: '🗑',
};

/** The alert as Telegram's HTML. */
export function alertHtml(content: AlertContent): string {
  return htmlOf(alertLines(content));
}

/** The same words without any markup, for when Telegram cannot read it. */
export function alertText(content: AlertContent): string {
  return plainOf(alertLines(content));
}

function alertLines(content: AlertContent): readonly Line[] {
  const { comment, draft, parked, suggestsHiding, maybeRepeated } = content;
  const lines: Piece[][] = [headline(content)];
  if (comment.verdict?.reason) lines.push([{ text: cutText(comment.verdict.reason, limits.reason), tag: 'i' }]);
  lines.push(
    [],
    [{ text: cutText(`@${comment.username ?? 'unknown'}`, limits.username), tag: 'b' }, ...place(content)],
  );
  lines.push([{ text: cutText(comment.text, limits.comment) || '(no text: a sticker or GIF)', tag: 'blockquote' }]);
  if (draft) {
    lines.push([
      { text: draft.text === undefined ? 'No draft' : 'Draft', tag: 'b' },
      { text: `: ${cutText(draft.why, limits.why)}` },
    ]);
    if (draft.text !== undefined) lines.push([{ text: cutText(draft.text, limits.draft), tag: 'blockquote' }]);
  }
  if (parked !== undefined) lines.push([{ text: 'Parked', tag: 'b' }, { text: `: ${cutText(parked, limits.why)}` }]);
  if (suggestsHiding) lines.push([{ text: 'Suggestion: hide this comment.' }]);
  if (maybeRepeated)
    lines.push([{ text: 'You may have seen this already: an earlier try was interrupted.', tag: 'i' }]);
  return lines;
}

function headline({ comment: { verdict } }: AlertContent): Piece[] {
  if (!verdict) return [{ text: 'A comment needs a look', tag: 'b' }];
  return [
    { text: `${signs[verdict.class]} ` },
    { text: commentClasses[verdict.class].label, tag: 'b' },
    { text: ` · ${verdict.confidence} %` },
  ];
}

/** Under which post, with a link to it when there is one. */
export function place({ media }: Pick<AlertContent, 'media'>): Piece[] {
  if (!media) return [];
  const firstLine = media.caption?.trim().split('\n')[0] ?? '';
  const text = firstLine === '' ? 'a post' : cutText(firstLine, limits.caption);
  const link = webAddress(media.permalink);
  return [{ text: ' under ' }, link === undefined ? { text } : { text, link }];
}

/** Only the web, and as URL writes it: quotes, which would end the attribute, are escaped by it. */
function webAddress(address: string | undefined): string | undefined {
  if (address === undefined || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  return ['https:', 'http:'].includes(url.protocol) && url.href.length <= limits.link
    ? url.href.replaceAll("'", '%27')
    : undefined;
}
