import { Refusal } from './refusal.js';

/** What a page may call its encoding; UTF-7 and others in which a page says something else than it shows are not among them. */
const known = /^(?:utf-?8|utf-16(?:le|be)?|windows-125\d|cp125\d|koi8-[ru]|iso-8859-\d{1,2}|us-ascii|latin1)$/iu;
const sampleBytes = 64 * 1024;

/**
 * Bytes as text: by their mark, as UTF-8, as UTF-16 without a mark, by what the file says of itself, else by which of
 * the old encodings makes words of it.
 * @throws Refusal for what is no text
 */
export function decoded(bytes: Uint8Array, declared?: string): string {
  const marked = markOf(bytes) ?? wideOf(bytes);
  if (marked !== undefined) return checked(new TextDecoder(marked).decode(bytes));
  const sample = bytes.subarray(0, sampleBytes);
  if (sample.some((byte) => byte === 0)) throw binary();
  const utf8 = attempt(bytes, 'utf-8');
  if (utf8 !== undefined) return checked(utf8);
  const named = declared !== undefined && known.test(declared.trim()) ? declared.trim() : undefined;
  if (named !== undefined && !/^utf/iu.test(named)) return checked(new TextDecoder(named).decode(bytes));
  // One broken character in a text that is UTF-8 else: what a truncated file looks like.
  const lenient = new TextDecoder('utf-8').decode(bytes);
  const wrong = lenient.split('\uFFFD').length - 1;
  if (wrong * 200 < lenient.length && /[\u0080-\uFFFC]/u.test(lenient)) return checked(lenient);
  return checked(new TextDecoder(likeliest(sample)).decode(bytes));
}

function attempt(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function markOf([first, second, third]: Uint8Array): string | undefined {
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : undefined;
}

/** Latin letters in UTF-16 have a zero in every second byte, Cyrillic ones a four. */
function wideOf(bytes: Uint8Array): string | undefined {
  const sample = bytes.subarray(0, 4_096);
  if (sample.length < 4) return undefined;
  const high = [0, 0];
  sample.forEach((byte, index) => {
    if (byte === 0 || byte === 4) high[index % 2] = (high[index % 2] ?? 0) + 1;
  });
  const half = sample.length / 2;
  const [even = 0, odd = 0] = high;
  if (odd > half * 0.8 && even < half * 0.2) return 'utf-16le';
  return even > half * 0.8 && odd < half * 0.2 ? 'utf-16be' : undefined;
}

/** Letters by how often they stand in Russian: the wrong encoding makes capitals and signs of them. */
const frequent = 'оеаинтсрвлкмдпуяыьгзбчйхжшюцщэф';

function likeliest(sample: Uint8Array): string {
  const scores = ['windows-1251', 'koi8-r', 'windows-1252'].map((encoding) => {
    const text = new TextDecoder(encoding).decode(sample);
    return { encoding, score: encoding === 'windows-1252' ? latinScore(text) : cyrillicScore(text) };
  });
  return scores.toSorted((one, other) => other.score - one.score)[0]?.encoding ?? 'windows-1251';
}

function cyrillicScore(text: string): number {
  let score = 0;
  for (const word of text.match(/[\u0400-\u04FF]+/gu) ?? []) {
    for (const [index, letter] of [...word].entries()) {
      const place = frequent.indexOf(letter);
      if (place >= 0) score += place < 10 ? 3 : 1;
      else if (index > 0 && letter !== letter.toLowerCase()) score -= 2; // a capital inside a word
    }
  }
  return score - 3 * (text.match(/[\u0080-\u00BF\u2500-\u25FF]/gu)?.length ?? 0);
}

/** Single letters with marks between plain ones: how French or German look. */
function latinScore(text: string): number {
  return 6 * (text.match(/(?<=[a-z])[\u00DF-\u00F6\u00F8-\u00FF](?![\u00C0-\u00FF]{2})/giu)?.length ?? 0);
}

function checked(text: string): string {
  const sample = text.slice(0, sampleBytes);
  const odd = sample.match(/(?!\s)[\p{Cc}\uFFFD]/gu)?.length ?? 0;
  if (odd * 50 > sample.length) throw binary();
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

function binary(): Refusal {
  return new Refusal(
    'wrong-type',
    'The file is no text: it holds bytes that no text has. Save it as UTF-8 text, or upload the original (PDF, DOCX, XLSX).',
  );
}
