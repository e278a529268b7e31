import { beforeEach, describe, expect, it } from 'vitest';
import type { Comments } from '#domain/comments/comments.js';
import type { Plan } from '#domain/comments/triage.js';
import type { Lease } from '#domain/work/lease.js';
import { verdictOf } from '../support/rows.js';

export interface PlansUnderTest {
  readonly comments: Comments;
  /** The one comment there is, held by its worker. */
  readonly lease: Lease;
  /** Its replies as "channel state intent text", in the order of these words; with "due" at the end when they are. */
  replies(): Promise<readonly string[]>;
}

const nothing: Plan = { reply: 'none', hide: 'none', alert: false, decisions: [] };
const verdict = verdictOf('question');

/** What becomes of a comment by what was planned for it. */
export function plansContract(name: string, make: () => Promise<PlansUnderTest>): void {
  describe(`a plan, kept by ${name}`, () => {
    let comments: Comments;
    let lease: Lease;
    let replies: PlansUnderTest['replies'];
    beforeEach(async () => {
      ({ comments, lease, replies } = await make());
    });

    async function after(plan: Partial<Plan>, how: 'understood' | 'not understood' = 'understood'): Promise<unknown> {
      const due = await comments.recordVerdict(
        lease,
        how === 'understood' ? verdict : undefined,
        { ...nothing, ...plan },
        [],
      );
      const { stage, outcome } = (await comments.find(lease.commentId)) ?? {};
      return { stage, outcome, replies: await replies(), rings: due.map(({ ref, stage: at }) => `${ref.kind} ${at}`) };
    }

    it.each([
      ['auto', 'public wanted auto  due'],
      ['draft', 'public wanted draft  due'],
    ] as const)('that wants words has them written: %s', async (reply, row) => {
      expect(await after({ reply })).toEqual({
        stage: 'acting',
        outcome: undefined,
        replies: [row],
        rings: ['reply wanted'],
      });
    });

    it('that leaves the answer to a person ends the comment as waiting, with nothing due', async () => {
      expect(await after({ reply: 'person' })).toEqual({
        stage: 'done',
        outcome: 'waiting',
        replies: ['public waiting draft '],
        rings: [],
      });
    });

    it('that leaves it to a person without a verdict does so, too, and invents none', async () => {
      expect(await after({ reply: 'person' }, 'not understood')).toMatchObject({ stage: 'done', outcome: 'waiting' });
      expect((await comments.find(lease.commentId))?.verdict).toBeUndefined();
    });

    it('that has the words already sends them without anybody writing', async () => {
      expect(await after({ reply: 'fixed', replyText: 'Daily until 8 pm.' }, 'not understood')).toEqual({
        stage: 'acting',
        outcome: undefined,
        replies: ['public drafted auto Daily until 8 pm. due'],
        rings: ['reply drafted'],
      });
    });

    it('answers under the comment and in a message, one of each', async () => {
      const plan = { reply: 'fixed', replyText: 'See your messages.', privateReplyText: 'The code is BREAD.' } as const;
      expect(await after(plan)).toMatchObject({
        stage: 'acting',
        replies: ['private drafted auto The code is BREAD. due', 'public drafted auto See your messages. due'],
        rings: ['reply drafted', 'reply drafted'],
      });
    });

    it('of a message alone leaves nothing under the comment', async () => {
      expect(await after({ privateReplyText: 'The code is BREAD.' })).toMatchObject({
        stage: 'acting',
        replies: ['private drafted auto The code is BREAD. due'],
      });
    });

    it.each([
      ['person', ['alert waiting']],
      ['draft', ['reply wanted']],
    ] as const)('rings for the alert at once unless it waits for a draft: %s', async (reply, rings) => {
      const due = await comments.recordVerdict(lease, verdict, { ...nothing, reply, alert: true }, []);
      expect(due.map(({ ref, stage }) => `${ref.kind} ${stage}`)).toEqual(rings);
    });

    it('of nothing, without a verdict, leaves the comment alone', async () => {
      expect(await after({}, 'not understood')).toEqual({
        stage: 'done',
        outcome: 'left-alone',
        replies: [],
        rings: [],
      });
    });
  });
}
