import { randomInt } from 'node:crypto';

/** `FAULTS=long` runs every scenario in the sizes of the reliability targets (hours); without it, sizes for a build server. */
export const form = process.env['FAULTS'] === 'long' ? 'long' : 'short';

export function sized<Size>(short: Size, long: Size): Size {
  return form === 'long' ? long : short;
}

/** `SEED=…` repeats a run; without it each run takes another way. */
export function seedOfThisRun(): number {
  const given = Number(process.env['SEED'] ?? Number.NaN);
  return Number.isInteger(given) ? given : randomInt(2 ** 31);
}
