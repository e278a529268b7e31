import type { IncomingComment } from '../comments/comment.js';
import { scriptOf } from '../shared/scripts.js';
import { cutText, plainText } from '../shared/text.js';
import { holds, holdsWords } from './contents.js';
import { isWithin } from './hours.js';
import type { Pattern, Patterns } from './patterns.js';
import type { Conditions, PolicySettings, Rule } from './settings.js';

/** Longer comments are looked at so far; the platform itself takes a quarter of it. */
const readsCharacters = 10_000;

/** What rules look at. */
export type RuleSubject = Pick<IncomingComment, 'text' | 'authorId' | 'username' | 'adId'>;

export interface RuleMatch {
  readonly rule: Rule;
  /** What of the rule was met, for people: `words "delivery"`. */
  readonly because: readonly string[];
}

/** Rules in the order in which they are looked at, with everything made ready that does not depend on the comment. */
export class PreparedRules {
  private readonly prepared: readonly { readonly rule: Rule; readonly tests: readonly Test[] }[];

  constructor({ rules, timeZone }: Pick<PolicySettings, 'rules' | 'timeZone'>, patterns: Patterns) {
    this.prepared = inOrder(rules).map((rule) => ({ rule, tests: testsOf(rule.when, timeZone, patterns) }));
  }

  /** The allow-list first, then from top to bottom; the first that fits decides. */
  firstFor(comment: RuleSubject, at: Date): RuleMatch | undefined {
    if (this.prepared.length === 0) return undefined;
    const looked = { ...comment, at, text: plainText(comment.text.slice(0, readsCharacters)) };
    for (const { rule, tests } of this.prepared) {
      const met = tests.map((test) => test(looked));
      const because = met.filter((each) => each !== undefined);
      if (because.length === tests.length) return { rule, because };
    }
    return undefined;
  }
}

/** As they are looked at: those that allow before the others. */
export function inOrder(rules: readonly Rule[]): readonly Rule[] {
  const allows = (each: Rule): boolean => each.do.allow === true;
  return [...rules.filter(allows), ...rules.filter((each) => !allows(each))];
}

/** One condition: what met it, for people; undefined when nothing did. */
type Test = (comment: RuleSubject & { readonly at: Date }) => string | undefined;

function testsOf(when: Conditions, timeZone: string, patterns: Patterns): readonly Test[] {
  const tests: Test[] = [];
  const { contains, words, pattern, scripts, has, authors, origin, hours } = when;
  const anyOf = <Entry extends string>(
    kind: string,
    entries: readonly Entry[] | undefined,
    fits: (comment: Parameters<Test>[0], entry: Entry) => boolean,
  ): void => {
    if (entries === undefined) return;
    tests.push((comment) => {
      const found = entries.find((entry) => fits(comment, entry));
      return found === undefined ? undefined : `${kind} "${cutText(found, 60)}"`;
    });
  };
  anyOf('contains', contains?.map(plainText), ({ text }, entry) => text.includes(entry));
  anyOf('words', words?.map(plainText), ({ text }, entry) => holdsWords(text, entry));
  if (pattern !== undefined) tests.push(testOfPattern(pattern, patterns));
  anyOf('script', scripts, ({ text }, entry) => scriptOf(text)?.toLowerCase() === entry);
  anyOf('has', has, ({ text }, entry) => holds(text, entry));
  anyOf('author', authors?.map(authorName), isAuthor);
  if (origin !== undefined) {
    tests.push(({ adId }) => ((adId === undefined ? 'organic' : 'ad') === origin ? `origin "${origin}"` : undefined));
  }
  if (hours) tests.push(({ at }) => (isWithin(hours, timeZone, at) ? `hours ${hours.from}-${hours.to}` : undefined));
  return tests;
}

function testOfPattern(text: string, patterns: Patterns): Test {
  const compiled = patterns.compile(text);
  // Checked when it was saved; should this version read it otherwise, the rule fits nothing rather than everything.
  const pattern: Pattern = compiled.kind === 'pattern' ? compiled.pattern : { matches: () => false };
  return (comment) => (pattern.matches(comment.text) ? `pattern "${cutText(text, 60)}"` : undefined);
}

function isAuthor({ authorId, username }: RuleSubject, entry: string): boolean {
  return entry === authorId || (username !== undefined && entry === authorName(username));
}

/** People write it with the sign or without. */
function authorName(name: string): string {
  return plainText(name).replace(/^@/u, '');
}
