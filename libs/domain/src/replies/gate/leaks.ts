import { looksLatin, plain, squeezed } from './readings.js';

/** Shortest run of our own instructions, in characters, whose appearance in an answer is a leak. */
export const promptOverlap = 40;
/** Of the canary so many letters in a row are enough. */
const canaryOverlap = 8;
/** A word that is longer is an encoding, a key or nonsense, but no word; unless a source has it. */
const longestWord = 40;

/**
 * Whether the answer tells what only the model was told: as it stands, spelled out, backwards, shifted by thirteen, or in
 * base64 or hexadecimal.
 * @param secrets texts of ours that must not come out @param canary a word that stands nowhere else
 */
export function leakIn(text: string, secrets: readonly string[], canary: string | undefined): string | undefined {
  const said = plain(text);
  const tight = squeezed(looksLatin(said));
  const ways: readonly (readonly [string, string])[] = [
    ['', tight],
    [' backwards', reversed(tight)],
    [' shifted', shifted(tight)],
    ...decoded(text).flatMap((plainText): readonly (readonly [string, string])[] => {
      const inside = squeezed(looksLatin(plain(plainText)));
      return [
        [' encoded', inside],
        [' encoded backwards', reversed(inside)],
      ];
    }),
  ];
  if (canary !== undefined) {
    const marks = runsOf(squeezed(plain(canary)), canaryOverlap);
    const way = ways.find(([, each]) => marks.some((mark) => each.includes(mark)));
    if (way) return `the marker of the instructions${way[0]}`;
  }
  for (const secret of secrets) {
    if (sharesRun(said, plain(secret), promptOverlap)) return 'part of the instructions';
    const tightSecret = squeezed(looksLatin(plain(secret)));
    const way = ways.find(([, each]) => sharesRun(each, tightSecret, promptOverlap));
    if (way) return `part of the instructions${way[0]}`;
  }
  return undefined;
}

/** @param known the cited passages, as `plain` makes them @returns a run of characters that nobody would write */
export function encodedIn(text: string, known: string): string | undefined {
  for (const [word] of text.matchAll(/[^\s]{16,}/gu)) {
    if (known.includes(plain(word).replace(/[.,;:!?)]+$/u, ''))) continue;
    const letters = word.replaceAll(/[^\p{L}\p{Nd}]/gu, '');
    const mixed = /^[\w+/=-]{16,}$/u.test(word) && /\d/u.test(word) && /[a-z]/u.test(word) && /[A-Z]/u.test(word);
    const hexadecimal = /^[\da-f]{16,}$/iu.test(word) && /\d/u.test(word);
    const wild = /[a-z][A-Z].*[a-z][A-Z].*[a-z][A-Z]/u.test(word) && /^[\w+/=]{16,}$/u.test(word);
    if (mixed || hexadecimal || wild || letters.length > longestWord) return word.slice(0, 40);
  }
  return undefined;
}

/** Whether a run of so many characters stands in both. */
function sharesRun(needle: string, haystack: string, run: number): boolean {
  const half = run / 2;
  // Every run holds one of these halves whole: only around those that are found it is worth looking closely.
  for (let at = 0; at + half <= needle.length; at += half) {
    if (!haystack.includes(needle.slice(at, at + half))) continue;
    for (let from = Math.max(0, at - half); from <= at && from + run <= needle.length; from += 1) {
      if (haystack.includes(needle.slice(from, from + run))) return true;
    }
  }
  return false;
}

function runsOf(text: string, length: number): readonly string[] {
  if (text.length <= length) return text === '' ? [] : [text];
  return Array.from({ length: text.length - length + 1 }, (_, at) => text.slice(at, at + length));
}

function reversed(text: string): string {
  return [...text].toReversed().join('');
}

function shifted(text: string): string {
  return text.replaceAll(/[a-z]/gu, (letter) => String.fromCodePoint(((letter.charCodeAt(0) - 97 + 13) % 26) + 97));
}

/** What the longer runs of base64 and of hexadecimal digits say. */
function decoded(text: string): readonly string[] {
  const joined = text.replaceAll(/\s+/gu, '');
  const found: string[] = [];
  for (const each of new Set([text, joined])) {
    for (const [run] of each.matchAll(/[A-Za-z\d+/_-]{12,}/gu)) found.push(...fromBase64(run), ...fromHexadecimal(run));
    for (const [run] of each.matchAll(/(?:[\da-f]{2}[ :,-]?){8,}/giu)) found.push(...fromHexadecimal(run));
  }
  return found;
}

const sixBits = new Map(
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'.split('').map((letter, value) => [letter, value]),
);

/** From each of the four places where a group may begin. */
function fromBase64(run: string): readonly string[] {
  const text = run.replaceAll('-', '+').replaceAll('_', '/');
  return [0, 1, 2, 3].map((from) => {
    let [bits, count] = [0, 0];
    const bytes: number[] = [];
    for (const letter of text.slice(from)) {
      bits = (bits << 6) | (sixBits.get(letter) ?? 0);
      count += 6;
      if (count < 8) continue;
      count -= 8;
      bytes.push((bits >> count) & 0xff);
      bits &= (1 << count) - 1;
    }
    return new TextDecoder().decode(Uint8Array.from(bytes));
  });
}

function fromHexadecimal(run: string): readonly string[] {
  const digits = run.replaceAll(/[^\da-f]/giu, '');
  const bytes = (digits.match(/../gu) ?? []).map((pair) => Number.parseInt(pair, 16));
  return bytes.length < 4 ? [] : [new TextDecoder().decode(Uint8Array.from(bytes))];
}
