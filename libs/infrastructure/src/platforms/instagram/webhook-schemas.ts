import { z } from 'zod';
import { storableText } from '#domain/shared/text.js';

// Only what we use of a webhook's comment. Everything may be missing but the id; what is there must have the right shape.

const text = z.string().transform(storableText);

/** Ids come as strings of digits; the lossless parser leaves small ones as numbers. Others would not fit a URL or a key. */
const vendorId = z
  .union([z.string(), z.int().nonnegative().transform(String)])
  .refine(isUsableAsId, 'is not usable as an id');
// Some examples send "" or null for what does not exist.
const optionalId = z.preprocess((value) => (value === '' ? undefined : value), vendorId.nullish());

export const entryId = vendorId;

export const commentValue = z.object({
  // The Facebook Login example page says `comment_id` where the reference says `id`.
  id: optionalId,
  comment_id: optionalId,
  // Missing for a GIF or a sticker.
  text: text.nullish(),
  // `self_ig_scoped_id` comes with the account's own comments only, whatever scope `id` is of (self-messaging guide).
  from: z.object({ id: optionalId, username: text.nullish(), self_ig_scoped_id: optionalId }).nullish(),
  media: z
    .object({
      id: optionalId,
      media_product_type: text.nullish(),
      ad_id: optionalId,
      // A boosted post has an id of its own as an ad; the caption and the product are those of the original.
      original_media_id: optionalId,
    })
    .nullish(),
  parent_id: optionalId,
});
export type CommentValue = z.output<typeof commentValue>;

/**
 * Reads a comment that looks as nearly all do, at a tenth of what the schema costs.
 * @returns what `commentValue` makes of it; undefined when it looks otherwise, and the schema must say what it is
 */
export function readUsualComment(value: unknown): CommentValue | undefined {
  if (!isFields(value) || value['comment_id'] !== undefined) return undefined;
  const { id, text: words, parent_id: parentId } = value;
  if (!isUsualId(id) || typeof words !== 'string' || !isUsualOptional(parentId)) return undefined;
  const from = usualAuthor(value['from']);
  const media = usualMedia(value['media']);
  return from && media ? { id, text: storableText(words), from, media, parent_id: parentId } : undefined;
}

function usualAuthor(from: unknown): CommentValue['from'] {
  if (!isFields(from) || from['self_ig_scoped_id'] !== undefined) return undefined;
  const { id, username } = from;
  return isUsualId(id) && typeof username === 'string' ? { id, username: storableText(username) } : undefined;
}

function usualMedia(media: unknown): CommentValue['media'] {
  if (!isFields(media)) return undefined;
  const { id, media_product_type: kind, ad_id: adId, original_media_id: originalId } = media;
  const usual = isUsualId(id) && typeof kind === 'string' && isUsualOptional(adId) && isUsualOptional(originalId);
  return usual ? { id, media_product_type: storableText(kind), ad_id: adId, original_media_id: originalId } : undefined;
}

function isUsualId(value: unknown): value is string {
  return typeof value === 'string' && isUsableAsId(value);
}

function isUsualOptional(value: unknown): value is string | undefined {
  return value === undefined || isUsualId(value);
}

function isUsableAsId(value: string): boolean {
  return /^[\w-]{1,64}$/.test(value);
}

/** An object of JSON, and no list. */
export function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
