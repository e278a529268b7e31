/** `FAULTS=long` runs every scenario in the sizes of the reliability targets (hours); without it, sizes for a build server. */
export const form = process.env['FAULTS'] === 'long' ? 'long' : 'short';

export function sized<Size>(short: Size, long: Size): Size {
  return form === 'long' ? long : short;
}

/** Kills, stops, replies: `SHARE=0.5` takes half of the long form's number, for two runs side by side with seeds of their own. */
export function counted(short: number, long: number): number {
  return sized(short, Math.ceil(long * Number(process.env['SHARE'] ?? 1)));
}
