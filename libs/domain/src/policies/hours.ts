import { weekdays, type Hours } from './settings.js';

const minutesOfDay = 1_440;
const minutesOfWeek = 7 * minutesOfDay;
/** The world has about 450 time zones, under some more names. */
const mostFormats = 1_000;
const formats = new Map<string, Intl.DateTimeFormat>();

export function isTimeZone(name: string): boolean {
  try {
    // "+05:00" is one to newer engines; a place knows when its clocks change.
    return /^[A-Za-z]/u.test(name) && formatFor(name) !== undefined;
  } catch {
    return false;
  }
}

/** Whether a moment lies in these hours of the zone's own clocks. */
export function isWithin(hours: Hours, timeZone: string, at: Date): boolean {
  const minute = minuteOfWeek(timeZone, at);
  return spansOf(hours).some(({ from, to }) => minute >= from && minute < to);
}

/** A minute that belongs to both. */
export function overlap(one: Hours, other: Hours): boolean {
  return spansOf(one).some((first) => spansOf(other).some(({ from, to }) => first.from < to && from < first.to));
}

/** Minutes since midnight; undefined for what is no time of a day. */
export function minutesOf(time: string): number | undefined {
  const [, hour, minute] = /^(\d{2}):([0-5]\d)$/u.exec(time) ?? [];
  const minutes = Number(hour) * 60 + Number(minute);
  return minutes <= minutesOfDay ? minutes : undefined;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** In minutes since Monday's first. */
function spansOf({ days, from: begin, to: end }: Hours): readonly Span[] {
  const [first = 0, last = 0] = [minutesOf(begin), minutesOf(end)];
  const length = last > first ? last - first : last - first + minutesOfDay;
  return days.flatMap((day) => {
    const from = weekdays.indexOf(day) * minutesOfDay + first;
    const to = from + length;
    // Sunday's night ends on Monday.
    return to <= minutesOfWeek
      ? [{ from, to }]
      : [
          { from, to: minutesOfWeek },
          { from: 0, to: to - minutesOfWeek },
        ];
  });
}

function minuteOfWeek(timeZone: string, at: Date): number {
  const parts = new Map(
    formatFor(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const day = weekdays.findIndex((name) => name === parts.get('weekday')?.toLowerCase());
  return day * minutesOfDay + Number(parts.get('hour')) * 60 + Number(parts.get('minute'));
}

/** Made once per zone: making one costs more than everything else about a rule. @throws RangeError */
function formatFor(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const options = { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const made = new Intl.DateTimeFormat('en-US', options);
  if (formats.size >= mostFormats) formats.clear();
  formats.set(timeZone, made);
  return made;
}
