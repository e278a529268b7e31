import { moodOf } from './emoji-mood.js';
import type { CommentClass, Verdict } from './verdict.js';

/**
 * What is decided without asking a model (CL-4). A closed list: each is counted, measured and can be switched off.
 * `repeat`: the author's own words of the last hour once more, in the same thread, where the verdict cache does not reach.
 */
export const localRules = ['emoji-only', 'mention-only', 'known-spam', 'repeat'] as const;
export type LocalRule = (typeof localRules)[number];

/** Stands on verdicts in the place of a model and of a prompt. */
export const locally = { model: 'local-rules', promptVersion: 'local-rules@1' } as const;

export interface LocalDecision {
  readonly rule: LocalRule;
  readonly verdict: Verdict;
}

export interface LocalCircumstances {
  readonly text: string;
  /** The account itself: whoever names it speaks to it. */
  readonly brand: string;
  /** How the same words of the same author were understood in this thread within the last hour. */
  readonly before?: Pick<Verdict, 'class' | 'confidence' | 'language'> | undefined;
  /** Rules that the account has switched off. */
  readonly off?: ReadonlySet<LocalRule>;
}

const mention = /@([\p{L}\p{N}_](?:[\p{L}\p{N}_.]*[\p{L}\p{N}_])?)/gu;
const invisible = /[\u00AD\u200B\u200C\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/gu;
/** Words that are only sent to be repeated are longer than "yes" and "thank you", which mean something else each time. */
const shortestRepeat = 15;
/** Longer texts may say something besides: a complaint with a link to the author's video is a complaint. */
const longestSpam = 200;

/**
 * What promises followers, money or views to whoever reads it, in the words that such texts are copied with. Each asks
 * for something to be done for its author; none occurs in what customers write to a brand. No nested repetition: each
 * runs in linear time.
 */
const spam: readonly RegExp[] = [
  /\b(?:follow ?(?:for|4) ?follow|f4f|l4l|like ?4 ?like|sub ?(?:for|4) ?sub|s4s|follow back|followback)\b/u,
  /\b(?:check(?: out)?|checkout|visit|subscribe to|sub to|listen to) (?:my|our) (?:\w+ ){0,2}(?:channel|page|profile|website|site|covers?|songs?|remix|music|mixtape)\b/u,
  /\b(?:check out|subscribe to) this (?:\w+ ){0,2}(?:channel|page|profile)\b/u,
  /\bsubscribe to (?:me|us)\b/u,
  /\bplease subscribe\b/u,
  /\b(?:earn|make|made|making) (?:over |up to )?\$ ?\d[\d,.]* ?(?:k )?(?:(?:per|a|an|every|each) (?:hour|day|week|month)|from home|online)/u,
  /\b(?:earn|make) (?:easy |fast |real )?money (?:online|from home|fast)\b/u,
  /\b(?:free|buy|cheap) (?:\w+ )?(?:followers|likes)\b/u,
  /\b(?:dm|message) me (?:now |today )?(?:to|for|and) (?:earn|invest|make)/u,
  /\bpromote it on @/u,
  /(?<!\p{L})взаимн(?:ая|ые|ую|о|ой) (?:подписк|лайк)/u,
  /(?<!\p{L})подпи(?:шись|шитесь|сывайся|сывайтесь) на (?:меня|мой|мою|нас|наш)/u,
  /(?<!\p{L})(?:заработок|зарабатывай(?:те)?) (?:от|до) \d/u,
  /(?<!\p{L})накрутк[аиу] (?:подписчик|лайк)/u,
];

/** The verdict where words alone decide; undefined where somebody has to think. Pure. */
export function decideLocally({ text, brand, before, off }: LocalCircumstances): LocalDecision | undefined {
  const isOn = (rule: LocalRule): boolean => !off?.has(rule);
  const said = text.replaceAll(invisible, '').trim();
  if (said === '') return undefined;
  if (isOn('emoji-only') && moodOf(said) === 'praise') {
    return decided('emoji-only', 'positive', 90, 'Only emoji, all of them friendly.');
  }
  if (isOn('mention-only') && isOnlyMentions(said, brand)) {
    return decided('mention-only', 'spam', 90, 'Only names of other people, nothing is said.');
  }
  if (isOn('known-spam') && isKnownSpam(said)) {
    return decided(
      'known-spam',
      'spam',
      90,
      'Asks for followers, views or money in words that such texts are copied with.',
    );
  }
  if (isOn('repeat') && before && said.length >= shortestRepeat) {
    const why = 'The author repeats words of the last hour in the same thread.';
    return decided('repeat', before.class, before.confidence, why, before.language);
  }
  return undefined;
}

function isOnlyMentions(said: string, brand: string): boolean {
  const names = [...said.matchAll(mention)].map(([, name = '']) => name.toLowerCase());
  if (names.length === 0 || names.includes(brand.toLowerCase())) return false;
  return moodOf(said.replaceAll(mention, ' ')) !== undefined;
}

function isKnownSpam(said: string): boolean {
  if (said.length > longestSpam) return false;
  const plain = said.normalize('NFKC').toLowerCase().replaceAll(/\s+/gu, ' ');
  return spam.some((pattern) => pattern.test(plain));
}

function decided(
  rule: LocalRule,
  name: CommentClass,
  confidence: number,
  reason: string,
  language = 'und',
): LocalDecision {
  return { rule, verdict: { class: name, confidence, reason, language, ...locally } };
}

export interface Labelled {
  readonly text: string;
  readonly class: CommentClass;
}

interface Measured {
  readonly decided: number;
  readonly right: number;
}

export interface LocalRulesMeasure extends Measured {
  readonly comments: number;
  /** Part of all comments that no model is asked about, 0 to 1. */
  readonly share: number;
  /** Part of the decisions that are right, 0 to 1; undefined where nothing was decided. */
  readonly precision: number | undefined;
  readonly byRule: Readonly<Record<LocalRule, Measured>>;
}

/**
 * How much the local rules decide of labelled comments, and how often they are right: `share` of them without a model,
 * with this `precision`. For an evaluation: give it the comments with the class that a person gave each; no model, no
 * database. `repeat` needs the comments before and decides nothing here.
 */
export function measureLocalRules(comments: readonly Labelled[], brand: string): LocalRulesMeasure {
  const results = comments.flatMap(({ text, class: label }) => {
    const local = decideLocally({ text, brand });
    return local ? [{ rule: local.rule, right: local.verdict.class === label }] : [];
  });
  const of = (rule?: LocalRule): Measured => {
    const these = results.filter((result) => rule === undefined || result.rule === rule);
    return { decided: these.length, right: these.filter(({ right }) => right).length };
  };
  const all = of();
  return {
    ...all,
    comments: comments.length,
    share: comments.length === 0 ? 0 : all.decided / comments.length,
    precision: all.decided === 0 ? undefined : all.right / all.decided,
    byRule: {
      'emoji-only': of('emoji-only'),
      'mention-only': of('mention-only'),
      'known-spam': of('known-spam'),
      repeat: of('repeat'),
    },
  };
}
