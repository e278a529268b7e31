import type { CommentSource, IncomingComment } from '../comments/comment.js';
import type { ListedMedia } from '../platforms/platform.js';
import type { AccountCoverage, MediaKnowledge } from './coverage.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

export const coverageRules = {
  /** Posts that are looked after: nearly all comments come in the first days. */
  mediaNotOlderThanMs: 30 * dayMs,
  mediaAtMost: 50,
  /** A comment is left to its webhook for so long: it usually comes within seconds. Never longer than between two runs. */
  graceMs: 2 * minuteMs,
  /** Whoever asked a week ago has found the answer, or has left; an automatic answer would only be strange. */
  answeredNotLaterThanMs: 7 * dayMs,
  /** A count that did not change may hide one deleted and one new: now and then it is looked at all the same. */
  lookAgainAfterMs: hourMs,
  /** What is read again behind the last look, for what the platform lists late. */
  overlapMs: 10 * minuteMs,
  /** Of one post per look: 1,000 top-level comments with their replies. The first look has no such limit. */
  pagesPerLook: 20,
} as const;

/** Whether nothing new can be there: whatever the platform counts more than at the last look has come to us. */
export function isCovered(media: ListedMedia, { known, lastLook }: MediaKnowledge, now: Date): boolean {
  if (!lastLook?.whole) return false;
  if (now.getTime() - lastLook.at.getTime() >= coverageRules.lookAgainAfterMs) return false;
  return missingSince(media, { known, lastLook }) <= 0;
}

/** How many comments the platform counts more than at the last look that did not come to us. */
export function missingSince(
  media: ListedMedia,
  { known, lastLook }: Pick<MediaKnowledge, 'known' | 'lastLook'>,
): number {
  return media.comments - (lastLook?.counted ?? 0) - (known - (lastLook?.known ?? 0));
}

/**
 * What a comment that nobody told us about is to us.
 * @returns undefined while its webhook may still come
 */
export function sourceOf(
  { writtenAt }: Pick<IncomingComment, 'writtenAt'>,
  at: { readonly now: Date; readonly connectedAt: Date; readonly graceMs: number },
): Exclude<CommentSource, 'webhook'> | undefined {
  // Without a time nobody knows how old it is: not answering is the smaller harm.
  if (writtenAt === undefined) return 'history';
  const age = at.now.getTime() - writtenAt.getTime();
  if (age < at.graceMs) return undefined;
  // Platforms tell whole seconds: one written in the second of connecting is new.
  const connected = Math.floor(at.connectedAt.getTime() / 1_000) * 1_000;
  if (writtenAt.getTime() < connected || age > coverageRules.answeredNotLaterThanMs) return 'history';
  return 'polling';
}

/** Below these a single late webhook would call somebody; a platform that tells nothing at all is told at once. */
const fewFound = 3;
const smallShare = 0.05;

/** @returns undefined when the last hour neither shows a loss nor is clean */
export function judgeCoverage({
  seenByWebhook,
  foundByPolling,
}: Pick<AccountCoverage, 'seenByWebhook' | 'foundByPolling'>): 'events-missing' | 'clean' | undefined {
  if (foundByPolling === 0) return 'clean';
  if (seenByWebhook === 0) return 'events-missing';
  const share = foundByPolling / (seenByWebhook + foundByPolling);
  return foundByPolling >= fewFound && share > smallShare ? 'events-missing' : undefined;
}
