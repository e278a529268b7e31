import type { Passage } from '../knowledge/document.js';
import type { PassageId } from '../shared/ids.js';

/** What of the catalogue may be what a question asks for; empty: nothing fits. */
export interface CatalogueFit {
  readonly fits: readonly PassageId[];
}

/**
 * A product is one that is asked for when more than half of what the question names is said of it, or more than half of
 * its name is in the question. Half is not enough: "carrot cake" is half of "honey cake". The figures come from the
 * question set of fit.test.ts.
 */
export const fitRules = {
  moreThan: 0.5,
  /**
   * How near a product must be in meaning that has no word in common with the question. Where some words are shared, words
   * decide: a pumpkin pie is as near to a cherry pie as any two names of one thing.
   */
  similarity: 0.75,
} as const;

/**
 * Which of the products that a search has found fit the question. Whether one really is meant, the writer judges.
 * @returns undefined when the question names nothing ("How much?"): what it is about stands elsewhere
 */
export function fittingProducts(question: string, passages: readonly Passage[]): CatalogueFit | undefined {
  const asked = namesIn(question);
  if (asked.size === 0) return undefined;
  const products = passages.filter(({ productId }) => productId !== undefined);
  return { fits: products.filter((passage) => fits(asked, passage)).map(({ id }) => id) };
}

function fits(asked: ReadonlySet<string>, { title, text, similarity = 0 }: Passage): boolean {
  const { moreThan } = fitRules;
  const said = namesIn(`${title}\n${toldOf(text)}`);
  const named = shareOf(asked, said);
  // "Медовик · Honey cake": each name by itself.
  const names = title.split(/\s[·|/–—-]\s|[(),;]/u).map(namesIn);
  const called = Math.max(...names.map((name) => shareOf(name, asked)));
  if (named > moreThan || called > moreThan) return true;
  return named === 0 && similarity >= fitRules.similarity;
}

function shareOf(wanted: ReadonlySet<string>, there: ReadonlySet<string>): number {
  return wanted.size === 0 ? 0 : [...wanted].filter((word) => there.has(word)).length / wanted.size;
}

/** Of a product's passage what is said of it, without its price and whether it is there: every product has these. */
function toldOf(text: string): string {
  return text
    .split('\n')
    .filter((line) => /^(?:Артикул|Теги|Описание)/u.test(line))
    .map((line) => line.slice(line.indexOf(':') + 1))
    .join('\n');
}

/** The words that name something, without their endings. */
function namesIn(text: string): ReadonlySet<string> {
  const words =
    text
      .normalize('NFKC')
      .toLowerCase()
      .replaceAll('ё', 'е')
      .match(/[\p{L}\p{Nd}]+/gu) ?? [];
  return new Set(words.filter((word) => word.length > 1 && /\p{L}/u.test(word) && !common.has(word)).map(stem));
}

/** Five letters carry the meaning in both languages; endings do not. */
function stem(word: string): string {
  return word.length > 5 ? word.slice(0, 5) : word.replace(/(?<=\p{L}{3})(?:es|s|ов|ам|ой|ый|ая|ые|[аяыиуюео])$/u, '');
}

/** What a question about a product is made of besides the product. */
const common: ReadonlySet<string> = new Set(
  `
  здравствуйте добрый доброе доброго день дня вечер утро привет подскажите скажите пожалуйста спасибо интересует
  сколько стоит стоят стоить стоимость почем цена цены ценник прайс рублей руб рубля какая какой какие каком каких какую
  есть ли имеется наличии наличие продаете продается продаются бывает бывают остался остались осталось сейчас сегодня
  завтра можно купить заказать заказ хочу хотим хотела хотел возьму взять нужен нужна нужно нужны надо у вас ваш ваша ваши
  вашем вы вам мне меня мы нам нас это этот эта эти такой такая такие такое за на из из-за до от по при про для без со во
  как что где когда или уже еще один одна одну штуку штука штук шт кг килограмм грамм гр кусок кусочек целый целая именно
  очень будет было были раньше теперь ещё также тоже только если чтобы вот там тут нет да не ни же бы то так его ее их
  день рождения рождение праздник дочки сына мамы подарок доставка доставкой доставите понедельник вторник среда среду
  четверг пятницу пятница субботу суббота воскресенье выходные неделю неделе
  hi hello hey good morning evening please thanks thank you your yours do does did is are was were be the an and or of to
  in on at for with without from by it its this that these those any some one how much many what which price prices cost
  costs pricing there have has had got get buy order want would like could can may sell selling available availability
  stock now today tomorrow still left we us our my me they them his her kg kilo gram grams piece pieces slice whole just
  also only if so when where who why not no yes am will need looking birthday party gift daughter son delivery deliver
  monday tuesday wednesday thursday friday saturday sunday weekend
  `
    .trim()
    .split(/\s+/u),
);
