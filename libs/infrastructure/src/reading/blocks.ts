import type { TextBlock } from '#domain/knowledge/document-reader.js';
import { storableText } from '#domain/shared/text.js';
import { bounds } from './bounds.js';
import { Refusal } from './refusal.js';

export type Emit = (block: TextBlock) => void;

/** A line without an end is cut into blocks of this length. */
const blockLength = 20_000;
/** A heading longer than this is text that only looks like one. */
export const headingLength = 200;

/** Cleans and counts the blocks on their way. @returns what takes them, and whether any had text */
export function bounded(emit: Emit): { readonly emit: Emit; readonly some: () => boolean } {
  let characters = 0;
  let blocks = 0;
  return {
    emit: (block) => {
      const text = clean(block.text).trim();
      if (text === '') return;
      characters += text.length;
      blocks += 1;
      if (characters > bounds.characters || blocks > bounds.blocks) {
        throw new Refusal(
          'too-large',
          'The file holds more text than ten thousand pages. Split it into several files.',
        );
      }
      const headings = block.headings.map((heading) => line(heading)).filter((heading) => heading !== '');
      const place = block.place === undefined ? {} : { place: line(block.place) };
      for (let from = 0; from < text.length;) {
        const half = /[\uD800-\uDBFF]/u.test(text[from + blockLength - 1] ?? '');
        const piece = text.slice(from, from + blockLength - (half ? 1 : 0));
        emit({ headings, text: piece, ...place });
        from += piece.length;
      }
    },
    some: () => blocks > 0,
  };
}

/** Without what nobody sees and no database takes: control characters but the end of a line and the tab. */
function clean(text: string): string {
  return storableText(text)
    .replaceAll(/\r\n?|[\u2028\u2029\u0085\v\f]/gu, '\n')
    .replaceAll(/(?![\t\n])\p{Cc}/gu, '');
}

export function line(text: string): string {
  return clean(text).replaceAll(/\s+/gu, ' ').trim().slice(0, headingLength);
}

/** The headings above a block, kept as they come. */
export class Headings {
  readonly #open: { readonly level: number; readonly text: string }[] = [];

  enter(level: number, text: string): void {
    while ((this.#open.at(-1)?.level ?? 0) >= level) this.#open.pop();
    this.#open.push({ level, text });
  }

  above(): readonly string[] {
    return this.#open.map(({ text }) => text);
  }
}
