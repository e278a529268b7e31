import type { AccountId, DocumentId, PassageId } from '../shared/ids.js';

export interface KnowledgeDocument {
  readonly id: DocumentId;
  readonly accountId: AccountId;
  readonly title: string;
  readonly passages: number;
  readonly characters: number;
  readonly updatedAt: Date;
}

/** A piece of a document, small enough to be quoted to the model. */
export interface Passage {
  readonly id: PassageId;
  readonly documentId: DocumentId;
  readonly title: string;
  /** The heading above it, when the document has headings. */
  readonly heading: string | undefined;
  readonly text: string;
}

export interface NewPassage {
  readonly heading: string | undefined;
  readonly text: string;
}

/** A passage's target length in characters: two or three paragraphs, so that six of them fit any prompt. */
export const passageLength = 900;

/** Longer lines are text, whatever they begin with: a heading is repeated in each of its passages. */
const headingLength = 200;

/**
 * Cuts a text (Markdown or plain) into passages: a new one at each heading, long sections at paragraph borders.
 * Nothing of the text is dropped but the heading marks, which become `heading`.
 */
export function cutIntoPassages(text: string): NewPassage[] {
  const passages: NewPassage[] = [];
  let heading: string | undefined;
  let current = '';
  const close = (): void => {
    if (current.trim() !== '') passages.push({ heading, text: current.trim() });
    current = '';
  };
  for (const block of text.replaceAll('\r\n', '\n').split(/\n{2,}/)) {
    for (const part of splitHeading(block)) {
      if (part.heading !== undefined) {
        close();
        heading = part.heading;
      } else {
        for (const piece of splitLong(part.text)) {
          if (current.length + piece.length > passageLength) close();
          current += `${piece}\n\n`;
        }
      }
    }
  }
  close();
  return passages;
}

function splitHeading(block: string): { heading?: string; text: string }[] {
  const parts: { heading?: string; text: string }[] = [];
  let lines: string[] = [];
  const flush = (): void => {
    if (lines.length > 0) parts.push({ text: lines.join('\n') });
    lines = [];
  };
  for (const line of block.split('\n')) {
    const match = /^#{1,6}\s+(.+)$/.exec(line);
    if (match?.[1] === undefined || match[1].length > headingLength) {
      lines.push(line);
      continue;
    }
    flush();
    parts.push({ heading: match[1].trim(), text: '' });
  }
  flush();
  return parts;
}

function splitLong(text: string): string[] {
  if (text.length <= passageLength) return [text];
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > passageLength) {
    const border = Math.max(rest.lastIndexOf('. ', passageLength), rest.lastIndexOf('\n', passageLength));
    const whole = /[\uD800-\uDBFF]/.test(rest[passageLength - 1] ?? '') ? passageLength - 1 : passageLength;
    const cut = border > passageLength / 2 ? border + 1 : whole;
    pieces.push(rest.slice(0, cut).trim());
    rest = rest.slice(cut).trim();
  }
  if (rest !== '') pieces.push(rest);
  return pieces;
}
