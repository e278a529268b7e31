import { describe, expect, it } from 'vitest';
import { isUsable, readHeader, readLine, withoutDoubles, type Columns, type ReadLine } from './import-lines.js';

function columns(...headings: string[]): Columns {
  const read = readHeader(headings);
  if (typeof read === 'string') throw new Error(read);
  return read;
}

const usual = columns('sku', 'title', 'description', 'price', 'currency', 'availability', 'url', 'tags');

function line(...cells: string[]): ReadLine {
  const read = readLine({ line: 2, cells }, usual, 'RUB');
  if (!read) throw new Error('nothing was read');
  return read;
}

const codes = ({ problems }: ReadLine): readonly string[] => problems.map(({ code }) => code);

describe('the headings of a catalogue file', () => {
  it('are known in English and in Russian, in any order and spelling', () => {
    expect(columns('Title', 'SKU', 'Price').at).toEqual({ title: 0, sku: 1, price: 2 });
    expect(columns('Цена', 'НАИМЕНОВАНИЕ', ' Артикул: ', 'Наличие').at).toEqual({
      price: 0,
      title: 1,
      sku: 2,
      availability: 3,
    });
    expect(columns('item_code', 'product-name', 'In stock').at).toEqual({ sku: 0, title: 1, availability: 2 });
  });

  it('may name the currency of the prices', () => {
    expect(columns('sku', 'Price, EUR')).toMatchObject({ at: { price: 1 }, currency: 'EUR' });
    expect(columns('sku', 'Цена (руб.)')).toMatchObject({ at: { price: 1 }, currency: 'RUB' });
    expect(columns('sku', 'Цена ₽')).toMatchObject({ at: { price: 1 }, currency: 'RUB' });
  });

  it('that mean nothing here are reported', () => {
    expect(columns('sku', 'Colour', 'title', 'Weight').unknown).toEqual(['Colour', 'Weight']);
  });

  it('name a shop\u2019s number when there is no sku, and leave it alone beside one', () => {
    expect(columns('id', 'title')).toMatchObject({ at: { sku: 0 }, unknown: [] });
    expect(columns('id', 'sku')).toMatchObject({ at: { sku: 1 }, unknown: ['id'] });
  });

  it('are refused with what to do when none is the sku, or two are the same', () => {
    expect(readHeader(['title', 'price'])).toContain('no column "sku"');
    expect(readHeader(['', ''])).toContain('first line is empty');
    expect(readHeader(['sku', 'price', 'Цена'])).toContain('Two columns are the price: "price" and "Цена"');
  });
});

describe('a line of a catalogue file', () => {
  it('says what a product is', () => {
    expect(
      line('HC-1', 'Honey cake', 'Eight layers', '1 900,50', '', 'в наличии', 'https://shop.example/hc', 'cake; honey'),
    ).toEqual({
      line: 2,
      sku: 'HC-1',
      changes: {
        title: 'Honey cake',
        description: 'Eight layers',
        price: { amount: '1900.50', currency: 'RUB' },
        availability: 'in-stock',
        url: 'https://shop.example/hc',
        tags: ['cake', 'honey'],
      },
      problems: [],
    });
  });

  it('takes away what its cells leave empty, and leaves alone what has no column', () => {
    expect(line('HC-1', 'Honey cake', '', '', '', '', '', '').changes).toEqual({
      title: 'Honey cake',
      description: null,
      price: null,
      url: null,
      tags: [''],
    });
    expect(readLine({ line: 2, cells: ['HC-1', '5 ₽'] }, columns('sku', 'price'), undefined)?.changes).toEqual({
      price: { amount: '5.00', currency: 'RUB' },
    });
  });

  it.each([
    ['out of stock', 'out-of-stock'],
    ['Нет в наличии', 'out-of-stock'],
    ['0', 'out-of-stock'],
    ['15', 'in-stock'],
    ['Под заказ', 'made-to-order'],
    ['PRE-ORDER', 'preorder'],
    ['Снят с производства', 'discontinued'],
  ])('says in many words that it is there or not: %s is %s', (said, availability) => {
    expect(line('HC-1', 'Honey cake', '', '', '', said).changes.availability).toBe(availability);
  });

  it('that is empty is no line', () => {
    expect(readLine({ line: 3, cells: ['', '  ', '\u00A0'] }, usual, 'RUB')).toBeUndefined();
  });

  it.each([
    [['', 'Honey cake'], 'missing-sku'],
    [['x'.repeat(65), 'Honey cake'], 'bad-sku'],
    [['imports', 'Honey cake'], 'bad-sku'],
    [['HC-1', 'Honey cake', '', 'dear'], 'bad-price'],
    [['HC-1', 'Honey cake', '', '5', 'XX'], 'unknown-currency'],
    [['HC-1', 'Honey cake', '', '', '', 'perhaps'], 'unknown-availability'],
    [['HC-1', 'Honey cake', 'br\uFFFDken'], 'unreadable'],
    [['HC-1', 'Honey cake', '', '', '', '', '', '', 'more'], 'too-many-cells'],
  ])('%s is not used: %s', (cells, code) => {
    const read = line(...cells);
    expect(codes(read)).toEqual([code]);
    expect(isUsable(read)).toBe(false);
  });

  // audit 51
  it.each(['=HYPERLINK("https://evil.example","Cake")', '+1+cmd', '-2+3', '@SUM(A1)'])(
    'that begins like a formula is the text that it is, with a remark: %s',
    (title) => {
      const read = line('HC-1', title);
      expect(read.changes.title).toBe(title);
      expect(codes(read)).toEqual(['formula']);
      expect(isUsable(read)).toBe(true);
    },
  );

  it('has no price that would have to be calculated', () => {
    expect(codes(line('HC-1', 'Honey cake', '', '=1000+900'))).toEqual(['bad-price']);
  });

  it('tells everything that is wrong with it at once', () => {
    expect(codes(line('', 'Honey cake', '', 'x', '', 'perhaps'))).toEqual([
      'missing-sku',
      'bad-price',
      'unknown-availability',
    ]);
  });
});

describe('lines with one sku', () => {
  it('are told which of them is used: the first that can be', () => {
    const lines = [
      { ...line('A', 'One', '', 'dear'), line: 2 },
      { ...line('A', 'Two'), line: 3 },
      { ...line('B', 'Other'), line: 4 },
      { ...line('A', 'Three'), line: 5 },
    ];
    expect(withoutDoubles(lines).map((each) => [each.line, codes(each)])).toEqual([
      [2, ['bad-price', 'duplicate-sku']],
      [3, []],
      [4, []],
      [5, ['duplicate-sku']],
    ]);
  });
});
