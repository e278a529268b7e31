import type { ReasonCode } from '../../comments/reason-codes.js';
import { givesOrders } from '../../knowledge/planted-orders.js';
import { languageOf } from '../../shared/languages.js';
import { scriptOf } from '../../shared/scripts.js';
import { replyLimits } from '../reply-rules.js';
import { contactsIn, type Contact } from './contacts.js';
import { figuresIn, figureStands, type Figure, type KnownFigure } from './figures.js';
import { comparable, echoIn, sentenceAt, strangeIn, substance } from './grounding.js';
import { encodedIn, leakIn } from './leaks.js';
import { looksLatin, plain, unleeted, unmixed, unspelled } from './readings.js';
import { knownFrom, type Known } from './sources.js';
import { datesIn } from './weekdays.js';
import { wordFindings } from './wording.js';

/** Longer texts are too long to be published, and are found to be: the rest of them need not be read. */
const readCharacters = 4_000;

export interface ReplyCheck {
  readonly text: string;
  /** Texts of the passages that the answer cites. */
  readonly sources: readonly string[];
  /** Those of them that may name amounts of money; all when it is not said. */
  readonly priceSources?: readonly string[] | undefined;
  readonly question: string;
  /** Our own instructions to the model. */
  readonly instructions: string;
  /** A word that stands in the instructions and nowhere else. */
  readonly canary?: string | undefined;
  /** What the account's people told the model besides: the tone, topics to avoid. */
  readonly privately?: readonly string[];
  /** Words of topics that the account does not speak about in public. */
  readonly forbiddenTopics?: readonly string[];
  /** Languages in which the account answers by itself (ISO 639-1); all when there are none. */
  readonly languages?: readonly string[];
}

export interface GateFinding {
  readonly reason: Extract<ReasonCode, `gate-${string}`>;
  /** What was found, short; for the operator who looks at the draft. */
  readonly found: string;
}

/**
 * The deterministic gate before publishing (AN-2): the model writes, this decides. Everything that could hurt the brand
 * when invented must stand in a cited passage, and some things are never said. Linear in the length of what it reads;
 * of an answer that is too long the beginning.
 * @returns every finding; an empty list means that the answer may be published
 */
export function checkReply(check: ReplyCheck): readonly GateFinding[] {
  const text = check.text.slice(0, readCharacters);
  const known = knownFrom(check.sources);
  const said = plain(text);
  const readings = [...new Set([said, looksLatin(said), unspelled(said), unleeted(looksLatin(said)), unmixed(said)])];
  const contacts = contactsIn(text, known.text);
  const asked = beforeOrders(check.question);
  const question = plain(asked);
  const meant = unmixed(withoutKnown(said, contacts));
  const isComparable = comparable(meant, known.text, question);
  return [
    ...shapeFindings(check.text, known.text),
    ...(check.sources.length === 0 ? [{ reason: 'gate-sources', found: 'no cited passage' } as const] : []),
    ...unknownContacts(contacts),
    ...figureFindings(text, meant, check, { known, question, isComparable }),
    ...wordFindings({ readings, known, question, comparable: isComparable }),
    ...languageFindings({ ...check, question: asked }, meant, known.text),
    ...leakFindings(check, text),
    ...topicFindings(readings, check.forbiddenTopics ?? []),
    ...(isComparable ? strangeFindings(strangeIn(meant, known.text)) : []),
    ...strangeFindings(echoIn(said, known.text, plain(check.question))),
  ];
}

// Control (but line breaks), zero-width except the joiner that emoji need, bidi, private use, invisible tags.
export const forbiddenCharacters =
  // oxlint-disable-next-line no-control-regex -- finding control characters is this pattern's purpose
  /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u00AD\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180E\u200B\u200C\u200E\u200F\u202A-\u202E\u2060-\u206F\u2800\u3164\uFEFF\uFFA0\uFFF0-\uFFFC\uE000-\uF8FF\u{1BCA0}-\u{1BCA3}\u{1D173}-\u{1D17A}\u{E0000}-\u{E0FFF}\u{F0000}-\u{10FFFD}]|\p{Cs}|\p{Mn}{3}|\u034F|(?!\uFE0F)\p{Variation_Selector}|[\u2028\u2029]/u;
/** The joiner is for emoji, and for scripts that need it. */
const strayJoiner =
  /[\p{Script=Latin}\p{Script=Cyrillic}\p{Nd}.]\u200D|\u200D[\p{Script=Latin}\p{Script=Cyrillic}\p{Nd}.]/u;
