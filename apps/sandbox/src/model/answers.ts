import { orders } from './lexicon.js';
import { notInCatalogue, productIn } from './products.js';
import { languageOf, phrases, plain, sentencesOf, wordsOf } from './words.js';

export interface ModelPassage {
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

/** What the model writes when asked to answer. */
export interface ModelAnswer {
  readonly answerable: boolean;
  readonly answer: string;
  readonly sources: readonly string[];
}

/** What of the catalogue fits the question, as the model is told; nothing when the brand has no catalogue. */
export interface ModelCatalogue {
  readonly fits: readonly string[];
}

interface Candidate {
  readonly sentence: string;
  readonly source: string;
  readonly order: number;
  /** Share of the question that the sentence covers, itself or by the heading above it. */
  readonly cover: number;
  /** Share of its heading that was asked for. */
  readonly focus: number;
}

/** Part of the question that a sentence must cover to be taken for an answer. */
const enough = 0.6;
const longestAnswer = 300;
const nothing: ModelAnswer = { answerable: false, answer: '', sources: [] };

/**
 * Answers from the sentences of the passages alone, in the question's language, word for word; where none of them
 * covers the question there is no answer.
 */
export function answerFrom(
  question: string,
  passages: readonly ModelPassage[],
  catalogue?: ModelCatalogue,
): ModelAnswer {
  const asked = sentencesOf(question).filter((sentence) => plain(sentence).search(orders) === -1);
  const wanted = termsOf(asked.filter((sentence) => sentence.includes('?')).join(' ') || asked.join(' '));
  if (wanted.size === 0) return nothing;
  const language = languageOf(question);
  const candidates = candidatesFor(wanted, language, sourcesFor(wanted, passages, language, catalogue));
  const [best] = candidates;
  if (!best || best.cover < enough) {
    const missing = catalogue?.fits.length === 0 && wanted.has('#price') && wanted.size > 1;
    return missing ? { answerable: true, answer: notInCatalogue(language), sources: [] } : nothing;
  }

  const taken = [best];
  for (const next of candidates.slice(1)) {
    const length = taken.reduce((sum, { sentence }) => sum + sentence.length + 1, 0) + next.sentence.length;
    if (taken.length < 2 && next.cover === best.cover && next.source === best.source && length <= longestAnswer)
      taken.push(next);
  }
  return {
    answerable: true,
    answer: taken
      .toSorted((left, right) => left.order - right.order)
      .map(({ sentence }) => sentence)
      .join(' '),
    sources: [...new Set(taken.map(({ source }) => source))],
  };
}

/** Prices come from the catalogue alone as soon as there is one. */
function sourcesFor(
  wanted: ReadonlySet<string>,
  passages: readonly ModelPassage[],
  language: string,
  catalogue: ModelCatalogue | undefined,
): readonly ModelPassage[] {
  if (!wanted.has('#price')) return passages;
  const products = passages.filter(({ title, text }) => productIn(title, text, language) !== undefined);
  if (catalogue) return products.filter(({ id }) => catalogue.fits.includes(id));
  return products.length > 0 ? products : passages;
}

function candidatesFor(wanted: ReadonlySet<string>, language: string, passages: readonly ModelPassage[]): Candidate[] {
  const candidates: Candidate[] = [];
  for (const passage of passages) {
    const product = productIn(passage.title, passage.text, language);
    if (product) {
      const cover = coverOf(wanted, termsOf(product.sentence), termsOf(product.around));
      if (cover > 0)
        candidates.push({ sentence: product.sentence, source: passage.id, order: candidates.length, cover, focus: 0 });
      continue;
    }
    const around = termsOf(`${passage.title} ${headingsOf(passage.text)}`);
    const focus = [...around].filter((term) => wanted.has(term)).length / Math.max(1, around.size);
    for (const sentence of sentencesOf(passage.text)) {
      if (languageOf(sentence) !== language || sentence.length > longestAnswer) continue;
      const cover = coverOf(wanted, termsOf(sentence), around);
      if (cover > 0) candidates.push({ sentence, source: passage.id, order: candidates.length, cover, focus });
    }
  }
  // Of two that cover it alike the one about less else: who asks about delivery does not ask about delivery out of town.
  return candidates.toSorted(
    (left, right) => right.cover - left.cover || right.focus - left.focus || left.order - right.order,
  );
}

/** A term in the sentence counts whole, in the heading half; a price or time that is asked for must be in the sentence. */
function coverOf(wanted: ReadonlySet<string>, said: ReadonlySet<string>, around: ReadonlySet<string>): number {
  let sum = 0;
  for (const term of wanted) {
    if (said.has(term)) sum += 1;
    else if (mustBeSaid.has(term)) return 0;
    else if (around.has(term)) sum += 0.5;
  }
  // The heading alone answers nothing.
  return [...wanted].some((term) => said.has(term)) ? sum / wanted.size : 0;
}

function headingsOf(text: string): string {
  return [...text.matchAll(/^#{1,6}\s+(.+)$/gmu)].map(([, heading]) => heading ?? '').join(' ');
}

const mustBeSaid = new Set(['#price', '#place']);

/** Words of one meaning, over both languages. */
export const meanings: readonly (readonly [string, RegExp])[] = [
  ['#price', phrases('цен*, сто*т, стоимост*, почем, how much, price*, cost*, бесплатн*, free')],
  ['#delivery', phrases('достав*, привез*, привоз*, курьер*, deliver*, shipping, ship, courier*')],
  ['#open', phrases('открыт*, работает*, работаем, часы работы, open, opening hours, close, closing, до скольки')],
  // Who is there every day is there at weekends, too.
  [
    '#weekend',
    phrases('суббот*, воскресень*, выходн*, saturday*, sunday*, weekend*, каждый день, ежедневно, every day'),
  ],
  ['#place', phrases('находит*, адрес*, где вы, located, address*, where are you')],
  ['#pay', phrases('оплат*, платить, карт*, наличн*, pay, card, cards, cash')],
  ['#order', phrases('заказ*, order*')],
  ['#freeze', phrases('замороз*, freeze, frozen')],
  ['#keep', phrases('хран*, keep, keeps, store, stored, last')],
  ['#refund', phrases('возврат*, вернуть, верн*, refund*, return*')],
  ['#gift', phrases('подаро*, сертификат*, gift*')],
  ['#gluten', phrases('глютен*, безглютен*, gluten*')],
  ['#nuts', phrases('орех*, орех, nut, nuts, миндал*, almond*')],
  ['#milk', phrases('молок*, лактоз*, milk, dairy, lactose')],
  ['#vegan', phrases('веган*, vegan*')],
  ['#pickup', phrases('самовывоз*, забрать, pickup, pick up, pick it up')],
];

/** What a question is made of besides its subject, and what every text of a bakery contains. */
export const fillers = new Set(
  `
  здравствуйте добрый день привет подскажите пожалуйста скажите сколько какой какая какие каком как где когда что
  это есть ли у вас вы ваш ваша ваши наш мы мне меня нам нас я а и в во на до за с со по из от к или не ни же бы
  то так для можно нужно надо вам вас сейчас ещё еще уже очень дней день сына дочки сегодня завтра
  hi hello hey please tell me how much many long what when where which who is are am be do does did can could will
  would i we you your our my the a an of to in on at for with from and or not no there it its this that these
  those any some one if so just now have has had get got make sell shop come take day days time today tomorrow
  `
    .trim()
    .split(/\s+/u),
);

function termsOf(text: string): ReadonlySet<string> {
  let rest = plain(text);
  const terms = new Set<string>();
  for (const [name, pattern] of meanings) {
    const without = rest.replaceAll(pattern, ' ');
    if (without !== rest) terms.add(name);
    rest = without;
  }
  for (const word of wordsOf(rest)) {
    if (!fillers.has(word) && /\p{L}/u.test(word)) terms.add(stem(word));
  }
  return terms;
}

/** Five letters carry the meaning in both languages; endings do not. */
export function stem(word: string): string {
  return word.length > 5 ? word.slice(0, 5) : word.replace(/(?<=\p{L}{3})(?:s|[аяыиуюеой])$/u, '');
}
