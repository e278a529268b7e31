/** What a plan does that people notice. */
export interface PlanOutline {
  readonly reply: string;
  readonly hide: string;
  readonly alert: boolean;
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
