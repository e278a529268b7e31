import { createHmac } from 'node:crypto';
import { bakeryAccount } from './bakery/account.js';
import { bakeryMedia } from './bakery/media.js';
import type { GraphComment } from './world.js';

/** The body of one webhook call for these comments, as Meta words it. */
export function webhookPayload(comments: readonly GraphComment[], sentAt: Date): unknown {
  return {
    object: 'instagram',
    entry: [
      {
        id: bakeryAccount.id,
        // The time of sending, in seconds; the payload never says when the comment was written.
        time: Math.floor(sentAt.getTime() / 1000),
        changes: comments.map((comment) => ({
          field: fieldOf(comment),
          value: valueOf(comment),
        })),
      },
    ],
  };
}

export function fieldOf(comment: GraphComment): string {
  return comment.live ? 'live_comments' : 'comments';
}

function valueOf(comment: GraphComment): unknown {
  const own = comment.authorId === bakeryAccount.id;
  const product = bakeryMedia.find(({ id }) => id === comment.mediaId)?.product ?? 'FEED';
  return {
    from: {
      id: comment.authorId,
      username: comment.username,
      ...(own && { self_ig_scoped_id: bakeryAccount.selfScopedId }),
    },
    media: { id: comment.mediaId, media_product_type: comment.live ? 'LIVE' : product },
    id: comment.id,
    ...(comment.parentId !== undefined && { parent_id: comment.parentId }),
    text: comment.text,
  };
}

/**
 * JSON as Meta puts it on the wire and signs it: everything beyond ASCII as \uXXXX in lower case, and / < % @ escaped
 * as well. A receiver that re-encodes what it parsed never gets these bytes back.
 */
export function metaJson(payload: unknown): Buffer {
  const escaped = JSON.stringify(payload)
    .replaceAll('/', String.raw`\/`)
    .replaceAll('<', String.raw`\u003C`)
    .replaceAll('%', String.raw`\u0025`)
    .replaceAll('@', String.raw`\u0040`)
    .replaceAll(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return Buffer.from(escaped, 'ascii');
}

/** The two signature headers that Meta sends; only the SHA-256 one is to be trusted. */
export function signatureHeaders(body: Uint8Array, appSecret: string): Record<string, string> {
  return {
    'x-hub-signature': `sha1=${createHmac('sha1', appSecret).update(body).digest('hex')}`,
    'x-hub-signature-256': `sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`,
  };
}
