/** What a model that looks at a picture notes of it. */
export interface PictureNote {
  readonly seen: string;
  readonly text: string;
  readonly prices: readonly string[];
  readonly dates: readonly string[];
  readonly products: readonly string[];
  readonly people: string;
}

const nothing: Omit<PictureNote, 'seen'> = { text: '', prices: [], dates: [], products: [], people: '' };

/** The bakery's pictures by their file names, without the ending. */
export const bakeryPictures: Readonly<Record<string, PictureNote>> = {
  'honey-cake': {
    ...nothing,
    seen: 'A slice of honey cake with thin layers on a plate.',
    products: ['Honey cake (медовик)'],
  },
  sourdough: { ...nothing, seen: 'A round loaf of sourdough with a floured crust.', products: ['Sourdough bread'] },
  'croissants-reel': { ...nothing, seen: 'A tray of croissants comes out of the oven.', products: ['Croissants'] },
  'birthday-cake': {
    ...nothing,
    seen: 'A tall birthday cake with lit candles.',
    products: ['Birthday cake'],
    people: 'A child, happy.',
  },
  'pie-apple': {
    ...nothing,
    seen: 'An apple pie with a lattice crust and a price card.',
    text: 'Яблочный пирог 850 ₽',
    prices: ['Яблочный пирог: 850 ₽'],
    products: ['Apple pie'],
  },
  'pie-cherry': {
    ...nothing,
    seen: 'A cherry pie, cut open.',
    text: 'Вишнёвый пирог 850 ₽',
    prices: ['Вишнёвый пирог: 850 ₽'],
    products: ['Cherry pie'],
  },
  'pie-pumpkin': {
    ...nothing,
    seen: 'A pumpkin pie beside a carved pumpkin.',
    text: 'Тыквенный пирог 900 ₽ до 15 ноября',
    prices: ['Тыквенный пирог: 900 ₽'],
    dates: ['until 15 November'],
    products: ['Pumpkin pie'],
  },
  'shop-front': {
    ...nothing,
    seen: 'The front of a small bakery with a yellow door.',
    text: 'Липовая, 12',
    people: 'Two adults in front of the door, smiling.',
  },
};
