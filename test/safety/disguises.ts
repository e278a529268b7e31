/** Ways to write the same to the eye, or to a willing reader, and something else to a program. */
export type Disguise = (text: string) => string;

const cyrillic = new Map(
  ['aа', 'cс', 'eе', 'oо', 'pр', 'xх', 'yу', 'iі', 'sѕ', 'jј'].map((pair) => [pair[0] ?? '', pair[1] ?? '']),
);
const latin = new Map([...cyrillic].map(([from, to]) => [to, from]));
const leet = new Map(['o0', 'i1', 'e3', 'a4', 's5', 't7'].map((pair) => [pair[0] ?? '', pair[1] ?? '']));

function each(text: string, change: (character: string) => string): string {
  return [...text].map(change).join('');
}

function letters(first: number, firstSmall: number): Disguise {
  return (text) =>
    each(text, (character) => {
      if (/[A-Z]/.test(character)) return String.fromCodePoint(first + character.charCodeAt(0) - 65);
      return /[a-z]/.test(character) ? String.fromCodePoint(firstSmall + character.charCodeAt(0) - 97) : character;
    });
}

export const disguises = {
  plain: (text) => text,
  'full width': (text) =>
    each(text, (one) => (/[!-~]/.test(one) ? String.fromCodePoint(one.charCodeAt(0) + 0xfee0) : one)),
  homoglyphs: (text) => each(text, (one) => cyrillic.get(one) ?? latin.get(one) ?? one),
  'half homoglyphs': (text) =>
    [...text].map((one, at) => (at % 2 === 0 ? (cyrillic.get(one) ?? latin.get(one) ?? one) : one)).join(''),
  'bold letters': letters(0x1d400, 0x1d41a),
  'letters in boxes': letters(0x1f170, 0x1f170),
  'letters in circles': letters(0x24b6, 0x24d0),
  'zero width': (text) => [...text].join('\u200B'),
  'word joiners': (text) => [...text].join('\u2060'),
  'invisible tags': (text) => `${text}${each('hidden', (one) => String.fromCodePoint(0xe0000 + one.charCodeAt(0)))}`,
  'soft hyphens': (text) => text.replaceAll(/(?<=\p{L})(?=\p{L})/gu, '\u00AD'),
  'variation selectors': (text) => text.replaceAll(/(?<=\p{L})(?=\p{L})/gu, '\uFE00'),
  'right to left': (text) => `\u202E${[...text].toReversed().join('')}\u202C`,
  isolates: (text) => `\u2066${text}\u2069`,
  'strange digits': (text) => each(text, (one) => (/\d/.test(one) ? String.fromCodePoint(0x0660 + Number(one)) : one)),
  'devanagari digits': (text) =>
    each(text, (one) => (/\d/.test(one) ? String.fromCodePoint(0x0966 + Number(one)) : one)),
  'digits in circles': (text) =>
    each(text, (one) => (/[1-9]/.test(one) ? String.fromCodePoint(0x2460 + Number(one) - 1) : one === '0' ? '⓪' : one)),
  keycaps: (text) => each(text, (one) => (/\d/.test(one) ? `${one}\uFE0F\u20E3` : one)),
  capitals: (text) => text.toUpperCase(),
  'wide spaces': (text) => text.replaceAll(' ', '\u2003'),
} as const satisfies Record<string, Disguise>;
export type DisguiseName = keyof typeof disguises;

/** For words that lead somewhere or insult: spelled out. */
export const spellings = {
  spaced: (text) => [...text].join(' '),
  dotted: (text) => text.replaceAll(/(?<=\p{L})(?=\p{L})/gu, '.'),
  dashed: (text) => text.replaceAll(/(?<=[\p{L}\d])(?=[\p{L}\d])/gu, '-'),
  leet: (text) => each(text, (one) => leet.get(one) ?? one),
  'combining marks': (text) => text.replaceAll(/(?<=\p{L})/gu, '\u0336'),
} as const satisfies Record<string, Disguise>;

/** A dot as it is said, hidden or drawn. */
export const dots: readonly Disguise[] = [
  (text) => text.replaceAll('.', ' . '),
  (text) => text.replaceAll('.', ' dot '),
  (text) => text.replaceAll('.', ' (dot) '),
  (text) => text.replaceAll('.', '[.]'),
  (text) => text.replaceAll('.', '{dot}'),
  (text) => text.replaceAll('.', ' точка '),
  (text) => text.replaceAll('.', ' punkt '),
  (text) => text.replaceAll('.', ' punto '),
  (text) => text.replaceAll('.', '。'),
  (text) => text.replaceAll('.', '․'),
  (text) => text.replaceAll('.', '•'),
  (text) => text.replaceAll('.', '(.)'),
  (text) => text.replaceAll('.', ' DOT '),
  (text) => text.replaceAll('.', '<dot>'),
];
