import type { AccountId, CommentId, ModerationId } from '../shared/ids.js';

export type ModerationState = 'due' | 'suggested' | 'done' | 'parked' | 'dropped';

/** Hiding a comment: due, done, or suggested to a person. Hiding twice is harmless at the platform. */
export interface Moderation {
  readonly id: ModerationId;
  readonly commentId: CommentId;
  readonly accountId: AccountId;
  readonly action: 'hide';
  readonly state: ModerationState;
}
