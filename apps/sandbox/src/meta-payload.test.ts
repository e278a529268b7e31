import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { bakeryAccount } from './bakery/account.js';
import { metaJson, signatureHeaders, webhookPayload } from './meta-payload.js';
import type { GraphComment } from './world.js';

const comment: GraphComment = {
  id: '18000000000000001',
  mediaId: '17900000000000103',
  parentId: '18000000000000000',
  authorId: '10000000000000001',
  username: 'anna',
  text: 'кафé 🍞 </b> 50% @you \u{d800}',
  at: '2026-11-20T10:00:00.000Z',
  live: false,
  hidden: false,
};

describe('the body of a webhook', () => {
  it('is ASCII with everything else escaped in lower case, and slashes escaped', () => {
    const bytes = metaJson({ text: 'é 🍞/<%@\ud800' }).toString('ascii');
    expect(bytes).toBe(String.raw`{"text":"\u00e9 \ud83c\udf5e\/\u003C\u0025\u0040\ud800"}`);
  });

  it('says after parsing what the customer wrote', () => {
    const parsed: unknown = JSON.parse(metaJson(webhookPayload([comment], new Date(0))).toString('utf8'));
    expect(parsed).toEqual({
      object: 'instagram',
      entry: [
        {
          id: bakeryAccount.id,
          time: 0,
          changes: [
            {
              field: 'comments',
              value: {
                id: comment.id,
                parent_id: comment.parentId,
                text: comment.text,
                from: { id: comment.authorId, username: 'anna' },
                media: { id: comment.mediaId, media_product_type: 'REELS' },
              },
            },
          ],
        },
      ],
    });
  });

  it('names the account itself as the author of its own comments', () => {
    const own = { ...comment, authorId: bakeryAccount.id, username: bakeryAccount.username };
    expect(metaJson(webhookPayload([own], new Date())).toString()).toContain(
      `"from":{"id":"${bakeryAccount.id}","username":"warm.bread","self_ig_scoped_id":"${bakeryAccount.selfScopedId}"}`,
    );
  });

  it('is signed over its bytes, not over what a parser makes of them', () => {
    const body = metaJson(webhookPayload([comment], new Date(0)));
    const expected = createHmac('sha256', 'secret').update(body).digest('hex');
    expect(signatureHeaders(body, 'secret')['x-hub-signature-256']).toBe(`sha256=${expected}`);
    const encodedAgain = Buffer.from(JSON.stringify(JSON.parse(body.toString())));
    expect(encodedAgain.equals(body)).toBe(false);
  });
});
