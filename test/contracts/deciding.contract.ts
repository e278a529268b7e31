import { beforeEach, describe, expect, it } from 'vitest';
import { decide } from '#domain/comments/reason-codes.js';
import type { Comments } from '#domain/comments/comments.js';
import type { Plan } from '#domain/comments/triage.js';
import type { Carried, OperatorReplies, ReplyWish } from '#domain/replies/operator-replies.js';
import type { ReplyRemovals } from '#domain/replies/reply-removals.js';
import type { Replies } from '#domain/replies/replies.js';
import { CommentId, PublishedId, type ReplyId } from '#domain/shared/ids.js';
import { StaleLease, type Lease, type WorkRef } from '#domain/work/lease.js';
import { verdictOf } from '../support/rows.js';

export interface DecidingWorld {
  readonly comments: Comments;
  readonly replies: Replies;
  readonly removals: ReplyRemovals;
  readonly deciding: OperatorReplies;
  /** Stores comment 1. */
  arrive(): Promise<void>;
  claimed(ref: WorkRef): Promise<Lease>;
  /** Our own reply comes back from the platform. */
  echo(id: string, text: string): Promise<void>;
  /** Of comment 1, oldest first: its replies with what is due, and how it stands. */
  standing(): Promise<readonly string[]>;
  /** The states of its alerts. */
  alerts(): Promise<readonly string[]>;
  reasons(): Promise<readonly string[]>;
}

const one = CommentId.parse('1');
const wantsDraft: Plan = { reply: 'draft', hide: 'none', alert: true, decisions: [] };
const draft = { text: 'We deliver daily.', sources: [], model: 'm', promptVersion: 'p' };
const words = { text: 'Daily, gladly.', overruled: [] } as const;
const write = { action: 'write', commentId: one, requestId: undefined, ...words } as const satisfies ReplyWish;

