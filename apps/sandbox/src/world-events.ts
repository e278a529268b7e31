import { z } from 'zod';

/** A comment as it is written; whether it is hidden is told by later events. */
export const writtenComment = z.object({
  id: z.string(),
  mediaId: z.string(),
  parentId: z.string().optional(),
  authorId: z.string(),
  username: z.string(),
  text: z.string(),
  at: z.string(),
  live: z.boolean(),
});

const message = z.object({
  messageId: z.number(),
  chatId: z.string(),
  threadId: z.number().optional(),
  text: z.string(),
  html: z.boolean(),
  at: z.string(),
});

const privateMessage = z.object({
  id: z.string(),
  commentId: z.string(),
  recipientId: z.string(),
  text: z.string(),
  at: z.string(),
});

/** What can happen at the vendors; written line by line into the journal. */
export const worldEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('comment'), comment: writtenComment }),
  z.object({ type: z.literal('hide'), id: z.string(), hidden: z.boolean() }),
  z.object({ type: z.literal('delete'), id: z.string() }),
  z.object({ type: z.literal('telegram'), message }),
  z.object({ type: z.literal('telegram-edit'), messageId: z.number(), text: z.string(), html: z.boolean() }),
  z.object({ type: z.literal('private-message'), message: privateMessage }),
  z.object({ type: z.literal('subscribe'), fields: z.array(z.string()) }),
]);
export type WorldEvent = z.infer<typeof worldEvent>;
