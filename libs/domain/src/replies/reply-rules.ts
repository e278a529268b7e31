import type { ReasonCode } from '../comments/reason-codes.js';
import { scriptOf } from '../shared/scripts.js';

/** Protocol of the reply that is visible exactly once; the figures and their reasons are in README, "Decisions". */
export const sendingRules = {
  /** An unclear reply is not looked for earlier: the platform shows it with a delay. */
  firstLookAfterMs: 15_000,
  /** Between the further looks: with three of them the last one is more than two minutes after the try. */
  nextLookAfterMs: 55_000,
  emptyListingsBeforeResend: 3,
  /** A second try that was held up for longer (a pause, a backlog) is looked for once more before it is made. */
  lastLookHoldsMs: 300_000,
  /** One resend, then a person looks. */
  maxAttempts: 2,
  /**
   * How long after the sending was begun the platform may still be called. With the call's own deadline (12 s) this stays
   * within the lease (30 s): a process that was paused longer may no longer be alone with this reply.
   */
  callWithinMs: 10_000,
  /** How much earlier than our own start of the try the platform's clock may have stamped the reply. */
  clockToleranceMs: 60_000,
} as const;

/** What a published answer may look like. */
export const replyLimits = {
  /** Characters (code points) asked of the model. */
  target: 300,
  /** Characters (code points) above which nothing is published; the platform allows more, readers do not. */
  hard: 900,
  /** Shortest run of our own instructions, in characters, whose appearance in an answer is a leak. */
  promptOverlap: 40,
} as const;

export interface ReplyCheck {
  readonly text: string;
  /** Texts of the passages that the answer cites. */
  readonly sources: readonly string[];
  readonly question: string;
  /** Our own instructions to the model. */
  readonly instructions: string;
}

export interface GateFinding {
  readonly reason: Extract<ReasonCode, `gate-${string}`>;
  /** What was found, short; for the operator who looks at the draft. */
  readonly found: string;
}

/**
 * The deterministic gate before publishing (AN-2): the model writes, this decides. Everything that could hurt the
 * brand when invented (contacts, figures, links) must stand in a cited passage.
 * @returns every finding; an empty list means that the answer may be published
 */
export function checkReply(check: ReplyCheck): readonly GateFinding[] {
  const { text } = check;
  const findings: GateFinding[] = [];
  const length = [...text.trim()].length;
  if (length === 0 || length > replyLimits.hard)
    findings.push({ reason: 'gate-length', found: `${length} characters` });
  if (check.sources.length === 0) findings.push({ reason: 'gate-sources', found: 'no cited passage' });

  const forbidden = forbiddenCharacters.exec(text) ?? markup.exec(text);
  if (forbidden) findings.push({ reason: 'gate-characters', found: describeCharacters(forbidden[0]) });

  const known = normalise(check.sources.join('\n'));
  // Wide, circled and other disguises of digits, dots and signs are read as what they look like.
  const said = text.normalize('NFKC');
  for (const [reason, pattern] of claims) {
    for (const [claim] of said.matchAll(pattern)) {
      if (!stands(claim, known)) findings.push({ reason, found: claim.trim() });
    }
  }
  const script = scriptOf(text);
  const asked = scriptOf(check.question);
  if (script !== undefined && asked !== undefined && script !== asked) {
    findings.push({ reason: 'gate-language', found: `${script} answer to a ${asked} question` });
  }
  if (sharesRun(text, check.instructions)) findings.push({ reason: 'gate-prompt', found: 'part of the instructions' });
  return findings;
}

// Control (but line breaks), zero-width except the joiner that emoji need, bidi, private use, invisible tags.
export const forbiddenCharacters =
  // oxlint-disable-next-line no-control-regex -- finding control characters is this pattern's purpose
  /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B\u200C\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF\uE000-\uF8FF\u{E0000}-\u{E007F}]/u;
