import { circumstancesOf, triage } from '../comments/triage.js';
import type { Verdict } from '../comments/verdict.js';
import type { PreparedSettings } from '../policies/prepared-settings.js';
import type { Comparison, Outlined } from './backtest.js';
import { differencesOf, type PlanOutline } from './plan-difference.js';
import type { Sample } from './samples.js';

/** One way of understanding a comment and of acting on it. */
export interface Side {
  readonly verdict: Verdict | undefined;
  readonly settings: PreparedSettings;
}

/** A comment that nobody could understand is parked, and operators hear of it. */
const notUnderstood: PlanOutline = { reply: 'none', hide: 'none', alert: true };

/** What would have been done about a comment when it came, on either side. Pure: nothing is asked, nothing happens. */
export function compare({ comment, right }: Sample, before: Side, after: Side): Comparison {
  // As it came: what was done about it since does not stand in the way of either side.
  const circumstances = { ...circumstancesOf(comment), hidden: false, muted: false };
  const planFor = ({ verdict, settings }: Side): PlanOutline => {
    const ruling = settings.about(comment, circumstances, comment.receivedAt);
    if (ruling.kind === 'by-rule') return ruling.plan;
    return verdict ? triage(ruling.circumstances, verdict, ruling.policy) : notUnderstood;
  };
  const outline = (side: Side): Outlined => {
    const { reply, hide, alert } = planFor(side);
    return { class: side.verdict?.class, confidence: side.verdict?.confidence, reply, hide, alert };
  };
  const [one, other] = [outline(before), outline(after)];
  const classes =
    one.class === other.class ? [] : [`class: ${one.class ?? 'undecided'} > ${other.class ?? 'undecided'}`];
  return {
    commentId: comment.id,
    before: one,
    after: other,
    differences: [...classes, ...differencesOf(one, other)],
    right,
  };
}
