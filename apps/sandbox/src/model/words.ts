export type Language = 'ru' | 'uk' | 'en' | 'ar' | 'he' | 'zh' | 'und';

/** The language by its script: enough for a model that only knows Russian and English words anyway. */
export function languageOf(text: string): Language {
  const counts = scripts.map(([language, pattern]) => ({ language, count: text.match(pattern)?.length ?? 0 }));
  const best = counts.reduce((top, next) => (next.count > top.count ? next : top));
  if (best.count === 0) return 'und';
  return best.language === 'ru' && /[іїєґ]/iu.test(text) ? 'uk' : best.language;
}

const scripts: readonly (readonly [Language, RegExp])[] = [
  ['ru', /\p{Script=Cyrillic}/gu],
  ['en', /\p{Script=Latin}/gu],
  ['ar', /\p{Script=Arabic}/gu],
  ['he', /\p{Script=Hebrew}/gu],
  ['zh', /\p{Script=Han}/gu],
];

/** Lower case, one kind of letter and blank, no invisible characters: what patterns are matched against. */
export function plain(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replaceAll(/[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu, '')
    .replaceAll(/[’‘`]/gu, "'")
    .replaceAll(/\s+/gu, ' ')
    .trim();
}

export function wordsOf(text: string): string[] {
  return plain(text).match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Sentences and list lines, without their list marks. */
export function sentencesOf(text: string): string[] {
  return text
    .split(/\n+|(?<=[.!?…])\s+(?=[\p{Lu}\p{N}«"(])/u)
    .map((sentence) => sentence.replace(/^\s*(?:[-*•–]|\d+\.)\s+/u, '').trim())
    .filter((sentence) => /\p{L}/u.test(sentence) && !/^#{1,6}\s/.test(sentence));
}

/**
 * A pattern for phrases, separated by commas, in which `*` stands for any ending, whole words only:
 * `достав*` finds «доставка», `own` does not find "known".
 */
export function phrases(list: string): RegExp {
  const alternatives = list.split(',').map((phrase) =>
    phrase
      .trim()
      .replaceAll(/[.+?^${}()|[\]\\/]/g, String.raw`\$&`)
      .replaceAll('*', String.raw`\p{L}*`)
      .replaceAll(' ', String.raw`[\s,]+`),
  );
  return new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${alternatives.join('|')})(?![\p{L}\p{N}])`, 'gu');
}
