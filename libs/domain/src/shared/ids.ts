import { z } from 'zod';

/**
 * Vendor ids are digits beyond 2^53, or letters and dashes elsewhere: they are text everywhere, and branded so that they
 * cannot be mixed up. Visible ASCII only: what else is called an id is none.
 */
const vendorId = z
  .string()
  .max(64)
  .regex(/^[\x21-\x7E]+$/u);

export const AccountId = vendorId.brand<'AccountId'>();
export type AccountId = z.infer<typeof AccountId>;

export const MediaId = vendorId.brand<'MediaId'>();
export type MediaId = z.infer<typeof MediaId>;

/** The platform's own id of a comment; also the id that the admin API shows. */
export const CommentId = vendorId.brand<'CommentId'>();
export type CommentId = z.infer<typeof CommentId>;

/** The platform's id of what we published: of a comment, or of a message, whose ids are longer. */
export const PublishedId = z
  .string()
  .max(512)
  .regex(/^[\x21-\x7E]+$/u)
  .brand<'CommentId'>();

/** Our own id of the intent to reply; the platform's id of what was published is a `CommentId`. */
export const ReplyId = z.uuid().brand<'ReplyId'>();
export type ReplyId = z.infer<typeof ReplyId>;

export const ModerationId = z.uuid().brand<'ModerationId'>();
export type ModerationId = z.infer<typeof ModerationId>;

export const ReviewId = z.uuid().brand<'ReviewId'>();
export type ReviewId = z.infer<typeof ReviewId>;

export const AlertId = z.uuid().brand<'AlertId'>();
export type AlertId = z.infer<typeof AlertId>;

export const DocumentId = z.uuid().brand<'DocumentId'>();
export type DocumentId = z.infer<typeof DocumentId>;

export const ProductId = z.uuid().brand<'ProductId'>();
export type ProductId = z.infer<typeof ProductId>;

export const PassageId = z.uuid().brand<'PassageId'>();
export type PassageId = z.infer<typeof PassageId>;

/** Checked against the registry of platforms, so that the domain lists none. */
export const PlatformId = z.string().min(1).max(32).brand<'PlatformId'>();
export type PlatformId = z.infer<typeof PlatformId>;