// Markdown and HTML are shown raw in a public comment.
const markup =
  /<\/?[a-z!][^>]{0,200}>|\*\*|__|~~|`|^#{1,6}\s|\[[^\]]{1,200}\] ?\([^)]{0,200}\)|&(?:#\d{2,7}|#x[\da-f]{2,6}|[a-z]{2,8});|^\s{0,3}>\s|\\[nrtux]|%[\da-f]{2}%[\da-f]{2}/imu;
// What a program reads: JSON, labels, the parts of a prompt.
const shape =
  /^\s*[{[]|[{,]\s*"[\w ]{1,40}"\s*:|"?(?:answerable|sources|confidence)"?\s*[:=]|^\s*["'«“]?(?:answer|reply|response|ответ|antwort|respuesta|output|result|system|assistant|user|human|ai|bot|developer|instruction|class|label|category|sources?|источник\p{L}*|quelle|fuente|система|ассистент|note|final)["'»”]?\s*[:=]|<\|[\w ]{1,40}\|>|\[\/?(?:inst|sys|system|s\d)\]|<<\/?sys>>|(?:^|[\s([])s[1-6](?=[\])]|[,;] ?s[1-6])|(?<!\p{L})(?:class|label|verdict|класс)\s?[:=]\s?\p{L}+/iu;

function shapeFindings(text: string, known: string): readonly GateFinding[] {
  const findings: GateFinding[] = [];
  const length = [...text.trim()].length;
  if (length === 0 || length > replyLimits.hard)
    findings.push({ reason: 'gate-length', found: `${length} characters` });
  const read = text.slice(0, readCharacters);
  const forbidden = forbiddenCharacters.exec(read) ?? strayJoiner.exec(read) ?? markup.exec(read);
  if (forbidden) findings.push({ reason: 'gate-characters', found: describeCharacters(forbidden[0]) });
  const shaped = shape.exec(read)?.[0] ?? encodedIn(read, known);
  if (shaped !== undefined) findings.push({ reason: 'gate-shape', found: shaped.trim().slice(0, 40) });
  return findings;
}

function unknownContacts(contacts: readonly Contact[]): readonly GateFinding[] {
  const unknown = new Set(contacts.filter(({ stands }) => !stands).map(({ said }) => said));
  return [...unknown].map((found) => ({ reason: 'gate-contact', found: found.slice(0, 80) }));
}

/** The digits and letters of a phone or an address that a source has claim nothing more. */
function withoutKnown(said: string, contacts: readonly Contact[]): string {
  const known = contacts.filter(({ stands }) => stands).toSorted((one, other) => other.said.length - one.said.length);
  return known.reduce((left, contact) => left.replaceAll(contact.said, ' '), said);
}

interface Comparison {
  readonly known: Known;
  readonly question: string;
  readonly isComparable: boolean;
}

function figureFindings(
  text: string,
  said: string,
  check: ReplyCheck,
  { known: { text: whole, figures: known }, question, isComparable }: Comparison,
): readonly GateFinding[] {
  const findings: GateFinding[] = [];
  const prices = check.priceSources && knownFrom(check.priceSources).figures;
  const asked = substance(question);
  const missing = new Set<string>();
  const unpriced = new Set<string>();
  for (const figure of figuresIn(said)) {
    if (isIdle(figure)) continue;
    const about = isComparable ? new Set([...substance(sentenceAt(said, figure.at)), ...asked]) : undefined;
    if (!figureStands(figure, known, about)) missing.add(figure.said);
    else if (prices && figure.kind === 'money' && !figureStands(figure, prices, about)) unpriced.add(figure.said);
    else if (prices && isPriceSomewhere(figure, known) && !figureStands(figure, prices)) unpriced.add(figure.said);
  }
  for (const code of codesIn(text)) if (!whole.includes(plain(code))) missing.add(code);
  for (const date of datesIn(said, whole, question)) missing.add(date);
  for (const found of missing) findings.push({ reason: 'gate-figure', found });
  for (const found of unpriced) findings.push({ reason: 'gate-price', found });
  return findings;
}

/** A figure without a currency is a price all the same when the sources know it as one and as nothing else. */
function isPriceSomewhere(figure: Figure, known: readonly KnownFigure[]): boolean {
  const others = known.filter((each) => figureStands({ ...figure, kind: 'figure' }, [each]));
  return others.length > 0 && others.every((each) => each.figure.kind === 'money');
}

/** "One of our bakers": no figure. */
function isIdle({ kind, meanings, said, dictated }: Figure): boolean {
  return !dictated && kind === 'figure' && meanings.has('n1') && /^\p{L}+$/u.test(said);
}

// Letters and digits mixed; or capitals after a word for a code.
const mixedCode = /(?<![\p{L}\p{Nd}])(?=\p{L}{0,20}\d)(?=\d{0,20}\p{L})[\p{L}\d]{4,40}(?![\p{L}\p{Nd}])/gu;
const namedCode =
  /(?:code|код\p{L}{0,2}|promo|промо\p{L}{0,6}|coupon|купон\p{L}{0,2}|voucher|cupón|código|gutschein|keyword|слов[оа]|word|enter|use|введите|назовите|скажите|укажите)[\s:«"“'-]{1,4}([\p{Lu}\d][\p{Lu}\d_-]{3,30})(?![\p{L}\d])/giu;
const measure =
  /^\d+(?:st|nd|rd|th|kg|кг|г|гр|g|мл|ml|л|l|см|cm|мм|mm|м|m|км|km|х|x|шт|мин|min|h|ч|am|pm|руб|р|ый|ой|ая|ое|го|му|й|я|е|и|х|ти|ю|тыс|k|к|%)$/iu;

function codesIn(text: string): readonly string[] {
  const normal = text.normalize('NFKC');
  const mixed = [...normal.matchAll(mixedCode)].map(([code]) => code).filter((code) => !measure.test(code));
  const named = [...normal.matchAll(namedCode)]
    .map(([, code = '']) => code)
    .filter((code) => code === code.toUpperCase());
  return [...mixed, ...named];
}

function languageFindings(
  { question, languages = [] }: ReplyCheck,
  text: string,
  sources: string,
): readonly GateFinding[] {
  const asked = scriptOf(question);
  const script = scriptOf(text);
  if (script !== undefined && asked !== undefined && script !== asked)
    return [{ reason: 'gate-language', found: `${script} answer to a ${asked} question` }];
  const [wanted, written] = [languageOf(question), languageOf(text)];
  if (wanted !== undefined && written !== undefined && wanted !== written)
    return [{ reason: 'gate-language', found: `an answer in ${written} to a question in ${wanted}` }];
  const strange = strangeSentence(text, asked, sources);
  if (strange !== undefined) return [{ reason: 'gate-language', found: strange }];
  if (wanted !== undefined && languages.length > 0 && !languages.includes(wanted))
    return [{ reason: 'gate-other-language', found: wanted }];
  return [];
}

/** One sentence in another script than the question's, which no source has. */
function strangeSentence(text: string, asked: string | undefined, sources: string): string | undefined {
  if (asked === undefined) return undefined;
  return text
    .split(/(?<=[.!?\n])\s+/u)
    .find(
      (sentence) =>
        sentence.length >= 12 && (scriptOf(sentence) ?? asked) !== asked && !sources.includes(plain(sentence)),
    );
}

function leakFindings({ instructions, canary, privately = [] }: ReplyCheck, text: string): readonly GateFinding[] {
  const found = leakIn(text, [instructions, ...privately], canary);
  return found === undefined ? [] : [{ reason: 'gate-prompt', found }];
}

function topicFindings(readings: readonly string[], topics: readonly string[]): readonly GateFinding[] {
  return topics
    .filter((topic) => readings.some((reading) => mentions(reading, topic)))
    .map((found) => ({ reason: 'gate-topic', found }));
}

function strangeFindings(found: string | undefined): readonly GateFinding[] {
  return found === undefined ? [] : [{ reason: 'gate-grounding', found }];
}

/** What a customer asks, without what is said to the model: neither its language nor its words count. */
function beforeOrders(question: string): string {
  const sentences = question.split(/(?<=[.!?\n])\s+/u);
  const told = sentences.findIndex(givesOrders);
  return told === -1 ? question : sentences.slice(0, told).join(' ');
}

/** Whether a word that begins like the topic stands in the text, or the topic's words in a row. @param reading as `plain` makes it */
export function mentions(reading: string, topic: string): boolean {
  const wanted = plain(topic);
  if (wanted === '') return false;
  for (let from = reading.indexOf(wanted); from !== -1; from = reading.indexOf(wanted, from + 1)) {
    if (!/[\p{L}\p{Nd}]$/u.test(reading.slice(Math.max(0, from - 2), from))) return true;
  }
  return false;
}

function describeCharacters(found: string): string {
  return [...found]
    .map((character) => `U+${character.codePointAt(0)?.toString(16).toUpperCase()}`)
    .slice(0, 3)
    .join(' ');
}
