/** The script most of the letters are in, when it is clear. */
export function scriptOf(text: string): string | undefined {
  const counts = scripts.map(([name, pattern]) => ({ name, count: text.match(pattern)?.length ?? 0 }));
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  const top = counts.reduce((best, next) => (next.count > best.count ? next : best));
  // A few letters decide nothing: "OK", a brand's name, an emoji's caption.
  return total >= 4 && top.count / total > 0.6 ? top.name : undefined;
}

const scripts: readonly (readonly [string, RegExp])[] = [
  ['Latin', /\p{Script=Latin}/gu],
  ['Cyrillic', /\p{Script=Cyrillic}/gu],
  ['Arabic', /\p{Script=Arabic}/gu],
  ['Hebrew', /\p{Script=Hebrew}/gu],
  ['Han', /\p{Script=Han}/gu],
];
