import { beforeEach, describe, expect, it } from 'vitest';
import type { Comments } from '#domain/comments/comments.js';
import type { Plan } from '#domain/comments/triage.js';
import { decide } from '#domain/comments/reason-codes.js';
import type { Takeovers } from '#domain/policies/takeovers.js';
import type { Replies } from '#domain/replies/replies.js';
import { CommentId, MediaId } from '#domain/shared/ids.js';
import { StaleLease, type Lease, type WorkRef } from '#domain/work/lease.js';
import type { DueWork } from '#domain/work/leases.js';
import { account, verdictOf } from '../support/rows.js';

export interface TakenOverWorld {
  readonly comments: Comments;
  readonly replies: Replies;
  readonly takeovers: Takeovers;
  /** Stores a comment under the post 18000000000000001. */
  arrive(id: string, parentId?: string): Promise<void>;
  claimed(ref: WorkRef): Promise<Lease>;
  /** How the comment's reply and hide stand, and the comment: "reply waiting", "hide suggested", "done waiting". */
  standing(id: string): Promise<readonly string[]>;
  reasons(id: string): Promise<readonly string[]>;
}

const post = MediaId.parse('18000000000000001');
const one = CommentId.parse('1');
const answerAndHide: Plan = { reply: 'fixed', replyText: 'Daily.', hide: 'now', alert: false, decisions: [] };

// PO-6
export function takeoversContract(name: string, make: () => Promise<TakenOverWorld>): void {
  describe(`what a person has taken over, kept by ${name}`, () => {
    let world: TakenOverWorld;
    beforeEach(async () => {
      world = await make();
      await world.arrive('1');
      await world.arrive('2', '1');
      await world.arrive('3');
    });

    async function planned(id: string, plan = answerAndHide): Promise<readonly DueWork[]> {
      const lease = await world.claimed({ kind: 'comment', id: CommentId.parse(id) });
      return await world.comments.recordVerdict(lease, verdictOf('question'), plan, []);
    }
    async function replyOf(id: string): Promise<Lease> {
      const work = (await planned(id)).find(({ ref }) => ref.kind === 'reply');
      if (!work) throw new Error('no reply is due');
      return await world.claimed(work.ref);
    }
    const takenOver = async (id: string): Promise<unknown> =>
      (await world.comments.find(CommentId.parse(id)))?.takenOver;
    const listed = async (): Promise<unknown> =>
      (await world.takeovers.list(10)).map(({ scope, id, by }) => `${scope} ${id} ${by}`);

    it('is a whole thread, whichever comment was acted on, and no other', async () => {
      expect(await world.takeovers.takeThread(CommentId.parse('2'))).toMatchObject({
        scope: 'thread',
        id: '1',
        accountId: account.id,
      });
      expect([await takenOver('1'), await takenOver('2'), await takenOver('3')]).toEqual([
        'thread',
        'thread',
        undefined,
      ]);
      await world.takeovers.takeThread(one);
      expect(await listed()).toEqual(['thread 1 operator']);
      expect(await world.takeovers.takeThread(CommentId.parse('404'))).toBeUndefined();
    });

    it('is all that stands under a post', async () => {
      await world.takeovers.mutePost(account.id, post);
      expect([await takenOver('1'), await takenOver('3')]).toEqual(['post', 'post']);
      expect(await listed()).toEqual([`post ${post} operator`]);
      expect([await world.takeovers.unmutePost(post), await world.takeovers.unmutePost(post)]).toEqual([true, false]);
      expect(await takenOver('1')).toBeUndefined();
    });

    it('is handed back once, and both are in the ledger', async () => {
      await world.takeovers.takeThread(one);
      const handBack = async (): Promise<boolean> => await world.takeovers.handBackThread(CommentId.parse('2'));
      expect([await handBack(), await handBack()]).toEqual([true, false]);
      expect(await takenOver('1')).toBeUndefined();
      expect(await world.reasons('1')).toContain('thread-taken-over');
      expect(await world.reasons('2')).toContain('thread-handed-back');
    });

    it('leaves what the bot planned there and had not begun to a person, and nothing else', async () => {
      await planned('1');
      await planned('3');
      await world.takeovers.takeThread(one);
      expect(await world.standing('1')).toEqual(['done waiting', 'hide suggested', 'reply waiting']);
      expect(await world.standing('3')).toEqual(['acting', 'hide due', 'reply drafted']);
      expect(await world.reasons('1')).toEqual(expect.arrayContaining(['reply-taken-over', 'hide-taken-over']));
    });

    it('stops a reply that a worker holds, and what the worker does then changes nothing', async () => {
      const lease = await replyOf('1');
      await world.takeovers.takeThread(one);
      await expect(world.replies.beginSending(lease, decide('reply-sending'))).rejects.toBeInstanceOf(StaleLease);
      expect(await world.standing('1')).toContain('reply waiting');
    });

    it('stops a reply that was planned in the moment before it was known', async () => {
      await world.takeovers.takeThread(one);
      const lease = await replyOf('1');
      expect(await world.replies.beginSending(lease, decide('reply-sending'))).toBe('taken-over');
      await world.replies.leaveToPerson(lease, decide('reply-taken-over'));
      expect(await world.standing('1')).toContain('reply waiting');
    });

    it('does not call back a reply that has begun', async () => {
      const lease = await replyOf('1');
      await world.replies.beginSending(lease, decide('reply-sending'));
      await world.takeovers.takeThread(one);
      expect(await world.standing('1')).toContain('reply sending');
    });

    it('lets a private reply out: a person wrote it', async () => {
      await planned('1', { ...answerAndHide, reply: 'none', hide: 'none', privateReplyText: 'Hello' });
      await world.takeovers.takeThread(one);
      expect(await world.standing('1')).toEqual(['acting', 'reply drafted']);
    });
  });
}
