import { after } from './time.js';
import type { Decision, Explanation } from './wire.js';

/** How a step looks: `thought` is what the model made of it, `good` did something, `person` left it to people, `bad` went wrong, `plain` is only news. */
export type Tone = 'plain' | 'thought' | 'good' | 'person' | 'bad' | 'hidden';

export interface WayStep {
  readonly key: string;
  readonly label: string;
  readonly tone: Tone;
}

/** The seven classes by their short names. */
export const classNames: Readonly<Record<string, string>> = {
  positive: 'praise',
  critical: 'criticism',
  urgent: 'urgent complaint',
  question: 'question',
  partnership: 'partnership offer',
  toxic: 'abuse',
  spam: 'spam',
};

export const className = (name: string): string => classNames[name] ?? name;

const policyWords: Readonly<Record<string, string>> = {
  'auto-reply': 'answer',
  'auto-reply-unsure': 'draft, not sure enough',
  'draft-for-operator': 'draft for a person',
  'hide-confident': 'hide',
  'hide-unsure': 'suggest hiding',
  'hide-suggested': 'suggest hiding',
  'operators-alerted': 'tell operators',
  'left-visible': 'leave as it is',
};

const words: Readonly<Record<string, readonly [label: string, tone: Tone]>> = {
  received: ['Received', 'plain'],
  'own-comment': ['Own reply, seen coming back', 'plain'],
  'account-not-served': ['Account not connected', 'bad'],
  drafted: ['Answer written', 'good'],
  'draft-waits': ['Draft written', 'person'],
  'no-knowledge': ['Nothing in the documents', 'person'],
  'model-abstained': ['Documents do not answer it', 'person'],
  'model-refused': ['Model declined', 'person'],
  'answer-unreadable': ['Answer not usable', 'person'],
  'reply-sending': ['Sending', 'plain'],
  'reply-sent': ['Published', 'good'],
  'reply-confirmed-by-echo': ['Published', 'good'],
  'reply-found-by-listing': ['Published', 'good'],
  'reply-unclear': ['Checking the thread', 'person'],
  'reply-not-found-yet': ['Checking the thread', 'person'],
  'reply-send-again': ['Sending once more', 'person'],
  'reply-dry-run': ['Not published: dry run', 'person'],
  'reply-target-gone': ['Comment is gone', 'person'],
  'reply-not-allowed': ['No reply allowed', 'person'],
  hidden: ['Hidden', 'hidden'],
  'hide-dry-run': ['Not hidden: dry run', 'person'],
  'hide-target-gone': ['Comment is gone', 'person'],
  'operators-told': ['Operators told', 'good'],
  'no-operator-channel': ['No operators’ chat', 'bad'],
};

/** The compact way of a comment, oldest step first. */
export function wayOf({ comment, decisions }: Explanation): readonly WayStep[] {
  const steps: WayStep[] = [];
  const policy = decisions.filter(({ step }) => step === 'triage');
  for (const decision of decisions) {
    if (decision.step !== 'triage') steps.push(stepOf(decision, comment.verdict));
    else if (decision === policy[0]) steps.push(policyStep(policy));
  }
  return withoutOvertaken(steps);
}

function stepOf(decision: Decision, verdict: Explanation['comment']['verdict']): WayStep {
  const key = decision.id;
  if (decision.step === 'classify' && verdict) {
    return { key, label: `Understood: ${className(verdict.class)} ${verdict.confidence} %`, tone: 'thought' };
  }
  const source = titlesIn(decision)[0];
  if (decision.reason === 'drafted' && source !== undefined) {
    return { key, label: `Written from “${source}”`, tone: 'good' };
  }
  if (decision.reason.startsWith('gate-')) return { key, label: 'Answer held back', tone: 'person' };
  if (decision.reason.startsWith('parked-')) return { key, label: 'Stopped: a person decides', tone: 'bad' };
  if (decision.step === 'park') return { key, label: 'Waiting for the next try', tone: 'bad' };
  const [label, tone] = words[decision.reason] ?? [decision.reason.replaceAll('-', ' '), 'plain' as const];
  return { key, label, tone };
}

function policyStep(policy: readonly Decision[]): WayStep {
  const wishes = policy.map(({ reason }) => policyWords[reason] ?? reason.replaceAll('-', ' '));
  const first = policy[0];
  return { key: first?.id ?? 'policy', label: `Policy: ${wishes.join(', ')}`, tone: 'plain' };
}

/** "Sending" says nothing once it is published, a second "Published" (its echo) neither, nor a failed try once it worked. */
function withoutOvertaken(steps: readonly WayStep[]): readonly WayStep[] {
  return steps.filter((step, index) => {
    const later = steps.slice(index + 1);
    if (step.label === 'Sending') return later.length === 0;
    if (step.label === 'Waiting for the next try') return later.length === 0;
    return !steps.slice(0, index).some(({ label }) => label === step.label);
  });
}

/** What goes on right now, or undefined when nothing does. */
export function busyWith(explanation: Explanation | undefined, thinking: string | undefined): string | undefined {
  const comment = explanation?.comment;
  if (comment && isFinal(explanation)) return undefined;
  if (thinking === 'classify') return 'the model reads it';
  if (thinking === 'answer') return 'the model writes an answer';
  if (!comment) return 'on its way';
  if (comment.stage === 'received') return 'waiting for the model';
  if (comment.reply?.state === 'wanted') return 'looking into the documents';
  if (comment.reply?.state === 'drafted') return 'about to publish';
  if (comment.reply?.state === 'unknown') return 'checking whether it went out';
  return 'acting';
}

export const isFinal = ({ comment }: Explanation): boolean => comment.stage === 'done' || comment.stage === 'parked';

/** How long it all took, or undefined while something is still to come. */
export function timeTaken(explanation: Explanation): string | undefined {
  const [first, last] = [explanation.decisions[0], explanation.decisions.at(-1)];
  return first && last && isFinal(explanation) ? after(first.at, last.at) : undefined;
}

/** The one sentence that says why it ended as it did, for a person in a hurry. */
export function whyOf({ decisions }: Explanation): string | undefined {
  const strongest = ['park', 'moderate', 'draft', 'triage', 'receive'];
  for (const step of strongest) {
    const decision = decisions.findLast((one) => one.step === step && !one.reason.startsWith('waits-'));
    if (decision && decision.reason !== 'received') return decision.explanation;
  }
  return undefined;
}

/** The titles of the documents an answer was written from, as the ledger names them. */
function titlesIn({ detail }: Decision): readonly string[] {
  const sources = detail?.['sources'];
  return Array.isArray(sources) ? sources.filter((title) => typeof title === 'string') : [];
}
