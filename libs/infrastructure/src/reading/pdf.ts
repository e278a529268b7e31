import { getDocumentProxy } from 'unpdf';
import { type Emit, Headings, headingLength } from './blocks.js';
import { bounds } from './bounds.js';
import { Refusal } from './refusal.js';

/** What is used of the library's pieces of text. */
interface Piece {
  readonly str: string;
  readonly height: number;
  readonly transform: readonly number[];
  readonly hasEOL: boolean;
}

interface Line {
  readonly page: number;
  readonly text: string;
  /** Of its letters, in points. */
  readonly size: number;
  /** From the foot of the page. */
  readonly y: number;
}

/** A heading's letters are this much larger than those of most text. */
const larger = 1.12;
/** A gap this many lines high ends a paragraph. */
const gap = 1.7;

/** Text page by page. Pictures are never decoded, scripts and forms never run: only the text is asked for. */
export async function readPdf(bytes: Uint8Array, emit: Emit): Promise<void> {
  const lines = await linesOf(bytes);
  const usual = usualSize(lines);
  const levels = headingSizes(lines, usual);
  const headings = new Headings();
  let text: string[] = [];
  let last: Line | undefined;
  const close = (): void => {
    if (last && text.length > 0)
      emit({ headings: headings.above(), text: text.join('\n'), place: `page ${last.page}` });
    text = [];
  };
  for (const line of lines) {
    const level = line.text.length <= headingLength ? levels.indexOf(line.size) + 1 : 0;
    const apart = last && (last.page !== line.page || last.y - line.y > line.size * gap || line.y > last.y + line.size);
    if (level > 0 || apart) close();
    if (level > 0) headings.enter(level, line.text);
    else text.push(line.text);
    last = line;
  }
  close();
}

async function linesOf(bytes: Uint8Array): Promise<readonly Line[]> {
  const document = await opened(bytes);
  if (document.numPages > bounds.pages) {
    throw new Refusal('too-large', `The PDF has more than ${bounds.pages} pages. Split it into several files.`);
  }
  const lines: Line[] = [];
  let characters = 0;
  for (let number = 1; number <= document.numPages; number += 1) {
    const page = await document.getPage(number);
    const { items } = await page.getTextContent();
    for (const line of joined(items, number)) {
      characters += line.text.length;
      if (characters > bounds.characters) {
        throw new Refusal('too-large', 'The PDF holds more text than ten thousand pages. Split it into several files.');
      }
      lines.push(line);
    }
    page.cleanup();
  }
  return lines;
}

async function opened(bytes: Uint8Array): ReturnType<typeof getDocumentProxy> {
  try {
    return await getDocumentProxy(new Uint8Array(bytes), {
      isEvalSupported: false,
      disableFontFace: true,
      useSystemFonts: false,
      enableXfa: false,
      maxImageSize: 1,
      disableAutoFetch: true,
      verbosity: 0,
    });
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (name === 'PasswordException') {
      throw new Refusal('encrypted', 'The PDF has a password. Save it without one and upload that.');
    }
    throw new Refusal('broken', 'The PDF is damaged or incomplete. Print it into a new PDF and upload that.');
  }
}

/** The pieces of a page as lines. */
function joined(items: readonly unknown[], page: number): readonly Line[] {
  const lines: Line[] = [];
  let text = '';
  let size = 0;
  let y = 0;
  const close = (): void => {
    if (text.trim() !== '') lines.push({ page, text: text.replaceAll(/[^\S\n]+/gu, ' ').trim(), size, y });
    [text, size] = ['', 0];
  };
  for (const item of items) {
    const piece = item as Piece; // the library's type also has marks, which were not asked for
    if (piece.str.trim() !== '') {
      if (text === '') y = piece.transform[5] ?? 0;
      size = Math.max(size, Math.round((piece.height || Math.abs(piece.transform[3] ?? 0)) * 2) / 2);
    }
    text += piece.str;
    if (piece.hasEOL) close();
  }
  close();
  return lines;
}

/** The size of most letters. */
function usualSize(lines: readonly Line[]): number {
  const letters = new Map<number, number>();
  for (const { size, text } of lines) letters.set(size, (letters.get(size) ?? 0) + text.length);
  return [...letters].toSorted(([, one], [, other]) => other - one)[0]?.[0] ?? 0;
}

/** The sizes of headings, the largest first, at most six; none when too much is large for that. */
function headingSizes(lines: readonly Line[], usual: number): readonly number[] {
  const large = lines.filter(({ size }) => size > usual * larger);
  if (large.length * 2 > lines.length) return [];
  return [...new Set(large.map(({ size }) => size))].toSorted((one, other) => other - one).slice(0, 6);
}
