import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IncomingComment } from '#domain/comments/comment.js';
import type { CommentListing, CommentWebhook, ListedMedia, Platform } from '#domain/platforms/platform.js';
import { AccountId, CommentId, MediaId } from '#domain/shared/ids.js';

export interface SignedDelivery {
  readonly body: Uint8Array;
  readonly signature: string;
}

/** A platform together with the hands that a test needs on its other side. */
export interface PlatformWorld {
  readonly platform: Platform;
  readonly account: { readonly id: string; readonly username: string };
  readonly post: { readonly id: string; readonly caption: string };
  /** Somebody writes. @returns the comment's id */
  comment(text: string, parentId?: string): Promise<string>;
  /** The platform's side removes or hides it. */
  remove(commentId: string): Promise<void>;
  hide(commentId: string): Promise<void>;
  /** The next publish does its work, and its answer is lost. */
  loseNextAnswer(): Promise<void>;
  /** The signed delivery that told about the comment. */
  deliveryOf(commentId: string): Promise<SignedDelivery>;
  /** How many requests of this kind reached the platform for the comment. */
  requests(call: 'reply' | 'hide', commentId: string): Promise<number>;
  /** The platform forgets that it should tell us about comments. */
  unsubscribe(): Promise<void>;
  /** The token in use is so old that it may be renewed. */
  ageAccess(): Promise<void>;
  close(): Promise<void>;
}

