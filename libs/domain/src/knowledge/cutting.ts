import { cutText, storableText } from '../shared/text.js';
import type { TextBlock } from './document-reader.js';
import type { NewPassage } from './document.js';

/** A passage's target length in characters: two or three paragraphs, so that six of them fit any prompt. */
export const passageLength = 900;

/** Longer lines are text, whatever they begin with: a heading is repeated in each of its passages. */
const headingLength = 200;
/** Names of sheets are short, and a passage has one or two places. */
const placeLength = 200;
/** What is said twice where a long text is cut. */
const overlapLength = 150;
/** More are no document: 20 million characters, as the reader allows, are 25,000. */
export const mostPassages = 40_000;

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

/**
 * A long text in pieces, cut behind a sentence, a line or at least a word. Each piece begins with the last sentence of the
 * one before it, when that is short: what "it costs" speaks of often stands there.
 */
function splitLong(text: string): string[] {
  if (text.length <= passageLength) return [text];
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > passageLength) {
    const sentence = Math.max(...['. ', '! ', '? ', '\n'].map((end) => rest.lastIndexOf(end, passageLength - 1)));
    const border = sentence > passageLength / 2 ? sentence + 1 : rest.lastIndexOf(' ', passageLength);
    const whole = /[\uD800-\uDBFF]/.test(rest[passageLength - 1] ?? '') ? passageLength - 1 : passageLength;
    const piece = rest.slice(0, border > passageLength / 2 ? border : whole).trim();
    pieces.push(piece);
    const repeated = border > passageLength / 2 ? lastSentence(piece) : '';
    rest = repeated + rest.slice(border > passageLength / 2 ? border : whole).trim();
  }
  if (rest !== '') pieces.push(rest);
  return pieces;
}

/** With a blank behind it; nothing when it is long, or all there is. */
function lastSentence(piece: string): string {
  const begin = Math.max(...['. ', '! ', '? ', '\n'].map((end) => piece.lastIndexOf(end, piece.length - 2)));
  const sentence = piece.slice(begin + 1).trim();
  return begin === -1 || sentence.length > overlapLength ? '' : `${sentence} `;
}

/**
 * Cuts what was read of a file into passages: blocks under the same headings are joined up to the length of a passage,
 * long ones are cut. Nothing is dropped but blanks at the ends of blocks.
 */
export function cutBlocks(blocks: readonly TextBlock[]): NewPassage[] {
  const passages: NewPassage[] = [];
  let heading: string | undefined;
  let pieces: { readonly text: string; readonly place: string | undefined }[] = [];
  let length = 0;
  const close = (): void => {
    const place = placeOf(pieces[0]?.place, pieces.at(-1)?.place);
    const text = pieces.map((piece) => piece.text).join('\n');
    if (text !== '') passages.push({ heading, text, ...(place !== undefined && { place }) });
    [pieces, length] = [[], 0];
  };
  for (const block of blocks) {
    const above = headingOf(block.headings);
    if (above !== heading) close();
    heading = above;
    for (const text of splitLong(storableText(block.text).trim())) {
      if (length + text.length > passageLength) close();
      if (text !== '') pieces.push({ text, place: block.place });
      length += text.length + 1;
    }
  }
  close();
  return passages;
}

function headingOf(headings: readonly string[]): string | undefined {
  const path = headings.map((heading) => storableText(heading).trim()).filter((heading) => heading !== '');
  return path.length === 0 ? undefined : cutText(path.join(' \u203a '), headingLength);
}

function placeOf(first: string | undefined, last: string | undefined): string | undefined {
  const place = first === last || last === undefined ? first : `${first ?? ''} \u2013 ${last}`;
  return place === undefined ? undefined : cutText(storableText(place), placeLength);
}
