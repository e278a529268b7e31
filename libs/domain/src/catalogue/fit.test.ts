import { describe, expect, it } from 'vitest';
import type { Passage } from '../knowledge/document.js';
import { PassageId, ProductId } from '../shared/ids.js';
import { fittingProducts } from './fit.js';
import { passageOf, type ProductDetails } from './product.js';

const usual = { description: undefined, price: undefined, availability: 'in-stock', url: undefined } as const;
const product = (sku: string, title: string, tags: readonly string[] = [], description?: string): ProductDetails => ({
  ...usual,
  sku,
  title,
  tags,
  description,
});

/** A bakery's catalogue, in the usual styles: two languages, one language, with a unit, with tags. */
const shop: readonly ProductDetails[] = [
  product('HC-1', 'Медовик · Honey cake, 1 kg', ['торт', 'cake']),
  product('NP-1', 'Торт «Наполеон» · Napoleon cake', ['торт', 'cake']),
  product('RB-1', 'Ржаной хлеб · Rye bread', ['хлеб', 'bread']),
  product('SB-1', 'Хлеб на закваске · Sourdough bread', ['хлеб', 'bread']),
  product('CR-1', 'Круассан сливочный · Butter croissant', ['выпечка', 'pastry']),
  product('CR-2', 'Круассан с миндалём · Almond croissant', ['выпечка', 'pastry']),
  product('CP-1', 'Вишнёвый пирог · Cherry pie', ['пирог', 'pie']),
  product('AP-1', 'Яблочный пирог · Apple pie', ['пирог', 'pie'], 'Антоновка, корица · Antonovka apples, cinnamon'),
  product('GC-1', 'Подарочный сертификат · Gift card', ['сертификат']),
];

const passages: readonly Passage[] = shop.map((details, index) => ({
  ...passageOf(details),
  id: PassageId.parse(`00000000-0000-4000-8000-00000000000${index}`),
  documentId: undefined,
  productId: ProductId.parse(`00000000-0000-4000-9000-00000000000${index}`),
  heading: undefined,
  place: undefined,
  score: 1,
  similarity: undefined,
}));

function fitting(question: string): readonly string[] {
  const fits = fittingProducts(question, passages)?.fits ?? [];
  return passages.flatMap(({ id }, index) => (fits.includes(id) ? [shop[index]?.sku ?? ''] : []));
}

/** Asked for, and there. */
const there: readonly (readonly [question: string, sku: string])[] = [
  ['Сколько стоит медовик?', 'HC-1'],
  ['Почём у вас медовик на день рождения дочки?', 'HC-1'],
  ['Здравствуйте! Хотим заказать медовик на субботу, какая цена?', 'HC-1'],
  ['How much is the honey cake?', 'HC-1'],
  ['honey cake price please', 'HC-1'],
  ['Hi! What does a kilo of honey cake cost these days?', 'HC-1'],
  ['Сколько стоит наполеон', 'NP-1'],
  ['Is the Napoleon cake available?', 'NP-1'],
  ['ржаной хлеб есть?', 'RB-1'],
  ['Цена ржаного хлеба?', 'RB-1'],
  ['how much for rye bread', 'RB-1'],
  ['Сколько стоит хлеб на закваске?', 'SB-1'],
  ['Do you have sourdough bread today?', 'SB-1'],
  ['почем сливочные круассаны', 'CR-1'],
  ['Круассан с миндалем сколько?', 'CR-2'],
  ['How much is an almond croissant?', 'CR-2'],
  ['вишневый пирог почём', 'CP-1'],
  ['price of a cherry pie?', 'CP-1'],
  ['Сколько стоит яблочный пирог целиком?', 'AP-1'],
  ['Apple pie — how much?', 'AP-1'],
  ['Сколько стоит подарочный сертификат?', 'GC-1'],
  ['do you sell gift cards?', 'GC-1'],
  ['HC-1 есть?', 'HC-1'],
];

/** Asked for, and not there: next to nothing in common. */
const notThere: readonly string[] = [
  'Сколько стоят эклеры?',
  'Почём макаруны?',
  'Do you have bagels?',
  'How much is a cheesecake?',
  'Есть ли у вас пончики?',
  'Сколько стоит тирамису?',
  'Do you sell coffee beans?',
  'Какая цена на зефир?',
];

/** The same, with a word in common: another cake, another bread. */
const nearlyThere: readonly string[] = [
  'Сколько стоит морковный торт?',
  'How much is the carrot cake?',
  'Цена шоколадного торта?',
  'How much is the chocolate cake?',
  'Сколько стоит хлеб с орехами?',
  'Do you have banana bread?',
  'Почём круассан с фисташкой?',
  'How much is a pistachio croissant?',
  'Сколько стоит грушевый пирог?',
  'How much is the pear pie?',
  'Is there a rhubarb pie?',
  'Почём безглютеновый хлеб?',
];

describe('what fits a question', () => {
  it.each(there)('%s asks for what is there: %s', (question, sku) => {
    expect(fitting(question)).toContain(sku);
  });

  it.each(notThere)('%s asks for what is not in the catalogue', (question) => {
    expect(fitting(question)).toEqual([]);
  });

  it.each(nearlyThere)('%s asks for what only sounds alike', (question) => {
    expect(fitting(question)).toEqual([]);
  });

  it('is measured', () => {
    const found = there.filter(([question, sku]) => fitting(question).includes(sku)).length;
    const refused = (list: readonly string[]): number => list.filter((one) => fitting(one).length === 0).length;
    process.stdout.write(
      `catalogue fit by words: ${found}/${there.length} found; not there ${refused(notThere)}/${notThere.length} refused; ` +
        `hard negatives ${refused(nearlyThere)}/${nearlyThere.length} refused\n`,
    );
    expect(found / there.length).toBeGreaterThanOrEqual(0.95);
    expect(refused(nearlyThere) / nearlyThere.length).toBeGreaterThanOrEqual(0.9);
  });

  it('may be told by meaning where no word is shared', () => {
    const [first] = passages;
    if (!first) throw new Error('there is one');
    const near = { ...first, similarity: 0.8 };
    expect(fittingProducts('Почём ваша классика с пчелиным вкусом?', [near])?.fits).toEqual([first.id]);
    expect(fittingProducts('Почём эклеры?', [{ ...first, similarity: 0.4 }])?.fits).toEqual([]);
  });

  it('is not told by meaning where a word is shared: what sounds alike is near, too', () => {
    const near = passages.map((passage) => ({ ...passage, similarity: 0.9 }));
    expect(fittingProducts('Сколько стоит тыквенный пирог?', near)?.fits.map((id) => id.at(-1))).not.toContain('6');
  });

  it('is not known of a question that names nothing', () => {
    for (const question of ['Сколько стоит?', 'How much is it?', '🍰?', ''])
      expect(fittingProducts(question, passages)).toBeUndefined();
  });

  it('is never a document', () => {
    const [first] = passages;
    if (!first) throw new Error('there is one');
    expect(fittingProducts('Сколько стоит медовик?', [{ ...first, productId: undefined }])?.fits).toEqual([]);
  });
});
