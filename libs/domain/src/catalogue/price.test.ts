import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amountText, priceText, readPrice } from './price.js';

const read = (text: string, currency?: string, otherwise?: string): string => {
  const result = readPrice({ text, currency, otherwise });
  return 'value' in result ? `${result.value.amount} ${result.value.currency}` : result.problem.code;
};

describe('a price as people write it', () => {
  it.each([
    ['1900 ₽', '1900.00 RUB'],
    ['1 900,50 ₽', '1900.50 RUB'],
    ['1\u00A0900 руб.', '1900.00 RUB'],
    ['1\u202F900,5\u00A0р.', '1900.50 RUB'],
    ['$12.50', '12.50 USD'],
    ['12,5 €', '12.50 EUR'],
    ['EUR 12', '12.00 EUR'],
    ['1,234,567.89 USD', '1234567.89 USD'],
    ['1.234.567,89 EUR', '1234567.89 EUR'],
    ['1,234.5 $', '1234.50 USD'],
    ['1’234.50 CHF', '1234.50 CHF'],
    ['+5 £', '5.00 GBP'],
    ['007 ₽', '7.00 RUB'],
    ['1900.000 ₽', '1900.00 RUB'],
    ['1500 ¥', '1500 JPY'],
    ['0,125 KWD', '0.125 KWD'],
    ['１９００ ₽', '1900.00 RUB'],
  ])('%s is %s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it.each([
    ['1,900 $', 'ambiguous-price'],
    ['1.900 ₽', 'ambiguous-price'],
    ['12.345 ₽', 'ambiguous-price'],
    ['1900.005 ₽', 'price-too-precise'],
    ['0,125 ₽', 'price-too-precise'],
    ['10.5 JPY', 'price-too-precise'],
    ['-5 ₽', 'negative-price'],
    ['−5 ₽', 'negative-price'],
    ['0 ₽', 'zero-price'],
    ['0,00 ₽', 'zero-price'],
    ['от 600 ₽', 'bad-price'],
    ['1900 ₽/кг', 'bad-price'],
    ['100 - 200 ₽', 'bad-price'],
    ['1900 / 290 ₽', 'bad-price'],
    ['10 00 ₽', 'bad-price'],
    ['1,23,456 ₽', 'bad-price'],
    ['1.2.3 ₽', 'bad-price'],
    ['$5 €', 'bad-price'],
    ['=1+1', 'bad-price'],
    ['free', 'bad-price'],
    ['1e3', 'bad-price'],
    ['9999999999999 ₽', 'bad-price'],
    ['1900', 'missing-currency'],
  ])('%s is refused: %s', (text, code) => {
    expect(read(text)).toBe(code);
  });

  it('takes its currency from beside it, and else from the file', () => {
    expect(read('1900', 'RUB')).toBe('1900.00 RUB');
    expect(read('1900', 'руб.')).toBe('1900.00 RUB');
    expect(read('1900', '', 'EUR')).toBe('1900.00 EUR');
    expect(read('1900 ₽', undefined, 'EUR')).toBe('1900.00 RUB');
    expect(read('$5', 'CAD')).toBe('5.00 CAD');
    expect(read('¥5', 'CNY')).toBe('5.00 CNY');
  });

  it('is refused when two things beside it disagree, or one is no currency', () => {
    expect(read('5 €', 'RUB')).toBe('currency-conflict');
    expect(read('5', 'XXX')).toBe('unknown-currency');
    expect(read('5', 'monkeys')).toBe('unknown-currency');
  });

  it('is exact, however large or small: what is read says the digits that were written', () => {
    const whole = fc.integer({ min: 1, max: 999_999_999 });
    const cents = fc.integer({ min: 0, max: 99 });
    fc.assert(
      fc.property(whole, cents, fc.constantFrom(',', '.'), fc.boolean(), (units, rest, point, spaces) => {
        const decimals = String(rest).padStart(2, '0');
        const written = spaces ? String(units).replaceAll(/\B(?=(?:\d{3})+$)/gu, ' ') : String(units);
        expect(read(`${written}${point}${decimals} ₽`)).toBe(`${units}.${decimals} RUB`);
      }),
    );
  });

  it('is never read out of any text without saying why', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(read(text)).toMatch(/^(?:\d+(?:\.\d+)? [A-Z]{3}|[a-z-]+)$/u);
      }),
    );
  });

  it('is shown as people write it', () => {
    expect(priceText({ amount: '1900.00', currency: 'RUB' })).toBe('1900 ₽ (RUB)');
    expect(priceText({ amount: '12.50', currency: 'CHF' })).toBe('12.50 CHF');
    expect(amountText({ amount: '1500', currency: 'JPY' })).toBe('1500');
  });
});
