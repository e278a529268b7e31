import { scriptOf } from '../../shared/scripts.js';
import { languageOf } from '../../shared/languages.js';

/** Words of politeness and of every shop, in what they begin with: they claim nothing. */
const courtesy = new Set(
  `much many thank thanks pleas welco hello happy love glad enjoy great sure cours today tomor visit come order shop store ask
  asked answe quest happi wonde sorry see soon have yes always take would could shoul about hope stop by always
  here there with from that this these those your will their they when what where which while more also just very
  them some available avail offer make made sell have price prices cost costs open close closed deliver delive kinds
  team weekd week weeks nice looki forwa forward drop direct messag write reach conta detai infor help check
  спаси пожал здрав добры привет рады будем всегд заход прихо ждем ждём конеч сегод завтр закаж заказ вопро отвеч
  хорош отлич прият с уваж извин можно можем может нужно будет есть также тоже очень наши нашей нашем нашу наша ваш
  ваша ваши вашем вам вас нас нам который котор чтобы если когда где как какой какая это этот эта эти для при сейча
  цена цены стоит стоят стоим магаз работ откры закры достав привоз напиш свяжи подроб инфор помож помощ загля угост
  gerne danke bitte hallo willk freue natür immer heute unser unsere haben könne gracia hola siempr claro bienve
  puede puedes nuestr merci bonjo bienv toujo notre votre pouvez`
    .trim()
    .split(/\s+/u),
);

/** So many characters of the comment in an answer, and of no passage, are repeated, not answered. */
const echo = 24;
/** Fewer words of substance say too little to be judged. */
const fewest = 6;
/** Of all of them so many must be the brand's own words, or the customer's. */
const leastShare = 0.25;
/** In one sentence so many, and none of them known, are an invention or somebody else's words. */
const strangeInOneSentence = 5;

/**
 * What the answer says that no cited passage says: where nearly nothing is theirs, it was not drawn from them. The
 * question's own words do not count: a stranger chose them. Only where words can be compared. Texts as `plain` makes them.
 */
export function strangeIn(text: string, sources: string): string | undefined {
  const known = new Set(stems(sources));
  let [all, own] = [0, 0];
  for (const sentence of text.split(/(?<=[.!?…\n])\s+/u)) {
    const said = substance(sentence);
    const theirs = said.filter((stem) => known.has(stem)).length;
    if (said.length >= strangeInOneSentence && theirs === 0) return sentence.slice(0, 80);
    all += said.length;
    own += theirs;
  }
  return all >= fewest && own / all < leastShare ? text.slice(0, 80) : undefined;
}

/** What the answer repeats of the comment though no passage says it. All texts as `plain` makes them. */
export function echoIn(text: string, sources: string, comment: string): string | undefined {
  for (let from = 0; from + echo <= text.length; from += 1) {
    const run = text.slice(from, from + echo);
    if (comment.includes(run) && !sources.includes(run)) return run;
  }
  return undefined;
}

/** The words that claim something, in what they begin with. @param text as `plain` makes it */
export function substance(text: string): readonly string[] {
  return stems(text).filter((stem) => !courtesy.has(stem));
}

/**
 * Whether one of the lines speaks of what is spoken of. Words of different alphabets cannot be compared: where no line has
 * any of the same one, it is taken for granted.
 * @param lines what each of them speaks of, as `substance` tells
 */
export function saysOfTheSame(about: ReadonlySet<string>, lines: readonly (readonly string[])[]): boolean {
  if (about.size === 0) return lines.length > 0;
  const alphabets = new Set([...about].map(alphabetOf));
  const alike = lines.filter((line) => line.some((stem) => alphabets.has(alphabetOf(stem))));
  return alike.length === 0 ? lines.length > 0 : alike.some((line) => line.some((stem) => about.has(stem)));
}

/** The sentence of a text in which this place is. */
export function sentenceAt(text: string, at: number): string {
  const before =
    text
      .slice(0, at)
      .split(/[.!?;…] /u)
      .at(-1) ?? '';
  return before + (text.slice(at).split(/[.!?;…] /u)[0] ?? '');
}

function alphabetOf(stem: string): string {
  if (/\p{Script=Latin}/u.test(stem)) return 'Latin';
  return /\p{Script=Cyrillic}/u.test(stem) ? 'Cyrillic' : 'another';
}

/**
 * Whether the words of an answer can be compared with those of its passages: of the same alphabet, and as far as it shows
 * of the same language. All texts as `plain` makes them.
 */
export function comparable(text: string, sources: string, question: string): boolean {
  const [script, known] = [scriptOf(text), scriptOf(sources)];
  if (script === undefined || (known !== undefined && known !== script)) return script === undefined;
  const written = languageOf(`${text} ${question}`);
  // Passages may be in two languages of two alphabets.
  const theirs = languageOf(
    sources.replaceAll(script === 'Latin' ? /\p{Script=Cyrillic}+/gu : /\p{Script=Latin}+/gu, ' '),
  );
  if (written !== undefined && theirs !== undefined) return written === theirs;
  const words = new Set(stems(sources));
  return substance(`${text} ${question}`).some((stem) => words.has(stem));
}

/** Five letters carry the meaning in most languages; endings do not. */
function stems(text: string): string[] {
  const words = text.replaceAll('ё', 'е').match(/\p{L}{4,}/gu) ?? [];
  return words.map((word) => word.slice(0, 5));
}
