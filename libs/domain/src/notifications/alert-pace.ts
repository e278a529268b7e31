import type { CommentClass } from '../comments/verdict.js';

/** How many messages operators' chat takes in a minute, over all workers together. */
export abstract class OperatorsPace {
  abstract readonly messagesPerMinute: number;
}

/** Comments of one message at most. */
export const alertsInOneMessage = 2_000;

/** Of all messages the part that is about one comment: the rest is for storms and for the system itself. */
const partForSingle = 1 / 3;
/** Nobody reads single messages when so many more wait: half of a minute's single ones, but not below this. */
const fewestTogether = 3;

/** How many alerts a minute get a message of their own. */
export function singlesPerMinute({ messagesPerMinute }: OperatorsPace): number {
  return Math.max(1, Math.floor(messagesPerMinute * partForSingle));
}

/** As soon as so many others wait, all of them go into one message. */
export function togetherFrom(pace: OperatorsPace): number {
  return Math.max(fewestTogether, Math.floor(singlesPerMinute(pace) / 2));
}

/** The order in which operators want to see comments. */
export const pressing: readonly (CommentClass | undefined)[] = [
  'urgent',
  undefined, // nobody knows what it is
  'critical',
  'toxic',
  'partnership',
  'question',
  'spam',
  'positive',
];

/** How many comments of each class there are, the most pressing class first. */
export function countsOf(
  classes: readonly (CommentClass | undefined)[],
): readonly { readonly class: CommentClass | undefined; readonly count: number }[] {
  return pressing
    .map((name) => ({ class: name, count: classes.filter((each) => each === name).length }))
    .filter(({ count }) => count > 0);
}

/** Negative when `a` is to be seen before `b`. */
export function byPressure(a: CommentClass | undefined, b: CommentClass | undefined): number {
  return pressing.indexOf(a) - pressing.indexOf(b);
}
