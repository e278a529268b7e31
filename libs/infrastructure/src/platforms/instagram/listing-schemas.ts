import { z } from 'zod';

// Lists of the Graph API that are read item by item: one odd item must not hide the others.
const id = z.union([z.string().regex(/^[\w-]{1,64}$/), z.int().nonnegative().transform(String)]);
const word = z.string().nullish();

export const listPage = z.looseObject({
  data: z.array(z.unknown()),
  paging: z.looseObject({ cursors: z.looseObject({ after: word }).nullish(), next: word }).nullish(),
});
export type ListPage = z.output<typeof listPage>;

export const listedMedia = z.object({
  id,
  timestamp: word,
  media_product_type: word,
  comments_count: z.int().nonnegative().nullish(),
});

export const listedComment = z.object({
  id,
  text: word,
  timestamp: word,
  username: word,
  from: z.object({ id: id.nullish(), username: word }).nullish(),
  replies: listPage.nullish(),
});
export type ListedCommentValue = z.output<typeof listedComment>;

export const subscriptions = z.object({
  data: z.array(z.object({ subscribed_fields: z.array(z.string()).nullish() })),
});

export const renewedToken = z.object({ access_token: z.string().min(8), expires_in: z.number().positive() });
