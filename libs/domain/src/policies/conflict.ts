import { privateReplyRules } from '../replies/private-replies.js';
import { replyLimits } from '../replies/reply-rules.js';
import { plainText, storableText } from '../shared/text.js';

/** Ways in which settings cannot be meant. A closed list. */
export const conflictKinds = [
  'reply-and-hide',
  'confidence-out-of-range',
  'confidence-without-use',
  'unknown-time-zone',
  'hours-without-days',
  'hours-without-length',
  'hours-unreadable',
  'windows-overlap',
  'changes-nothing',
  'named-twice',
  'too-many',
  'rule-without-action',
  'rule-contradicts-itself',
  'rule-entry-blank',
  'rule-text-unusable',
  'rule-pattern-broken',
  'rule-never-reached',
] as const;
export type ConflictKind = (typeof conflictKinds)[number];

export interface Conflict {
  readonly kind: ConflictKind;
  /** Which, and what to do: a sentence. */
  readonly text: string;
}

export function conflict(kind: ConflictKind, text: string): Conflict {
  return { kind, text };
}

/** Why this text cannot be published as it stands; undefined when it can. */
export function unusable(text: string, channel: 'public' | 'private'): string | undefined {
  if (storableText(text) !== text) return 'has characters that cannot be stored';
  if (plainText(text) === '') return 'has no words';
  // oxlint-disable-next-line no-control-regex -- finding control characters is this pattern's purpose
  if (/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/u.test(text))
    return 'has control characters';
  if (channel === 'public') {
    const length = [...text].length;
    return length > replyLimits.hard ? `has ${length} characters; ${replyLimits.hard} are allowed` : undefined;
  }
  const bytes = new TextEncoder().encode(text).byteLength;
  return bytes > privateReplyRules.bytes ? `has ${bytes} bytes; ${privateReplyRules.bytes} are allowed` : undefined;
}
