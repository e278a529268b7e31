/**
 * How an answer is read by the gate: as a customer would, whatever it is written with. A reading is for comparing only;
 * that a text needed one is no reason to stop it.
 */

/** Letters that look like a Latin one, each before it. */
const lookalikes =
  'аa вb еe ёe кk мm нh оo рp сc тt уy хx ѕs іi їi јj ԛq ԝw һh ԁd ӏl ѵv гr зz єe ' +
  'αa βb εe ηn ιi κk νv οo ρp τt υu χx γy ωw ϲc ϳj ' +
  'ᴀa ʙb ᴄc ᴅd ᴇe ꜰf ɢg ʜh ɪi ᴊj ᴋk ʟl ᴍm ɴn ᴏo ᴘp ʀr ꜱs ᴛt ᴜu ᴠv ᴡw ʏy ᴢz ' +
  'ıi ɑa ɡg ոn սu ցg հh օo ɩi ǀl ƚl ɾr øo đd łl ∕/ ⁄/ ⧸/ ٫. ۔. 。. ․. ‧. ∙. ⋅. •. ·. ꓸ. 。.';
const latinFor = new Map(lookalikes.split(' ').map((pair) => [[...pair][0] ?? '', [...pair].at(-1) ?? '']));

/** First letter of alphabets in boxes and circles that NFKC leaves alone, and of flags. */
const boxedAlphabets = [0x1f150, 0x1f170] as const;
const firstFlagLetter = 0x1f1e6;
const letters = 26;

/** Without differences of width, costume and what nobody sees; digits of all scripts are 0 to 9. Case stays. */
export function visible(text: string): string {
  return (
    text
      .replaceAll(/[\u{1F1E6}-\u{1F1FF}]{3,}/gu, lettersOfFlags)
      .normalize('NFKC')
      .replaceAll(/[^\p{ASCII}\p{Script=Latin}\p{Script=Cyrillic}]/gu, undressed)
      .replaceAll(/[\p{Default_Ignorable_Code_Point}\u20E3\p{Cf}]/gu, '')
      // What is left of marks after NFKC belongs to no letter of these.
      .replaceAll(/(?<=[\p{Script=Latin}\p{Script=Cyrillic}\p{Nd}])\p{Mn}+/gu, '')
      .replaceAll(/[\u2010-\u2015\u2212\uFE58\uFE63]/gu, '-')
      .replaceAll(/[^\S\n]+/gu, ' ')
  );
}

/** As `visible`, in small letters and on one line. */
export function plain(text: string): string {
  return visible(text).toLowerCase().replaceAll(/\s+/gu, ' ').trim();
}

/** What the eye takes for Latin letters is Latin; marks above and below letters are gone. */
export function looksLatin(plainText: string): string {
  const bare = plainText.normalize('NFD').replaceAll(/\p{Mn}/gu, '');
  return bare.replaceAll(/\P{ASCII}/gu, (character) => latinFor.get(character) ?? character);
}

/** Letters and digits alone: what was spelled with spaces, dots or dashes between. */
export function squeezed(plainText: string): string {
  return plainText.replaceAll(/[^\p{L}\p{Nd}]/gu, '');
}

/** Digits and signs that stand for letters: c4ke, @gent, $ale. */
export function unleeted(plainText: string): string {
  return plainText.replaceAll(/[013457@$!|]/gu, (sign) => leet.get(sign) ?? sign);
}
const leet = new Map(['0o', '1i', '3e', '4a', '5s', '7t', '@a', '$s', '!i', '|l'].map((pair) => [pair[0], pair[1]]));

/** "e v i l . c o m", "e.v.i.l", "e-v-i-l": single letters in a row are a word. */
export function unspelled(plainText: string): string {
  return plainText.replaceAll(
    /(?<![\p{L}\p{Nd}])[\p{L}\p{Nd}](?:[ ._*~-]{1,3}[\p{L}\p{Nd}](?![\p{L}\p{Nd}])){3,}/gu,
    (run) => (run.includes(' ') ? run.replaceAll(' ', '') : squeezed(run)),
  );
}

/**
 * A word of two alphabets is one of that whose letters look like no other; where all of them do, of that in which most
 * of the text is.
 */
export function unmixed(plainText: string): string {
  const latinText = countOf(plainText, /[a-z]/gu) >= countOf(plainText, /\p{Script=Cyrillic}/gu);
  return plainText.replaceAll(/\p{L}+/gu, (word) => {
    if (!/\p{Script=Cyrillic}/u.test(word)) return word;
    const inLatin = looksLatin(word);
    const isCyrillic = /\p{Script=Cyrillic}/u.test(inLatin);
    if (!/[a-z]/u.test(word)) return isCyrillic || !latinText ? word : inLatin;
    const isLatin = /[a-z]/u.test(word.replaceAll(/[a-z]/gu, (letter) => cyrillicFor.get(letter) ?? letter));
    if (isCyrillic === isLatin ? latinText : isLatin) return inLatin;
    return word.replaceAll(/[a-z]/gu, (letter) => cyrillicFor.get(letter) ?? letter);
  });
}

function countOf(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

const cyrillicFor = new Map(
  'aа bв cс eе hн iі kк mм oо pр tт xх yу'.split(' ').map((pair) => [pair[0] ?? '', pair[1] ?? '']),
);

function undressed(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  for (const first of boxedAlphabets) {
    if (code >= first && code < first + letters) return String.fromCodePoint(0x61 + code - first);
  }
  return /\p{Nd}/u.test(character) ? String(digitOf(code)) : character;
}

/** Digits stand in tens, from zero to nine. */
function digitOf(code: number): number {
  let first = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first -= 1;
  return (code - first) % 10;
}

function lettersOfFlags(flags: string): string {
  return [...flags]
    .map((flag) => String.fromCodePoint(0x61 + (flag.codePointAt(0) ?? firstFlagLetter) - firstFlagLetter))
    .join('');
}
