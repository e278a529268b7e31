import type { AccountId, CommentId, ModerationId } from '../shared/ids.js';

export const moderationActions = ['hide', 'unhide', 'delete'] as const;
export type ModerationAction = (typeof moderationActions)[number];

export const moderationStates = ['due', 'suggested', 'done', 'parked', 'dropped'] as const;
export type ModerationState = (typeof moderationStates)[number];

/**
 * One thing to be done with a comment's visibility; doing it twice is harmless at the platform. Policies hide and nothing
 * else: only a person brings a comment back or deletes it.
 */
export interface Moderation {
  readonly id: ModerationId;
  readonly commentId: CommentId;
  readonly accountId: AccountId;
  readonly action: ModerationAction;
  readonly state: ModerationState;
}
