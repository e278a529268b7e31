/** `FAULTS=long` runs every scenario in the sizes of the reliability targets (hours); without it, sizes for a build server. */
export const form = process.env['FAULTS'] === 'long' ? 'long' : 'short';

export function sized<Size>(short: Size, long: Size): Size {
  return form === 'long' ? long : short;
}
