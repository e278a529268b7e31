import { z } from 'zod';

/** What `GET /api/v1/comments/{id}/decisions` answers, as far as tests look at it. */
export const commentWay = z.object({
  comment: z.object({
    stage: z.string(),
    outcome: z.string().nullable(),
    actions: z.array(z.string()),
    hidden: z.boolean(),
    verdict: z.object({ class: z.string() }).nullable(),
    reply: z.object({ state: z.string(), text: z.string().nullable() }).nullable(),
    privateReply: z.object({ state: z.string(), text: z.string().nullable() }).nullable(),
  }),
  decisions: z.array(z.object({ step: z.string(), reason: z.string() })),
});
export type CommentWay = z.infer<typeof commentWay>;
