import { createHash } from 'node:crypto';
import { fillers, meanings, stem } from './answers.js';
import { languageOf, phrases, plain, wordsOf } from './words.js';

/**
 * What customers of a bakery call the same thing, over both languages, beside the meanings that answers are found by.
 * This list is all that the model knows of meaning: it is a script, and a real model knows far more and errs elsewhere.
 */
const moreMeanings: readonly (readonly [string, RegExp])[] = [
  [
    'outside',
    phrases(
      'за город*, пригород*, загород*, в область, на дачу, поселок, деревн*, out of town, suburb*, outside the city, countryside, village*',
    ),
  ],
  ['city', phrases('город*, city, town, центр*, downtown')],
  [
    'arrives',
    phrases('в течение, быстро, долго, ждать, wait, usually arrives, how soon, how fast, how quickly, quickly'),
  ],
  [
    'threshold',
    phrases('бесплатная, минимальн* сумм*, от какой суммы, free delivery, delivery is free, minimum order'),
  ],
  [
    'door',
    phrases('домой, на дом, до двери, к двери, в офис, to my door, home, to our office, bring it, bring, drop off'),
  ],
  ['bread', phrases('хлеб*, буханк*, батон*, багет*, bread*, loaf, loaves, baguette*')],
  ['sourdough', phrases('закваск*, sourdough, starter')],
  ['rye', phrases('ржан*, черный хлеб, rye')],
  ['croissant', phrases('круассан*, croissant*')],
  ['pastry', phrases('выпечк*, булочк*, булк*, pastr*, bun, buns, bakery goods, baked')],
  ['honey', phrases('медовик*, медовый торт, honey cake*, medovik')],
  ['cake', phrases('торт*, пирожн*, cake*, gateau*, dessert*, десерт*')],
  ['pie', phrases('пирог*, пирож*, pie, pies, tart, tarts')],
  ['fruit', phrases('яблоч*, вишнев*, тыквен*, с яблоками, с вишней, apple*, cherry, cherries, pumpkin*')],
  ['berries', phrases('ягод*, клубник*, малин*, berry, berries, strawberr*, raspberr*')],
  ['slice', phrases('кусоч*, кусок, порци*, slice*, piece*, portion*')],
  ['holiday', phrases('праздник*, новый год, новогодн*, января, рождеств*, holiday*, new year*, january, christmas')],
  [
    'hours',
    phrases(
      'часы, часов, расписани*, график*, режим работы, до которого часа, во сколько, вечером, утром, закрывает*, открывает*, hours, schedule, evening, morning, late, early, until what time',
    ),
  ],
  [
    'where',
    phrases(
      'улиц*, адрес*, адреса, добраться, доехать, прийти, street, address*, directions, get to you, find you, где вы, где находит*, where are',
    ),
  ],
  [
    'seats',
    phrases(
      'столик*, посидеть, сидеть, сесть, кофейн*, кафе, tables, table, sit, seating, seats, eat in, dine in, cafe',
    ),
  ],
  ['gluten', phrases('целиак*, пшениц*, мук*, мука, celiac, coeliac, wheat, flour')],
  ['nuts', phrases('арахис*, фундук*, пралине, peanut*, hazelnut*, praline')],
  ['eggs', phrases('яйц*, яиц, egg, eggs')],
  ['allergy', phrases('аллерг*, непереносимост*, состав*, allerg*, intoleran*, ingredient*, contain*, содерж*')],
  ['vegan', phrases('постн*, вегетариан*, растительн*, plant based, vegetarian*, animal products, животного')],
  [
    'custom',
    phrases(
      'на заказ, под заказ, индивидуальн*, день рождения, дня рождения, юбиле*, свадьб*, свадебн*, праздничн*, custom, bespoke, birthday*, wedding*, anniversary, party',
    ),
  ],
  [
    'ahead',
    phrases(
      'заранее, за сколько дней, за три дня, за неделю, срок изготовления, готовите, готовим за, in advance, advance, ahead, lead time, three days, one week, ready, prepare',
    ),
  ],
  ['deposit', phrases('предоплат*, аванс*, задат*, prepay*, prepayment, deposit*, up front, upfront')],
  [
    'weight',
    phrases('вес*, килограмм*, кило, кг, грамм*, weigh*, weight*, kilo*, kg, size, smallest, минимальн*, маленьк*'),
  ],
  [
    'lettering',
    phrases(
      'надпис*, написать на, текст на, поздравлени*, inscription*, lettering, write on, written on, message on, name on',
    ),
  ],
  ['figures', phrases('фигурк*, украшени*, декор*, топпер*, figure*, figurine*, decoration*, decorate*, topper*')],
  ['direct', phrases('директ*, в личные сообщения, в сообщения, direct message*, dm')],
  [
    'back',
    phrases(
      'верните, вернут*, деньги, деньг*, обмен*, замен*, не понравил*, испорч*, money back, refund*, exchange*, replace*, do not like, did not like, unhappy, not satisfied, complaint*',
    ),
  ],
  ['receipt', phrases('чек*, receipt*, proof of purchase')],
  ['cancel', phrases('отмен*, передумал*, отказат*, cancel*, change my mind, changed my mind')],
  [
    'fresh',
    phrases(
      'свеж*, срок годности, испортит*, портит*, черств*, лежит, простоит, лежать, fresh*, shelf life, go off, go stale, spoil*, expire*, best before, good for',
    ),
  ],
  ['fridge', phrases('холодильник*, в холоде, fridge, refrigerat*')],
  ['freeze', phrases('морозил*, заморож*, freezer, freezing')],
  ['sack', phrases('мешк*, мешок, пакет*, упаковк*, bag, wrapped, room temperature, комнатн*')],
  [
    'pay',
    phrases(
      'безнал*, перевод*, расплат*, qr, терминал*, apple pay, google pay, bank transfer, contactless, payment*, visa, mastercard',
    ),
  ],
  ['voucher', phrases('сертификат*, ваучер*, подарочн*, gift card*, voucher*, gift certificate*')],
  ['present', phrases('подар*, презент, present, presents, gift, gifts')],
  ['valid', phrases('действу*, срок действия, valid, expires, how long is')],
];

