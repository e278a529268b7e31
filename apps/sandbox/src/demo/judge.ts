import type { ScenarioComment } from '../bakery/comments.js';
import type { Account, VendorEntry } from './system.js';

export interface Played {
  readonly comment: ScenarioComment;
  /** Undefined when it could not be written at all. */
  readonly id: string | undefined;
  /** The last that was seen; undefined when the system never knew the comment. */
  readonly account: Account | undefined;
}

export function isFinal(account: Account | undefined): boolean {
  return account?.comment.stage === 'done' || account?.comment.stage === 'parked';
}

/** @returns in words what differs from what the scenario expects; empty when nothing does */
export function differences({ comment, account }: Played): string[] {
  if (!account) return ['the system does not know the comment'];
  const { expected } = comment;
  const seen = account.comment;
  if (!isFinal(account)) return [`not finished: its stage is still ${seen.stage}`];
  const found: string[] = [];
  const differ = (what: string, wanted: string, was: string): void => {
    if (wanted !== was) found.push(`${what}: expected ${wanted}, was ${was}`);
  };
  differ('class', expected.class, seen.verdict?.class ?? 'none');
  differ('actions', listed(expected.actions), listed(seen.actions));
  const reasons = account.decisions.map(({ reason }) => reason);
  if (!reasons.includes(expected.reason)) found.push(`reason: expected ${expected.reason}, was ${reasons.join(', ')}`);
  if (expected.finally && !expected.finally.some((reason) => reasons.includes(reason))) {
    found.push(`end: expected ${expected.finally.join(' or ')}, was ${reasons.join(', ')}`);
  }
  return [...found, ...differencesInReply(comment, account)];
}

function differencesInReply({ expected, mentions, never }: ScenarioComment, { comment }: Account): string[] {
  const text = comment.reply?.text ?? '';
  const found: string[] = [];
  if (expected.actions.includes('reply')) {
    const missing = (mentions ?? []).filter((fact) => !text.includes(fact));
    if (missing.length > 0) found.push(`reply: does not say ${missing.join(', ')}: “${text}”`);
  }
  const said = (never ?? []).filter((words) => text.includes(words));
  if (said.length > 0) found.push(`reply: says ${said.join(', ')}: “${text}”`);
  return found;
}

/** Everything that the vendors saw of this run. */
export interface VendorView {
  readonly replies: readonly VendorEntry[];
  readonly hides: readonly VendorEntry[];
  readonly messages: readonly VendorEntry[];
}

export interface VendorCheck {
  readonly replies: number;
  readonly hides: number;
  readonly alerts: number;
  readonly differences: readonly string[];
}

/** The vendors' books against the scenario: one reply where one is due, none elsewhere; hides and alerts alike. */
export function checkVendors(played: readonly Played[], view: VendorView): VendorCheck {
  const found: string[] = [];
  const totals = { replies: 0, hides: 0, alerts: 0 };
  for (const { comment, id } of played) {
    const due = (action: ScenarioComment['expected']['actions'][number]): boolean =>
      comment.expected.actions.includes(action);
    const replies = doneFor(view.replies, id);
    const hides = doneFor(view.hides, id);
    const alerts = alertsAbout(comment, view.messages);
    totals.replies += replies;
    totals.hides += hides;
    if (replies !== Number(due('reply')))
      found.push(`${comment.key}: ${replies} replies at the vendor, ${Number(due('reply'))} due`);
    // Hiding twice is hiding once: a repetition after an unclear answer is no fault.
    if (due('hide') !== hides > 0)
      found.push(`${comment.key}: ${hides} hides at the vendor, ${Number(due('hide'))} due`);
    if (due('alert')) totals.alerts += 1;
    if (due('alert') !== alerts > 0)
      found.push(`${comment.key}: ${alerts} alerts in the chat, ${Number(due('alert'))} due`);
  }
  return { ...totals, differences: found };
}

function doneFor(entries: readonly VendorEntry[], id: string | undefined): number {
  return entries.filter(({ target, status }) => target === id && status === 200).length;
}

/** A message names the author and quotes the comment; no two comments of the scenario that alert share both. */
function alertsAbout({ username, text }: ScenarioComment, messages: readonly VendorEntry[]): number {
  const quoted = escapeHtml(text.slice(0, 300));
  return messages.filter(({ status, request }) => {
    const message = textOf(request);
    return (
      status === 200 &&
      message.includes(`@${username}`) &&
      (message.includes(quoted) || message.includes(text.slice(0, 300)))
    );
  }).length;
}

function textOf(request: unknown): string {
  return typeof request === 'object' && request !== null && 'text' in request ? String(request.text) : '';
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function listed(actions: readonly string[]): string {
  return actions.length === 0 ? 'none' : actions.toSorted().join(', ');
}

/** The reason that tells most: how it ended where that was open, else what triage said. */
export function reasonShown({ comment, account }: Played): string {
  const reasons = account?.decisions.map(({ reason }) => reason) ?? [];
  const wanted: readonly string[] = comment.expected.finally ?? [];
  const end = reasons.find((reason) => wanted.includes(reason));
  return end ?? reasons.find((reason) => reason === comment.expected.reason) ?? reasons.at(-1) ?? '–';
}

/** Seconds from the webhook to the last decision, by the system's own clock. */
export function secondsTaken(account: Account | undefined): number | undefined {
  if (!account) return undefined;
  const last = Math.max(...account.decisions.map(({ at }) => Date.parse(at)));
  const taken = (last - Date.parse(account.comment.receivedAt)) / 1000;
  return Number.isFinite(taken) ? Math.max(0, taken) : undefined;
}
