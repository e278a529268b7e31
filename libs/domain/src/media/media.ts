import type { AccountId, MediaId } from '../shared/ids.js';

export interface Media {
  readonly id: MediaId;
  readonly accountId: AccountId;
  readonly caption: string | undefined;
  /** IMAGE, VIDEO, CAROUSEL_ALBUM, or whatever the platform says next. */
  readonly type: string | undefined;
  readonly permalink: string | undefined;
  readonly postedAt: Date | undefined;
  /** What can be seen in its pictures; left out while nobody has looked. */
  readonly understanding?: string;
}
