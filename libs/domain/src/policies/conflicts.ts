import type { Policy } from '../comments/policy.js';
import { conflict, type Conflict } from './conflict.js';
import { isTimeZone, minutesOf, overlap } from './hours.js';
import { changed, classesWhere, policyOfAccount } from './in-force.js';
import type { Patterns } from './patterns.js';
import { ruleConflicts } from './rule-conflicts.js';
import type { Hours, PolicyChanges, PolicySettings } from './settings.js';
import { policyBounds } from './settings.js';

/** Everything in the settings that contradicts itself or can never have an effect; empty when they may be followed. */
export function conflictsIn(settings: PolicySettings, patterns: Patterns): readonly Conflict[] {
  const { timeZone, windows, posts, rules, changes } = settings;
  const account = policyOfAccount(settings);
  return [
    ...tooMany(settings),
    ...(isTimeZone(timeZone)
      ? []
      : [conflict('unknown-time-zone', `There is no time zone "${timeZone}"; write a name like Europe/Berlin.`)]),
    ...changesConflicts('the account', changes, account),
    ...windows.flatMap((window) => [
      ...hoursConflicts(`window "${window.name}"`, window),
      ...nothingChanged(`window "${window.name}"`, window.changes),
      ...changesConflicts(`window "${window.name}"`, window.changes, changed(account, window.changes)),
    ]),
    ...overlaps(settings),
    ...twice(
      'window',
      windows.map(({ name }) => name),
    ),
    ...posts.flatMap(({ mediaId, changes: own }) => [
      ...nothingChanged(`post ${mediaId}`, own),
      ...changesConflicts(`post ${mediaId}`, own, changed(account, own)),
      // What neither says alone, both may say together.
      ...windows.flatMap((window) =>
        replyAndHide(`post ${mediaId} in window "${window.name}"`, changed(changed(account, window.changes), own)),
      ),
    ]),
    ...twice(
      'post',
      posts.map(({ mediaId }) => mediaId),
    ),
    ...twice(
      'rule',
      rules.map(({ name }) => name),
    ),
    ...ruleConflicts(rules, patterns),
    ...rules.flatMap(({ name, when: { hours } }) => (hours ? hoursConflicts(`rule "${name}"`, hours) : [])),
  ];
}

function tooMany({ windows, posts, rules }: PolicySettings): readonly Conflict[] {
  const counts = { windows: windows.length, posts: posts.length, rules: rules.length };
  return (['windows', 'posts', 'rules'] as const)
    .filter((what) => counts[what] > policyBounds[what])
    .map((what) => conflict('too-many', `There are ${counts[what]} ${what}; ${policyBounds[what]} are allowed.`));
}

function changesConflicts(where: string, changes: PolicyChanges, result: Policy): readonly Conflict[] {
  return [...replyAndHide(where, result), ...confidences(where, changes, result)];
}

function replyAndHide(where: string, policy: Policy): readonly Conflict[] {
  return classesWhere(policy, ({ reply, hide }) => reply === 'auto' && hide === 'auto').map((name) =>
    conflict(
      'reply-and-hide',
      `For ${where}, ${name} comments are answered and hidden by themselves: choose one of the two.`,
    ),
  );
}

function confidences(where: string, { replyFrom, hideFrom }: PolicyChanges, result: Policy): readonly Conflict[] {
  const given = [
    { name: 'replyFrom', value: replyFrom, used: classesWhere(result, ({ reply }) => reply === 'auto').length > 0 },
    { name: 'hideFrom', value: hideFrom, used: classesWhere(result, ({ hide }) => hide === 'auto').length > 0 },
  ];
  return given.flatMap(({ name, value, used }) => {
    if (value === undefined) return [];
    if (!Number.isInteger(value) || value < 0 || value > 100) {
      return [
        conflict('confidence-out-of-range', `${name} of ${where} is ${value}; it is a whole number from 0 to 100.`),
      ];
    }
    const what = name === 'replyFrom' ? 'answers' : 'hides';
    return used
      ? []
      : [
          conflict(
            'confidence-without-use',
            `${name} is set for ${where}, where no class ${what} by itself: leave it out.`,
          ),
        ];
  });
}

function hoursConflicts(where: string, { days, from, to }: Hours): readonly Conflict[] {
  const unreadable = minutesOf(from) === undefined || minutesOf(to) === undefined || from === '24:00';
  if (unreadable) {
    return [
      conflict('hours-unreadable', `The hours of ${where} are ${from} to ${to}; write them like 22:00 and 06:30.`),
    ];
  }
  return [
    ...(days.length > 0 ? [] : [conflict('hours-without-days', `${capital(where)} has no days: name at least one.`)]),
    ...(from === to
      ? [
          conflict(
            'hours-without-length',
            `${capital(where)} begins and ends at ${from}; a whole day is 00:00 to 24:00.`,
          ),
        ]
      : []),
  ];
}

function overlaps({ windows }: PolicySettings): readonly Conflict[] {
  return windows.flatMap((one, index) =>
    windows
      .slice(index + 1)
      .filter((other) => overlap(one, other))
      .map((other) =>
        conflict(
          'windows-overlap',
          `Windows "${one.name}" and "${other.name}" share some hours: only one can hold then.`,
        ),
      ),
  );
}

function nothingChanged(
  where: string,
  { preset, classes = {}, replyFrom, hideFrom, atMost = {} }: PolicyChanges,
): readonly Conflict[] {
  const said = [
    preset,
    replyFrom,
    hideFrom,
    ...Object.values(atMost),
    ...Object.values(classes).flatMap((each) => Object.values(each)),
  ];
  return said.some((value) => value !== undefined)
    ? []
    : [conflict('changes-nothing', `${capital(where)} changes nothing: say what is different there, or remove it.`)];
}

function twice(what: string, names: readonly string[]): readonly Conflict[] {
  const repeated = names.filter((name, index) => names.indexOf(name) < index);
  return [...new Set(repeated)].map((name) => conflict('named-twice', `There are two of ${what} "${name}".`));
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
