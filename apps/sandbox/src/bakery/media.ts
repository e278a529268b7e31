/** A post of the bakery, as its followers see it. `picture` names a file of apps/sandbox/page/pictures. */
export interface BakeryMedia {
  readonly id: string;
  readonly caption: string;
  readonly type: 'IMAGE' | 'CAROUSEL_ALBUM' | 'VIDEO';
  readonly product: 'FEED' | 'REELS';
  readonly picture: string;
  /** Pictures of a carousel in their order; empty otherwise. */
  readonly children: readonly string[];
  readonly shortcode: string;
  /** Days before today; the sandbox's posts never get old. */
  readonly daysAgo: number;
  readonly likes: number;
}

/** Newest first, as on a profile. */
export const bakeryMedia: readonly BakeryMedia[] = [
  {
    id: '17900000000000101',
    caption:
      'Медовик снова на витрине 🍯 Восемь тонких коржей и сметанный крем. Honey cake is back: eight thin layers, sour cream frosting.',
    type: 'IMAGE',
    product: 'FEED',
    picture: 'honey-cake.svg',
    children: [],
    shortcode: 'WBhoney01',
    daysAgo: 1,
    likes: 214,
  },
  {
    id: '17900000000000102',
    caption:
      'Хлеб на закваске: сутки брожения, каменная печь и ничего лишнего 🍞 Sourdough: a day of fermentation and a stone oven.',
    type: 'IMAGE',
    product: 'FEED',
    picture: 'sourdough.svg',
    children: [],
    shortcode: 'WBsour002',
    daysAgo: 3,
    likes: 187,
  },
  {
    id: '17900000000000103',
    caption: 'Семь утра, первая партия круассанов 🥐 Seven in the morning, first batch of croissants out of the oven.',
    type: 'VIDEO',
    product: 'REELS',
    picture: 'croissants-reel.svg',
    children: [],
    shortcode: 'WBreel003',
    daysAgo: 5,
    likes: 642,
  },
  {
    id: '17900000000000104',
    caption: 'Торты на день рождения собираем под вас 🎂 Birthday cakes made to order: tell us the day and the dream.',
    type: 'IMAGE',
    product: 'FEED',
    picture: 'birthday-cake.svg',
    children: [],
    shortcode: 'WBcake004',
    daysAgo: 8,
    likes: 305,
  },
  {
    id: '17900000000000105',
    caption: 'Сезонные пироги: яблоко, вишня, тыква 🥧 Листайте! Seasonal pies: apple, cherry, pumpkin. Swipe!',
    type: 'CAROUSEL_ALBUM',
    product: 'FEED',
    picture: 'pie-apple.svg',
    children: ['pie-apple.svg', 'pie-cherry.svg', 'pie-pumpkin.svg'],
    shortcode: 'WBpies005',
    daysAgo: 12,
    likes: 268,
  },
  {
    id: '17900000000000106',
    caption: 'Мы открыли вторую пекарню на Липовой, 12 💛 Our second shop is open at 12 Linden Street!',
    type: 'IMAGE',
    product: 'FEED',
    picture: 'shop-front.svg',
    children: [],
    shortcode: 'WBshop006',
    daysAgo: 16,
    likes: 431,
  },
];
