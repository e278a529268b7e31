import { z } from 'zod';

// What the Graph API answers: only the fields we use. Ids are strings; the lossless parser makes big numbers strings too.
const id = z.union([z.string().regex(/^[\w-]{1,64}$/), z.int().nonnegative().transform(String)]);

export const created = z.object({ id });

export const sentMessage = z.object({ message_id: z.string().regex(/^[\x21-\x7E]{1,512}$/u) });

export const commentNow = z.object({ hidden: z.boolean().nullish(), timestamp: z.string().nullish() });

export const conversations = z.object({ data: z.array(z.object({ id: z.string().min(1) })) });

export const messagePage = z.object({
  data: z.array(
    z.object({
      id: z.string().min(1),
      // Missing for what is no text, and for messages that Instagram no longer tells about.
      message: z.string().nullish(),
      created_time: z.string().nullish(),
      from: z.object({ id: id.nullish(), username: z.string().nullish() }).nullish(),
    }),
  ),
  paging: z
    .object({ cursors: z.object({ after: z.string().nullish() }).nullish(), next: z.string().nullish() })
    .nullish(),
});
export type ListedMessage = z.output<typeof messagePage>['data'][number];

export const changed = z.object({ success: z.literal(true) });

export const me = z.object({ user_id: id, username: z.string().min(1) });

const picture = {
  media_type: z.string().nullish(),
  media_url: z.string().nullish(),
  thumbnail_url: z.string().nullish(),
};
export const mediaPictures = z.object({
  ...picture,
  children: z.object({ data: z.array(z.object({ id, ...picture })) }).nullish(),
});

export const mediaObject = mediaPictures.extend({
  caption: z.string().nullish(),
  permalink: z.string().nullish(),
  timestamp: z.string().nullish(),
});

export const replyPage = z.object({
  data: z.array(
    z.object({
      id,
      text: z.string().nullish(),
      timestamp: z.string().nullish(),
      username: z.string().nullish(),
      from: z.object({ id: id.nullish(), username: z.string().nullish() }).nullish(),
    }),
  ),
  paging: z
    .object({ cursors: z.object({ after: z.string().nullish() }).nullish(), next: z.string().nullish() })
    .nullish(),
});
export type ListedReply = z.output<typeof replyPage>['data'][number];

export const errorBody = z.object({
  error: z.object({
    message: z.string().nullish(),
    type: z.string().nullish(),
    code: z.number(),
    error_subcode: z.number().nullish(),
    is_transient: z.boolean().nullish(),
    fbtrace_id: z.string().nullish(),
  }),
});
export type GraphError = z.output<typeof errorBody>['error'];

const counted = {
  call_count: z.number().nullish(),
  total_cputime: z.number().nullish(),
  total_time: z.number().nullish(),
};
/** `X-App-Usage`: percent of the app's own limits that is used. */
export const appUsage = z.object(counted);
/** `X-Business-Use-Case-Usage`: per business object, how much of the limits is used and when access comes back. */
export const businessUsage = z.record(
  z.string(),
  z.array(z.object({ ...counted, estimated_time_to_regain_access: z.number().nullish() })),
);
