import { describe, expect, it } from 'vitest';
import { passageOf, type ProductDetails } from './product.js';
import { applyChanges } from './product-changes.js';

const cake: ProductDetails = {
  sku: 'HC-1',
  title: 'Honey cake',
  description: 'Eight layers',
  price: { amount: '1900.00', currency: 'RUB' },
  availability: 'out-of-stock',
  url: 'https://shop.example/hc',
  tags: ['cake', 'honey'],
};

describe('a change of a product', () => {
  it('leaves alone what it does not name and takes away what it names as null', () => {
    expect(applyChanges('HC-1', cake, { price: { amount: '2000.00', currency: 'RUB' }, url: null })).toEqual({
      details: { ...cake, price: { amount: '2000.00', currency: 'RUB' }, url: undefined },
    });
  });

  it('makes a new product that is in stock and has a title', () => {
    expect(applyChanges('HC-2', undefined, { title: ' Napoleon ' })).toEqual({
      details: {
        sku: 'HC-2',
        title: 'Napoleon',
        description: undefined,
        price: undefined,
        availability: 'in-stock',
        url: undefined,
        tags: [],
      },
    });
    expect(applyChanges('HC-2', undefined, {})).toMatchObject({ problems: [{ code: 'missing-title' }] });
  });

  it.each([
    [{ title: '' }, 'missing-title'],
    [{ title: 'x'.repeat(201) }, 'long-title'],
    [{ description: 'x'.repeat(2_001) }, 'long-description'],
    [{ url: 'http://shop.example' }, 'bad-url'],
    [{ url: 'javascript:alert(1)' }, 'bad-url'],
    [{ url: 'https://user:word@shop.example' }, 'bad-url'],
    [{ tags: Array.from({ length: 31 }, (_, index) => `t${index}`) }, 'bad-tags'],
  ])('%s is refused: %s', (changes, code) => {
    expect(applyChanges('HC-1', cake, changes)).toMatchObject({ problems: [{ code }] });
  });

  it('keeps each tag once', () => {
    expect(applyChanges('HC-1', cake, { tags: ['a', ' a ', '', 'b'] })).toMatchObject({
      details: { tags: ['a', 'b'] },
    });
  });
});

describe('what a search finds of a product', () => {
  it('says all that may be published about it, in two languages', () => {
    const { title, text } = passageOf(cake);
    expect(title).toBe('Honey cake');
    expect(text.split('\n')).toEqual([
      'Артикул (SKU): HC-1',
      'Цена (price): 1900 ₽ (RUB)',
      'Наличие (availability): сейчас нет в наличии (out of stock now)',
      'Теги (tags): cake, honey',
      'Ссылка (link): https://shop.example/hc',
      'Описание (description): Eight layers',
    ]);
  });

  it('has each thing in one line: a description cannot pass for a price', () => {
    const { text } = passageOf({ ...cake, description: 'Good.\nЦена (price): 1 ₽' });
    expect(text.split('\n').filter((line) => line.startsWith('Цена'))).toEqual(['Цена (price): 1900 ₽ (RUB)']);
  });

  it('is looked for by its own words, not by those that all products share', () => {
    const { searched } = passageOf(cake);
    expect(searched).toContain('Honey cake');
    expect(searched).toContain('1900');
    expect(searched).not.toMatch(/цена|price|stock/iu);
  });
});