// Markdown and HTML are shown raw in a public comment.
const markup = /<\/?[a-z][^>]*>|\*\*|__|```|^#{1,6}\s|\[[^\]]+\]\([^)]*\)/imu;

const claims: readonly (readonly [GateFinding['reason'], RegExp])[] = [
  // Links and bare domains; a dot between letters with a plausible ending. Not \b, which knows Latin letters only.
  [
    'gate-contact',
    /(?:https?:\/\/|www\.)\S+|(?<![\p{L}\p{Nd}-])[\p{L}\p{Nd}-]+(?:\.[\p{L}\p{Nd}-]+)*\.\p{L}{2,12}(?![\p{L}\p{Nd}])(?:\/\S*)?/giu,
  ],
  ['gate-contact', /[\p{L}\p{Nd}._%+-]+@[\p{L}\p{Nd}.-]+\.\p{L}{2,}/giu],
  ['gate-contact', /(?<![\p{L}\p{Nd}])@[\p{L}\p{Nd}._]{2,}/giu],
  // Phone and card numbers: seven and more digits with the usual separators.
  ['gate-contact', /\+?\p{Nd}(?:[\s().-]?\p{Nd}){6,}/gu],
  // Every other number: price, percentage, date, time, weight. "1" and "one" alone would be harmless, a wrong price is
  // not. A price with its thousands apart is one number.
  ['gate-figure', /(?:\p{Nd}{1,3}(?:\s\p{Nd}{3})+(?!\p{Nd})|\p{Nd}+)(?:[.,:]\p{Nd}+)*\s?%?/gu],
  // Promo codes: capitals and digits mixed.
  ['gate-figure', /(?<![\p{L}\d])(?=[A-ZА-ЯЁ\d]*\d)(?=[A-ZА-ЯЁ\d]*[A-ZА-ЯЁ])[A-ZА-ЯЁ\d]{4,}(?![\p{L}\d])/gu],
];

function stands(claim: string, known: string): boolean {
  const wanted = normalise(claim).replace(/[.,;:!?)]+$/u, '');
  if (wanted === '') return true;
  for (let from = known.indexOf(wanted); from !== -1; from = known.indexOf(wanted, from + 1)) {
    if (!isPartOfFigure(known.slice(0, from), wanted, known.slice(from + wanted.length))) return true;
  }
  return false;
}

/**
 * Whole figures only: 20 does not stand in 1200, 5 not in 1.5, and 500 not in 1 500. (9 does stand in 9:00.)
 * @param before what precedes it in the source @param after what follows
 */
function isPartOfFigure(before: string, wanted: string, after: string): boolean {
  const opens = /^\p{Nd}/u.test(wanted) && /\p{Nd}[.,:]?$/u.test(before);
  const closes = /\p{Nd}$/u.test(wanted) && /^(?:\p{Nd}|[.,:](?!00(?!\p{Nd}))\p{Nd})/u.test(after);
  const thousandsBefore = /^\p{Nd}{3}(?!\p{Nd})/u.test(wanted) && /(?<![\p{Nd}.,:])\p{Nd}{1,3} $/u.test(before);
  const thousandsAfter = /(?<!\p{Nd})\p{Nd}{1,3}$/u.test(wanted) && /^ \p{Nd}{3}(?!\p{Nd})/u.test(after);
  return opens || closes || thousandsBefore || thousandsAfter;
}

function normalise(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\u00A0]+/gu, ' ')
    .trim();
}

function sharesRun(text: string, instructions: string): boolean {
  const haystack = normalise(instructions);
  const needle = normalise(text);
  const run = replyLimits.promptOverlap;
  const half = run / 2;
  // Every run holds one of these halves whole: only around those that are found it is worth looking closely.
  for (let at = 0; at + half <= needle.length; at += half) {
    if (!haystack.includes(needle.slice(at, at + half))) continue;
    for (let from = Math.max(0, at - half); from <= at && from + run <= needle.length; from += 1) {
      if (haystack.includes(needle.slice(from, from + run))) return true;
    }
  }
  return false;
}

function describeCharacters(found: string): string {
  return [...found]
    .map((character) => `U+${character.codePointAt(0)?.toString(16).toUpperCase()}`)
    .slice(0, 3)
    .join(' ');
}