const weights = { meaning: 1, word: 0.6, language: 0.35, any: 0.6 };

/**
 * A direction for each meaning and for each word that has none of these, added up: texts that mean the same things point
 * the same way, whatever words and language they are in. As with real models any two texts have a little in common.
 */
export function vectorOf(text: string, dimensions: number): number[] {
  const vector = new Float64Array(dimensions);
  addDirection(vector, 'any text', weights.any);
  addDirection(vector, `language ${languageOf(text)}`, weights.language);
  for (const [term, weight] of termsOf(text)) addDirection(vector, term, weight);
  const length = Math.hypot(...vector) || 1;
  return Array.from(vector, (part) => part / length);
}

/** Each counts once, however often it is said. */
function termsOf(text: string): ReadonlyMap<string, number> {
  const said = plain(text);
  const terms = new Map<string, number>();
  let rest = said;
  for (const [name, pattern] of [...meanings, ...moreMeanings]) {
    if (said.search(pattern) === -1) continue;
    terms.set(name.replace('#', ''), weights.meaning);
    rest = rest.replaceAll(pattern, ' ');
  }
  for (const word of wordsOf(rest)) if (!fillers.has(word)) terms.set(`word ${stem(word)}`, weights.word);
  return terms;
}

/** Plus or minus in every dimension, by the term's hash: any two terms are all but at right angles. */
function addDirection(vector: Float64Array, term: string, weight: number): void {
  const part = weight / Math.sqrt(vector.length);
  for (let block = 0; block * 256 < vector.length; block += 1) {
    const bits = createHash('sha256').update(`${block} ${term}`).digest();
    for (let at = 0; at < 256 && block * 256 + at < vector.length; at += 1) {
      const sign = ((bits[at >> 3] ?? 0) >> (at & 7)) & 1 ? 1 : -1;
      const place = block * 256 + at;
      vector[place] = (vector[place] ?? 0) + sign * part;
    }
  }
}
