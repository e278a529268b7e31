import type { AccountId, MediaId } from '../shared/ids.js';

export interface Media {
  readonly id: MediaId;
  readonly accountId: AccountId;
  readonly caption: string | undefined;
  /** IMAGE, VIDEO, CAROUSEL_ALBUM, or whatever the platform says next. */
  readonly type: string | undefined;
  readonly permalink: string | undefined;
  readonly postedAt: Date | undefined;
  /** The platform's ids of what can be looked at, in its order; left out where it was never asked for them. */
  readonly pictures?: readonly string[];
  /** When the platform was asked last. */
  readonly readAt?: Date;
  /** What can be seen in its pictures as they are now; left out while nobody knows. */
  readonly understanding?: string;
}

/** Captions and pictures change seldom; a post that is commented on is asked about again after so long, in milliseconds. */
export const postIsReadAgainAfterMs = 6 * 3_600_000;

/** What a description of a post is of: it holds as long as this is the same. */
export function contentOf({ caption, type, pictures = [] }: Pick<Media, 'caption' | 'type' | 'pictures'>): string {
  return JSON.stringify([type ?? null, caption ?? null, pictures]);
}
