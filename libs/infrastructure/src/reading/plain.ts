import { type Emit, Headings, headingLength } from './blocks.js';
import { decoded } from './encoding.js';

/** Paragraphs of a text, with the line at which each begins. */
export function readText(bytes: Uint8Array, emit: Emit): void {
  paragraphs(decoded(bytes), ({ lines, at }) => emit({ headings: [], text: lines.join('\n'), place: `line ${at}` }));
}

/** As a text, with its headings: `# …`, or underlined. Code and lists stay as they are written; comments are dropped. */
export function readMarkdown(bytes: Uint8Array, emit: Emit): void {
  const headings = new Headings();
  paragraphs(withoutComments(decoded(bytes)), ({ lines, at }) => {
    let text: string[] = [];
    let begin = at;
    const close = (next: number): void => {
      if (text.length > 0) emit({ headings: headings.above(), text: text.join('\n'), place: `line ${begin}` });
      text = [];
      begin = next;
    };
    lines.forEach((content, index) => {
      const heading = headingOf(content);
      const underlined = /^\s{0,3}(?<rule>=+|-{2,})\s*$/u.exec(content)?.groups?.['rule'];
      if (heading) {
        close(at + index + 1);
        headings.enter(heading.level, heading.text);
      } else if (underlined !== undefined && text.length === 1 && (text[0]?.length ?? 0) <= headingLength) {
        headings.enter(underlined.startsWith('=') ? 1 : 2, text[0] ?? '');
        text = [];
        begin = at + index + 1;
      } else text.push(content);
    });
    close(at);
  });
}

function headingOf(content: string): { readonly level: number; readonly text: string } | undefined {
  if (content.length > headingLength) return undefined;
  const found = /^ {0,3}(?<marks>#{1,6})\s+(?<text>\S.*)$/u.exec(content)?.groups;
  return found && { level: found['marks']?.length ?? 1, text: (found['text'] ?? '').replace(/\s#+\s*$/u, '') };
}

/** A reader of the rendered page does not see them. The lines stay, so that places stay right. */
function withoutComments(text: string): string {
  const parts: string[] = [];
  let from = 0;
  for (let begin = text.indexOf('<!--'); begin >= 0; begin = text.indexOf('<!--', from)) {
    const end = text.indexOf('-->', begin);
    parts.push(text.slice(from, begin));
    const hidden = text.slice(begin, end < 0 ? undefined : end + 3);
    parts.push('\n'.repeat(hidden.split('\n').length - 1));
    from = end < 0 ? text.length : end + 3;
  }
  return [...parts, text.slice(from)].join('');
}

interface Paragraph {
  readonly lines: readonly string[];
  /** The line of the file at which it begins, from 1. */
  readonly at: number;
}

function paragraphs(text: string, take: (paragraph: Paragraph) => void): void {
  let lines: string[] = [];
  let at = 1;
  let number = 0;
  for (const content of [...text.split(/\r\n|[\n\r]/u), '']) {
    number += 1;
    if (content.trim() !== '') {
      if (lines.length === 0) at = number;
      lines.push(content);
    } else if (lines.length > 0) {
      take({ lines, at });
      lines = [];
    }
  }
}
