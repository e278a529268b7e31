import { plainText } from '../shared/text.js';
import { conflict, unusable, type Conflict } from './conflict.js';
import type { Patterns } from './patterns.js';
import { inOrder } from './rules.js';
import type { Conditions, Rule } from './settings.js';

/** Each costs some milliseconds for a long comment. */
const mostPatterns = 20;

export function ruleConflicts(rules: readonly Rule[], patterns: Patterns): readonly Conflict[] {
  const withPattern = rules.filter(({ when: { pattern } }) => pattern !== undefined).length;
  return [
    ...(withPattern > mostPatterns
      ? [conflict('too-many', `${withPattern} rules have a pattern; ${mostPatterns} are allowed.`)]
      : []),
    ...rules.flatMap((rule) => [
      ...ofActions(rule),
      ...ofTexts(rule),
      ...ofEntries(rule),
      ...ofPattern(rule, patterns),
    ]),
    ...neverReached(inOrder(rules)),
  ];
}

function ofActions({ name, do: actions }: Rule): readonly Conflict[] {
  const { allow, ignore, reply, privateReply, hide, alert } = actions;
  const doing = [
    ...((reply?.length ?? 0) > 0 ? ['reply'] : []),
    ...((privateReply?.length ?? 0) > 0 ? ['privateReply'] : []),
    ...(hide ? ['hide'] : []),
    ...(alert === true ? ['alert'] : []),
  ];
  const alone = [...(allow === true ? ['allow'] : []), ...(ignore === true ? ['ignore'] : [])];
  const contradiction = (text: string): Conflict => conflict('rule-contradicts-itself', text);
  if (doing.length + alone.length === 0) {
    return [conflict('rule-without-action', `Rule "${name}" does nothing: give it an action, or ignore.`)];
  }
  if (alone.length > 0 && doing.length + alone.length > 1) {
    const others = [...alone.slice(1), ...doing].join(', ');
    return [contradiction(`Rule "${name}" has ${alone[0]} together with ${others}: ${alone[0]} stands alone.`)];
  }
  if (doing.includes('reply') && hide) {
    return [contradiction(`Rule "${name}" answers and hides the same comment: nobody would read the answer.`)];
  }
  return [];
}

function ofTexts({ name, do: { reply = [], privateReply = [] } }: Rule): readonly Conflict[] {
  const wrong = [
    ...reply.map((text) => ({ what: 'reply', why: unusable(text, 'public') })),
    ...privateReply.map((text) => ({ what: 'private reply', why: unusable(text, 'private') })),
  ];
  return wrong.flatMap(({ what, why }) =>
    why === undefined ? [] : [conflict('rule-text-unusable', `A ${what} of rule "${name}" ${why}.`)],
  );
}

function ofEntries({ name, when }: Rule): readonly Conflict[] {
  const lists = ['contains', 'words', 'authors', 'scripts', 'has'] as const;
  return lists.flatMap((list) => {
    const entries: readonly string[] | undefined = when[list];
    if (entries === undefined) return [];
    const blank = entries.length === 0 || entries.some((entry) => plainText(entry) === '');
    return blank ? [conflict('rule-entry-blank', `Rule "${name}" has nothing to look for in ${list}.`)] : [];
  });
}

function ofPattern({ name, when: { pattern } }: Rule, patterns: Patterns): readonly Conflict[] {
  if (pattern === undefined) return [];
  const compiled = patterns.compile(pattern);
  return compiled.kind === 'pattern'
    ? []
    : [conflict('rule-pattern-broken', `The pattern of rule "${name}" cannot be used: ${compiled.why}.`)];
}

/** What an earlier rule certainly takes away, comment for comment. */
function neverReached(rules: readonly Rule[]): readonly Conflict[] {
  return rules.flatMap((rule, index) => {
    const before = rules.slice(0, index).find((earlier) => covers(earlier.when, rule.when));
    if (!before) return [];
    const text = `Rule "${rule.name}" is never reached: rule "${before.name}" before it fits everything that it fits.`;
    return [conflict('rule-never-reached', text)];
  });
}

/** Every condition of the wide one is met by whatever meets the narrow one. False also where it is not certain. */
function covers(wide: Conditions, narrow: Conditions): boolean {
  const plain = (entries: readonly string[]): readonly string[] => entries.map(plainText);
  const within = (name: 'words' | 'authors' | 'scripts' | 'has'): boolean => {
    const [all, some]: readonly (readonly string[] | undefined)[] = [wide[name], narrow[name]];
    return all === undefined || (some !== undefined && plain(some).every((entry) => plain(all).includes(entry)));
  };
  const { contains } = wide;
  // What contains "delivery cost" contains "delivery".
  const contained =
    contains === undefined ||
    (narrow.contains !== undefined &&
      plain(narrow.contains).every((entry) => plain(contains).some((part) => entry.includes(part))));
  const same = (name: 'pattern' | 'origin' | 'hours'): boolean =>
    wide[name] === undefined || JSON.stringify(wide[name]) === JSON.stringify(narrow[name]);
  const lists = within('words') && within('authors') && within('scripts') && within('has');
  return contained && lists && same('pattern') && same('origin') && same('hours');
}
