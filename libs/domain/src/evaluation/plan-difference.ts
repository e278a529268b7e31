import type { Plan } from '../comments/triage.js';

/** What a plan does that people notice. */
export type PlanOutline = Pick<Plan, 'reply' | 'hide' | 'alert'>;

export function outlineOf({ reply, hide, alert }: Plan): PlanOutline {
  return { reply, hide, alert };
}

/**
 * What would have been done otherwise, each as `reply: draft > auto`, `hide: none > now`, `alert: no > yes`; empty when
 * nothing. The words are few, so that they can be counted by.
 */
export function differencesOf(before: PlanOutline, after: PlanOutline): readonly string[] {
  const lines = [
    ['reply', before.reply, after.reply],
    ['hide', before.hide, after.hide],
    ['alert', before.alert ? 'yes' : 'no', after.alert ? 'yes' : 'no'],
  ] as const;
  return lines.filter(([, one, other]) => one !== other).map(([what, one, other]) => `${what}: ${one} > ${other}`);
}