// AN-7, AN-8
export function decidingContract(name: string, make: () => Promise<DecidingWorld>): void {
  describe(`what people decide about replies, kept by ${name}`, () => {
    let world: DecidingWorld;
    beforeEach(async () => {
      world = await make();
      await world.arrive();
    });

    async function planned(plan: Plan): Promise<WorkRef | undefined> {
      const lease = await world.claimed({ kind: 'comment', id: one });
      const due = await world.comments.recordVerdict(lease, verdictOf('question'), plan, []);
      return due.find(({ ref }) => ref.kind === 'reply')?.ref;
    }
    async function waiting(): Promise<ReplyId> {
      const ref = await planned(wantsDraft);
      if (ref?.kind !== 'reply') throw new Error('no reply is due');
      await world.replies.keepForOperator(await world.claimed(ref), draft, [decide('draft-waits')], false);
      return ref.id;
    }
    const carry = async (wish: ReplyWish): Promise<Carried> => await world.deciding.carryOut(one, wish);
    async function sent(id: ReplyId, published: string): Promise<void> {
      const lease = await world.claimed({ kind: 'reply', id });
      await world.replies.beginSending(lease, decide('reply-sending'));
      await world.replies.recordSent(lease, PublishedId.parse(published), decide('reply-sent'));
    }
    async function published(): Promise<ReplyId> {
      const replyId = await waiting();
      await carry({ action: 'approve', replyId, revision: 2, requestId: undefined });
      await sent(replyId, '91');
      return replyId;
    }
    async function replacing(): Promise<{ former: ReplyId; next: ReplyId }> {
      const former = await published();
      const carried = await carry({ action: 'replace', replyId: former, revision: 3, requestId: undefined, ...words });
      if (carried.kind !== 'done') throw new Error(carried.kind);
      return { former, next: carried.reply.id };
    }

    it('makes a draft due with its words, once, and closes the alert that nobody has read', async () => {
      const replyId = await waiting();
      const approve = { action: 'approve', replyId, revision: 2 } as const;
      const [first, again, other] = await Promise.all([
        carry({ ...approve, requestId: 'a' }),
        carry({ ...approve, requestId: 'a' }),
        carry({ ...approve, requestId: 'b' }),
      ]);
      expect([first, again, other].map(({ kind }) => kind).toSorted()).toEqual(['done', 'repeated', 'repeated']);
      expect(await world.standing()).toEqual(['acting', 'drafted person We deliver daily. due']);
      expect(await world.alerts()).toEqual(['closed']);
      expect((await world.reasons()).filter((reason) => reason === 'draft-approved')).toHaveLength(1);
    });

    it('refuses what was decided about another revision, and says what stands there', async () => {
      const replyId = await waiting();
      await carry({ action: 'edit', replyId, revision: 2, requestId: undefined, ...words });
      expect(await carry({ action: 'approve', replyId, revision: 2, requestId: undefined })).toMatchObject({
        kind: 'refused',
        now: { state: 'drafted', revision: 3, text: words.text },
      });
    });

    it('lets a draft be written anew, and keeps the former one when none can be', async () => {
      const replyId = await waiting();
      await carry({ action: 'regenerate', replyId, revision: 2, requestId: undefined, hint: 'Shorter.' });
      expect(await world.replies.find(replyId)).toMatchObject({ state: 'wanted', hint: 'Shorter.', intent: 'draft' });
      await world.replies.keepForOperator(
        await world.claimed({ kind: 'reply', id: replyId }),
        undefined,
        [decide('no-knowledge')],
        false,
      );
      expect(await world.standing()).toEqual(['done waiting', 'waiting draft We deliver daily.']);
      expect(await world.deciding.find(replyId)).toMatchObject({ revision: 4, regenerations: 1 });
    });

    it('ends a comment whose draft is rejected', async () => {
      const replyId = await waiting();
      await carry({ action: 'reject', replyId, revision: 2, requestId: undefined, reason: 'No.' });
      expect(await world.standing()).toEqual(['done left-alone', 'dropped draft We deliver daily.']);
    });

    it('puts a person\u2019s words in the place of what a worker holds, whose writes then change nothing', async () => {
      const ref = await planned(wantsDraft);
      if (!ref) throw new Error('no reply is due');
      const lease = await world.claimed(ref);
      expect(await carry(write)).toMatchObject({ kind: 'done' });
      await expect(world.replies.keepForOperator(lease, draft, [decide('draft-waits')], false)).rejects.toBeInstanceOf(
        StaleLease,
      );
      expect(await world.standing()).toEqual(['acting', 'drafted person Daily, gladly. due']);
    });

    it('written by hand before the comment is understood leaves the machine nothing to say', async () => {
      await carry(write);
      expect(await planned({ ...wantsDraft, alert: false })).toBeUndefined();
      expect(await world.standing()).toEqual(['acting', 'drafted person Daily, gladly. due']);
      expect(await carry(write)).toMatchObject({ kind: 'repeated' });
      expect(await carry({ ...write, text: 'Something else.' })).toMatchObject({ kind: 'refused' });
    });

    it('a replacement that is out has the former removed, in the same commit', async () => {
      const { former, next } = await replacing();
      expect(await world.standing()).toEqual([
        'acting',
        'sent person We deliver daily.',
        'drafted person Daily, gladly. due',
      ]);
      await sent(next, '92');
      expect(await world.standing()).toEqual([
        'acting',
        'removing person We deliver daily. due',
        'sent person Daily, gladly.',
      ]);
      const lease = await world.claimed({ kind: 'reply', id: former });
      expect(await world.removals.begin(lease)).toBe('begun');
      await world.removals.recordRemoved(lease, decide('reply-removed'));
      expect(await world.standing()).toEqual([
        'done answered',
        'removed person We deliver daily.',
        'sent person Daily, gladly.',
      ]);
    });

    it('a replacement that only its echo tells of has the former removed, too', async () => {
      const { next } = await replacing();
      const lease = await world.claimed({ kind: 'reply', id: next });
      await world.replies.beginSending(lease, decide('reply-sending'));
      await world.echo('92', words.text);
      expect(await world.standing()).toEqual([
        'acting',
        'removing person We deliver daily. due',
        'sent person Daily, gladly.',
      ]);
    });

    it('a replacement that cannot go out leaves the former', async () => {
      const { next } = await replacing();
      await world.replies.drop(await world.claimed({ kind: 'reply', id: next }), decide('reply-target-hidden'), true);
      expect((await world.standing()).slice(1)).toEqual([
        'sent person We deliver daily.',
        'dropped person Daily, gladly.',
      ]);
      // Somebody wanted it out, and hears that it is not.
      expect(await world.alerts()).toEqual(['waiting']);
    });

    it('removes a published reply once, and a comment can be answered anew after that', async () => {
      const replyId = await published();
      const remove = { action: 'delete', replyId, revision: 3, requestId: undefined } as const;
      expect(await carry(remove)).toMatchObject({ kind: 'done', reply: { state: 'removing' } });
      expect(await carry(write)).toMatchObject({ kind: 'refused' });
      const lease = await world.claimed({ kind: 'reply', id: replyId });
      await world.removals.recordRemoved(lease, decide('reply-removed'));
      expect(await carry(remove)).toMatchObject({ kind: 'repeated', reply: { state: 'removed' } });
      expect(await world.standing()).toEqual(['done left-alone', 'removed person We deliver daily.']);
      expect(await carry(write)).toMatchObject({ kind: 'done', reply: { generation: 2 } });
    });
  });
}