/** What every platform promises to the use cases. */
export function platformContract(name: string, open: () => Promise<PlatformWorld>): void {
  describe(`${name} as a platform`, () => {
    let world: PlatformWorld;
    let accountId: AccountId;
    beforeAll(async () => {
      world = await open();
      accountId = AccountId.parse(world.account.id);
    });
    afterAll(async () => {
      await world.close();
    });

    const publish = async (commentId: string, text: string): Promise<CommentId> =>
      await world.platform.replies.publish({ accountId, commentId: CommentId.parse(commentId), text });
    const ours = async (topLevelId: string): Promise<readonly { id: string; text: string; at: Date }[]> =>
      await world.platform.replies.listOurs({ accountId, topLevelId: CommentId.parse(topLevelId) });
    const hide = async (commentId: string): Promise<void> => {
      await world.platform.moderation.hide({ accountId, commentId: CommentId.parse(commentId) });
    };

    it('tells which account our access belongs to', async () => {
      const { id: platform } = world.platform;
      await expect(world.platform.accounts.connected()).resolves.toEqual([{ ...world.account, platform }]);
    });

    it('publishes a reply once, and shows it in the thread as ours', async () => {
      const { asShown } = world.platform.replies;
      const commentId = await world.comment('How much is the honey cake?');
      await world.comment('I want to know, too', commentId);
      const text = '  500 ₽ за кусок 🍰\n\nSee you & welcome!  ';
      const before = Date.now();
      const id = await publish(commentId, text);
      const listed = await ours(commentId);
      expect(listed.map((reply) => [reply.id, asShown(reply.text)])).toEqual([[id, asShown(text)]]);
      expect(Math.abs((listed[0]?.at.getTime() ?? 0) - before)).toBeLessThan(60_000);
      expect(await world.requests('reply', commentId)).toBe(1);
    });

    it('lists the reply to a reply under the top of the thread', async () => {
      const top = await world.comment('Do you deliver?');
      const followUp = await world.comment('and on Sundays?', top);
      const id = await publish(followUp, 'On Sundays, too.');
      expect((await ours(top)).map((reply) => reply.id)).toEqual([id]);
    });

    it('lists all pages of a long thread', async () => {
      const top = await world.comment('A long talk');
      for (let count = 0; count < 30; count += 1) await world.comment(`voice ${count}`, top);
      const ids: string[] = [];
      for (let count = 0; count < 55; count += 1) ids.push(await publish(top, `answer ${count}`));
      expect((await ours(top)).map((reply) => reply.id).toSorted()).toEqual(ids.toSorted());
    });

    it('says "ambiguous" when the answer is lost, and the thread shows what happened', async () => {
      const commentId = await world.comment('Is it open today?');
      await world.loseNextAnswer();
      await expect(publish(commentId, 'Until eight.')).rejects.toMatchObject({ kind: 'ambiguous' });
      expect((await ours(commentId)).map((reply) => reply.text)).toEqual(['Until eight.']);
      expect(await world.requests('reply', commentId)).toBe(1);
    });

    it('says clearly that nothing was published to a deleted or a hidden comment', async () => {
      const deleted = await world.comment('soon gone');
      await world.remove(deleted);
      await expect(publish(deleted, 'Hello')).rejects.toMatchObject({ kind: 'gone' });
      await expect(ours(deleted)).rejects.toMatchObject({ kind: 'gone' });
      const hidden = await world.comment('soon hidden');
      await world.hide(hidden);
      await expect(publish(hidden, 'Hello')).rejects.toMatchObject({ kind: 'rejected' });
    });

    it('hides a comment, also twice, and says when it is gone', async () => {
      const commentId = await world.comment('Buy followers');
      await hide(commentId);
      await hide(commentId);
      expect(await world.requests('hide', commentId)).toBe(2);
      await expect(publish(commentId, 'No')).rejects.toMatchObject({ kind: 'rejected' });
      const deleted = await world.comment('Buy more followers');
      await world.remove(deleted);
      await expect(hide(deleted)).rejects.toMatchObject({ kind: 'gone' });
    });

    it('shows a comment again, deletes it, and tells how it stands now', async () => {
      const { comments, moderation } = world.platform;
      const commentId = CommentId.parse(await world.comment('See you tomorrow'));
      const request = { accountId, commentId };
      const now = async (): Promise<boolean | undefined> => (await comments?.read(request))?.hidden;
      await hide(commentId);
      expect(await now()).toBe(true);
      await moderation.unhide?.(request);
      await moderation.unhide?.(request);
      expect(await now()).toBe(false);
      expect((await comments?.read(request))?.writtenAt?.getTime()).toBeGreaterThan(Date.now() - 60_000);
      await moderation.delete?.(request);
      await expect(moderation.delete?.(request)).rejects.toMatchObject({ kind: 'gone' });
      await expect(now()).rejects.toMatchObject({ kind: 'gone' });
    });

    it('takes a reply of ours away again, and only that', async () => {
      const commentId = await world.comment('Twice, please');
      const [kept, extra] = [await publish(commentId, 'Twice.'), await publish(commentId, 'Twice.')];
      await world.platform.moderation.delete?.({ accountId, commentId: extra });
      expect((await ours(commentId)).map(({ id }) => id)).toEqual([kept]);
    });

    // M8
    it('sends one private reply per comment, also to a hidden one, and shows it in the conversation', async () => {
      const { privateReplies } = world.platform;
      if (!privateReplies) throw new Error('this platform has no private replies');
      const id = await world.comment('Please write to me');
      await world.hide(id);
      const { authorId } = webhookOf(world.platform).parse((await world.deliveryOf(id)).body).comments[0] ?? {};
      const commentId = CommentId.parse(id);
      const listed = async (): Promise<readonly unknown[]> =>
        (await privateReplies.listOurs({ accountId, topLevelId: commentId, authorId })).map((one) => [
          one.id,
          one.text,
        ]);
      const text = ' С удовольствием! 🍰';
      const sent = await privateReplies.publish({ accountId, commentId, text });
      expect(await listed()).toContainEqual([sent, privateReplies.asShown(text)]);
      const again = privateReplies.publish({ accountId, commentId, text: 'Again' });
      await expect(again).rejects.toMatchObject({ kind: 'duplicate' });
      const gone = CommentId.parse(await world.comment('Not me'));
      await world.remove(gone);
      const late = privateReplies.publish({ accountId, commentId: gone, text: 'Hello' });
      await expect(late).rejects.toMatchObject({ kind: 'gone' });
    });

    it('reads a post, and says when there is none', async () => {
      const { post, platform } = world;
      const read = (id: string): Promise<unknown> => platform.media.read({ accountId, mediaId: MediaId.parse(id) });
      await expect(read(post.id)).resolves.toMatchObject({
        id: post.id,
        accountId,
        caption: post.caption,
        postedAt: expect.any(Date),
      });
      await expect(read('17999999999999999')).rejects.toMatchObject({ kind: 'gone' });
    });

    it('reads what it signed, and nothing that was changed on the way', async () => {
      const text = 'Сколько стоит "медовик"? \u2028 https://a/b 👨‍👩‍👧';
      const top = await world.comment(text);
      const webhook = webhookOf(world.platform);
      const { body, signature } = await world.deliveryOf(top);
      expect(webhook.signedBy(body, signature)).toBe(true);
      expect(webhook.signedBy(Uint8Array.from([...body, 32]), signature)).toBe(false);
      expect(webhook.parse(body)).toMatchObject({
        comments: [{ id: top, accountId, mediaId: world.post.id, parentId: undefined, text }],
        quarantined: [],
        counted: {},
      });
      const followUp = await world.comment('and shipping?', top);
      const second = await world.deliveryOf(followUp);
      expect(webhook.parse(second.body).comments).toMatchObject([{ id: followUp, parentId: top }]);
    });

    it('lists every comment and reply under a post, page by page, newest first', async () => {
      const listing = listingOf(world.platform);
      const posts = await listing.recentMedia({ accountId, since: new Date(0), limit: 50 });
      const media = posts.find(({ id }) => id === world.post.id);
      if (!media) throw new Error('the post is not listed');
      const top = await world.comment('Is there a long thread?');
      const replies: string[] = [];
      for (let count = 0; count < 55; count += 1) replies.push(await world.comment(`voice ${count}`, top));
      const ours = await publish(top, 'There is.');
      const others: string[] = [];
      for (let count = 0; count < 55; count += 1) others.push(await world.comment(`another ${count}`));

      const { comments, pages, quarantined } = await readAll(listing, accountId, media);
      expect(pages).toBeGreaterThan(1);
      expect(quarantined).toBe(0);
      const ids = comments.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids).toEqual(expect.arrayContaining([top, ours, ...replies, ...others]));
      const tops = comments.filter(({ parentId }) => parentId === undefined);
      expect(tops.slice(0, 56).map(({ id }) => id)).toEqual([...others.toReversed(), top]);
      const own = comments.find(({ id }) => id === ours);
      expect(own).toMatchObject({ parentId: top, mediaId: media.id, username: world.account.username });
      expect(comments.every(({ writtenAt }) => writtenAt !== undefined)).toBe(true);
      const again = await listing.recentMedia({ accountId, since: new Date(0), limit: 50 });
      expect(again.find(({ id }) => id === media.id)?.comments).toBe(ids.length);
      expect(await listing.recentMedia({ accountId, since: new Date(), limit: 50 })).toEqual([]);
    });

    it('says "gone" for the comments of a post that does not exist', async () => {
      const media = { id: MediaId.parse('17999999999999999'), kind: undefined, postedAt: undefined, comments: 1 };
      const page = listingOf(world.platform).page({ accountId, media, after: undefined });
      await expect(page).rejects.toMatchObject({ kind: 'gone' });
    });

    // audit 31
    it('renews its access when that is old enough, and says when it is too early', async () => {
      const { access } = world.platform;
      if (!access) throw new Error('this platform renews no access');
      await expect(access.renew({ accountId })).rejects.toMatchObject({ kind: 'rejected' });
      await world.ageAccess();
      const renewed = await access.renew({ accountId });
      expect(renewed.token.length).toBeGreaterThan(8);
      expect(renewed.expiresInMs / 86_400_000).toBeCloseTo(60, 1);
    });

    it('finds out that it is not subscribed any more, and subscribes again', async () => {
      const { subscription } = world.platform;
      if (!subscription) throw new Error('this platform has no subscription');
      expect(await subscription.isActive({ accountId })).toBe(true);
      await world.unsubscribe();
      expect(await subscription.isActive({ accountId })).toBe(false);
      await subscription.renew({ accountId });
      await subscription.renew({ accountId });
      expect(await subscription.isActive({ accountId })).toBe(true);
    });

    it('recognises its own reply when it comes back', async () => {
      const id = await publish(await world.comment('hello'), 'Hello!');
      const { body } = await world.deliveryOf(id);
      expect(webhookOf(world.platform).parse(body).comments).toMatchObject([{ id, authorId: accountId }]);
    });
  });
}

function webhookOf({ webhook }: Platform): CommentWebhook {
  if (!webhook) throw new Error('this platform has no webhook');
  return webhook;
}

function listingOf({ listing }: Platform): CommentListing {
  if (!listing) throw new Error('this platform lists nothing');
  return listing;
}

async function readAll(
  listing: CommentListing,
  accountId: AccountId,
  media: ListedMedia,
): Promise<{ readonly comments: readonly IncomingComment[]; readonly pages: number; readonly quarantined: number }> {
  const comments: IncomingComment[] = [];
  let quarantined = 0;
  let after: string | undefined;
  for (let pages = 1; ; pages += 1) {
    const page = await listing.page({ accountId, media, after });
    comments.push(...page.comments);
    quarantined += page.quarantined.length;
    after = page.next;
    if (after === undefined) return { comments, pages, quarantined };
  }
}
