import type { AccountId } from '../shared/ids.js';

export interface PictureToDescribe {
  readonly accountId: AccountId;
  /** `data:image/jpeg;base64,…` */
  readonly image: string;
  /** The post's; it helps to name what is seen. */
  readonly caption: string | undefined;
}

export type PictureDescription =
  | { readonly kind: 'described'; readonly text: string; readonly model: string; readonly promptVersion: string }
  /** The money for it is spent; tomorrow there is more. */
  | { readonly kind: 'over-budget'; readonly detail: string }
  | { readonly kind: 'refused'; readonly detail: string }
  /** Not usable even after one repair. */
  | { readonly kind: 'unreadable'; readonly detail: string };

export abstract class PictureDescriber {
  /** One structured model call, with at most one repair. @throws AppError as CommentClassifier.classify */
  abstract describe(picture: PictureToDescribe): Promise<PictureDescription>;
}
