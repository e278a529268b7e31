/** One piece of a message: contents, and how HTML shows them. Contents are never trusted to be HTML. */
export interface Piece {
  readonly text: string;
  readonly tag?: 'b' | 'i' | 'blockquote';
  readonly link?: string;
}

export type Line = readonly Piece[];

export function htmlOf(lines: readonly Line[]): string {
  return lines.map((line) => line.map(toHtml).join('')).join('\n');
}

/** The same words without any markup. */
export function plainOf(lines: readonly Line[]): string {
  return lines
    .map((line) => line.map(({ text, link }) => (link === undefined ? text : `${text} ${link}`)).join(''))
    .join('\n');
}

function toHtml({ text, tag, link }: Piece): string {
  const escaped = escapeHtml(text);
  if (link !== undefined) return `<a href="${escapeHtml(link).replaceAll('"', '%22')}">${escaped}</a>`;
  return tag === undefined ? escaped : `<${tag}>${escaped}</${tag}>`;
}

/** All that Telegram's HTML needs (core.telegram.org/bots/api#html-style). */
function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
