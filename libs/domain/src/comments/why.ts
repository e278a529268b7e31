import type { Outcome } from './comment.js';
import type { CommentRecord, Decision } from './decisions.js';
import { reasons, type ReasonCode } from './reason-codes.js';

/** "Why did nothing happen?", and every other outcome, in one sentence each. */
export interface Why {
  /** The reason that decided; undefined while the ledger has no line. */
  readonly reason: ReasonCode | undefined;
  readonly summary: string;
  /** What a person should do now. */
  readonly todo: string;
}

const words: Readonly<Record<Outcome, string>> = {
  deleted: 'Deleted',
  answered: 'Answered',
  hidden: 'Hidden',
  waiting: 'Waits for a person',
  told: 'Left to people, who were told',
  'left-alone': 'Left as it is',
  own: 'Our own',
  parked: 'Given up until a person looks',
};

/** What people said about it afterwards; it explains no outcome. */
const afterthoughts: ReadonlySet<ReasonCode> = new Set(['verdict-corrected', 'review-right', 'review-wrong']);

type Lines = readonly Pick<Decision, 'step' | 'reason' | 'actor' | 'detail'>[];
type Line = Lines[number];

/** Where the line stands that decided about an outcome; the newest line where it is not found. */
const deciding: Readonly<Record<Outcome, (lines: Lines) => Line | undefined>> = {
  deleted: (lines) => lines.findLast(({ reason }) => reason === 'deleted'),
  answered: (lines) => lines.findLast(({ step }) => step === 'send'),
  hidden: wantedHidden,
  waiting: (lines) =>
    lines.findLast(({ step }) => step === 'draft') ??
    lines.find(({ step, reason }) => step === 'triage' && !reasons[reason].todo.startsWith('Nothing')),
  told: (lines) => lines.findLast(({ reason }) => reason === 'operators-told'),
  'left-alone': () => undefined,
  own: (lines) => lines.find(({ reason }) => reason === 'own-comment'),
  parked: (lines) => lines.findLast(({ reason }) => reason.startsWith('parked-')),
};

/** Not that it is hidden, but who or what wanted it. */
function wantedHidden(lines: Lines): Line | undefined {
  const done = lines.findLastIndex(({ reason }) => reason === 'hidden');
  const before = lines.slice(0, Math.max(0, done));
  const wish = before.findLast(({ reason }) => reason === 'moderation-requested');
  return wish ?? before.find(({ step }) => step === 'triage');
}

/** Pure, and total: whatever the ledger holds, there is an answer. */
export function whyOf({ comment: { outcome }, decisions }: Pick<CommentRecord, 'comment' | 'decisions'>): Why {
  const lines = decisions.filter(({ reason }) => !afterthoughts.has(reason));
  const line = (outcome && deciding[outcome](lines)) ?? lines.at(-1);
  const state = outcome === undefined ? 'On its way' : words[outcome];
  if (!line) return { reason: undefined, summary: `${state}: nothing has been decided yet.`, todo: 'Nothing.' };
  const { explanation, todo } = reasons[line.reason];
  return { reason: line.reason, summary: `${state}: ${withoutCapital(explanation)}`, todo };
}

/** Names in capitals keep them. */
function withoutCapital(sentence: string): string {
  return /^\p{Lu}\p{Lu}/u.test(sentence) ? sentence : sentence.slice(0, 1).toLowerCase() + sentence.slice(1);
}
