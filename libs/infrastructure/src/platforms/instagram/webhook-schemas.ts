import { z } from 'zod';
import { storableText } from '#domain/shared/text.js';

// Only what we use of a webhook's comment. Everything may be missing but the id; what is there must have the right shape.

const text = z.string().transform(storableText);

/** Ids come as strings of digits; the lossless parser leaves small ones as numbers. Others would not fit a URL or a key. */
const vendorId = z
  .union([z.string(), z.int().nonnegative().transform(String)])
  .refine((value) => /^[\w-]{1,64}$/.test(value), 'is not usable as an id');
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
