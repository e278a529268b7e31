/** '5s', '2m', '1h' in milliseconds. Written as text so that a schedule can be read aloud. */
export type Duration = `${number}${'s' | 'm' | 'h'}`;

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000 };

export function toMs(duration: Duration): number {
  const unit = duration.endsWith('s') ? 's' : duration.endsWith('m') ? 'm' : 'h';
  return Number(duration.slice(0, -1)) * unitMs[unit];
}

/**
 * The wait before the next try, in milliseconds: full jitter over the schedule's entry, so that a thousand
 * jobs that failed together do not come back together.
 * @param attempts tries spent so far, at least 1
 * @returns undefined when the schedule is used up
 */
export function nextDelayMs(schedule: readonly Duration[], attempts: number, random: () => number): number | undefined {
  const step = schedule[attempts - 1];
  return step === undefined ? undefined : Math.ceil(random() * toMs(step));
}
