const dayMs = 86_400_000;

/** The Monday, at midnight UTC, that the week of this moment begins with. */
export function mondayOf(moment: Date): Date {
  const midnight = Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth(), moment.getUTCDate());
  const daysSinceMonday = (moment.getUTCDay() + 6) % 7;
  return new Date(midnight - daysSinceMonday * dayMs);
}

/** `2026-W47`, as ISO 8601 names weeks: a week is of the year in which its Thursday lies. */
export function weekNameOf(moment: Date): string {
  const monday = mondayOf(moment);
  const year = new Date(monday.getTime() + 3 * dayMs).getUTCFullYear();
  const number = (monday.getTime() - firstMondayOf(year).getTime()) / (7 * dayMs) + 1;
  return `${year}-W${String(number).padStart(2, '0')}`;
}

/** @returns the week's Monday; undefined when no week is called so */
export function mondayNamed(name: string): Date | undefined {
  const [, year, number] = /^(\d{4})-W(\d{2})$/u.exec(name) ?? [];
  if (year === undefined || number === undefined) return undefined;
  const monday = new Date(firstMondayOf(Number(year)).getTime() + (Number(number) - 1) * 7 * dayMs);
  return weekNameOf(monday) === name ? monday : undefined;
}

/** The fourth of January lies in the first week of every year. */
function firstMondayOf(year: number): Date {
  const fourth = new Date(Date.UTC(2000, 0, 4));
  fourth.setUTCFullYear(year); // years before 100 would else be of the last century
  return mondayOf(fourth);
}
