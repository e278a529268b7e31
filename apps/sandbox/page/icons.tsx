import type { JSX } from 'preact';

const paths = {
  grid: 'M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z',
  talk: 'M20 12a8 8 0 0 1-11.6 7.1L4 20l1-4.2A8 8 0 1 1 20 12z',
  plane: 'M21 3 3 10.6l6.4 2.5L12 20l3-5 5-.4zM9.4 13.1 21 3',
  heart: 'M12 20S4 15 4 9.3A4.3 4.3 0 0 1 12 7a4.3 4.3 0 0 1 8 2.3C20 15 12 20 12 20z',
  back: 'M15 5l-7 7 7 7',
  next: 'M9 5l7 7-7 7',
  close: 'M6 6l12 12M18 6L6 18',
  eyeOff:
    'M4 4l16 16M9.5 5.4A10 10 0 0 1 12 5c6 0 9 7 9 7a16 16 0 0 1-3 4M6.5 7.2A15 15 0 0 0 3 12s3 7 9 7c1.400 0 2.600-.3 3.700-.8',
  layers: 'M8 8h12v12H8zM4 16V4h12',
  play: 'M8 5v14l11-7z',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4 3.500-6 8-6s8 2 8 6',
  check: 'M5 13l4.500 4.500L19 7',
} as const;

export type IconName = keyof typeof paths;

/** Decoration only: the text beside it says what it means. */
export function Icon({ name }: { readonly name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
