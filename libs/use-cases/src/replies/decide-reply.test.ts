import { beforeEach, describe, expect, it } from 'vitest';
import { decide } from '#domain/comments/reason-codes.js';
import type { Plan } from '#domain/comments/triage.js';
import type { JobRequest } from '#domain/jobs/job-catalog.js';
import type { JobQueue } from '#domain/jobs/job-queue.js';
import type { Knowledge } from '#domain/knowledge/knowledge.js';
import type { CommentModeration, Platform, Platforms } from '#domain/platforms/platform.js';
import { decidingRules } from '#domain/replies/operator-replies.js';
import { replyLimits } from '#domain/replies/reply-rules.js';
import { AppError } from '#domain/shared/errors.js';
import { CommentId, ReplyId } from '#domain/shared/ids.js';
import type { Lease } from '#domain/work/lease.js';
import { InMemoryAccounts } from '../../../../test/fakes/in-memory-accounts.js';
import { InMemoryStore } from '../../../../test/fakes/in-memory-store.js';
import { oneAccount, oneComment } from '../../../../test/fakes/one-comment.js';
import { VirtualClock } from '../../../../test/fakes/virtual-clock.js';
import { DecideReply, type DecisionRequest } from './decide-reply.js';
import { RemoveReply } from './remove-reply.js';

const commentId = oneComment.id;
const draftWanted: Plan = { reply: 'draft', hide: 'none', alert: true, decisions: [] };
const draft = { text: 'We deliver daily.', sources: [], model: 'm', promptVersion: 'p' };

class Desk {
  readonly clock = new VirtualClock();
  readonly store = new InMemoryStore(this.clock);
  readonly accounts = new InMemoryAccounts();
  readonly rung: JobRequest['name'][] = [];
  readonly deleted: CommentId[] = [];
  deletion: AppError | undefined;
  dryRun = false;
  moderation: CommentModeration = {
    hide: async () => await Promise.reject(new Error('nobody hides here')),
    delete: async ({ commentId: id }) => {
      this.deleted.push(id);
      await Promise.resolve();
      if (this.deletion) throw this.deletion;
    },
  };
  private get platforms(): Platforms {
    const platform = { moderation: this.moderation } as Platform; // deciding deletes, and does nothing else
    return { get: () => platform, all: () => [platform] };
  }
  private readonly bell: JobQueue = {
    ring: async (jobs) => void (await Promise.resolve(this.rung.push(...jobs.map(({ name }) => name)))),
    waiting: async () => await Promise.resolve(0),
  };

  async decide(request: DecisionRequest): Promise<{ id: ReplyId; state: string; revision: number }> {
    const { comments, takeovers, deciding } = this.store;
    const knowledge: Knowledge = { search: async () => await Promise.resolve([]) };
    const use = new DecideReply(comments, this.accounts, this.platforms, knowledge, deciding, takeovers, this.bell);
    return await use.execute(request);
  }

  async arrive(plan: Plan | 'none yet' = draftWanted, waiting = true): Promise<void> {
    await this.accounts.connect(oneAccount);
    this.store.add({ ...oneComment });
    if (plan === 'none yet') return;
    const verdict = {
      class: 'question',
      confidence: 90,
      reason: '',
      language: 'en',
      model: 'm',
      promptVersion: 'p',
    } as const;
    await this.store.comments.recordVerdict(await this.claim('comment'), verdict, plan, []);
    if (waiting)
      await this.store.replies.keepForOperator(await this.claim('reply'), draft, [decide('draft-waits')], false);
  }

  async claim(kind: 'comment' | 'reply', id = kind === 'comment' ? commentId : this.reply().id): Promise<Lease> {
    const ref = kind === 'comment' ? { kind, id: CommentId.parse(id) } : { kind, id: ReplyId.parse(id) };
    const claim = await this.store.leases.claim(ref, 30_000);
    if (claim.kind !== 'claimed') throw new Error(`not claimed: ${claim.kind}`);
    return claim.lease;
  }

  /** The last one that was made. */
  reply() {
    const row = [...this.store.replyRows.values()].at(-1);
    if (!row) throw new Error('there is no reply');
    return row.reply;
  }

  about(revision = 2) {
    return { replyId: this.reply().id, revision, requestId: undefined };
  }

  /** Sent as the protocol does it. */
  async send(platformReplyId: string): Promise<void> {
    const lease = await this.claim('reply');
    await this.store.replies.beginSending(lease, decide('reply-sending'));
    await this.store.replies.recordSent(lease, CommentId.parse(platformReplyId), decide('reply-sent'));
  }

  async remove(id: ReplyId): Promise<unknown> {
    const { replies, removals, leases } = this.store;
    const use = new RemoveReply(replies, removals, this.accounts, this.platforms, { dryRun: this.dryRun }, leases);
    return await use.execute(id, await this.claim('reply', id));
  }

  states(): readonly string[] {
    return [...this.store.replyRows.values()].map(({ reply }) => reply.state);
  }

  reasons(): readonly string[] {
    return this.store.ledger.map(({ reason }) => reason);
  }
}

let desk: Desk;
beforeEach(() => {
  desk = new Desk();
});

const words = { text: 'Every day, gladly.', overrule: false };
const write = { action: 'write', commentId, requestId: undefined, ...words } as const;
const refusal = async (request: DecisionRequest): Promise<unknown> =>
  await desk.decide(request).catch((error: unknown) => error);

// AN-7
describe('a draft that waits', () => {
  it('is due to be sent when it is approved, by a person: the takeover that this makes does not hold it back', async () => {
    await desk.arrive();
    expect(await desk.decide({ action: 'approve', ...desk.about() })).toMatchObject({ state: 'drafted', revision: 3 });
    expect(desk.reply()).toMatchObject({ state: 'drafted', intent: 'person', text: draft.text });
    expect(desk.store.takeovers.of(commentId)).toBe('thread');
    expect(desk.rung).toEqual(['replies.send']);
    await desk.send('77');
    expect(desk.states()).toEqual(['sent']);
    expect(desk.reasons()).toContain('draft-approved');
  });

  it('is approved once, however often it is pressed, and whoever presses', async () => {
    await desk.arrive();
    const approve = { action: 'approve', ...desk.about() } as const;
    const first = await desk.decide({ ...approve, requestId: 'one' });
    expect(await desk.decide({ ...approve, requestId: 'one' })).toEqual(first);
    expect(await desk.decide({ ...approve, requestId: 'two' })).toEqual(first);
    expect(desk.reasons().filter((reason) => reason === 'draft-approved')).toHaveLength(1);
    expect(await refusal({ ...approve, action: 'edit', ...words, requestId: 'one' })).toMatchObject({
      kind: 'conflict',
    });
  });

  it('is approved as it was seen: after a change in between nothing is done, and what stands there now is told', async () => {
    await desk.arrive();
    await desk.decide({ action: 'edit', ...desk.about(), ...words });
    expect(await refusal({ action: 'approve', ...desk.about() })).toMatchObject({
      kind: 'conflict',
      shown: { current: { state: 'drafted', revision: 3, text: words.text } },
    });
    expect(desk.reply()).toMatchObject({ text: words.text });
  });

  it('is sent in other words when it is edited', async () => {
    await desk.arrive();
    await desk.decide({ action: 'edit', ...desk.about(), ...words });
    expect(desk.reply()).toMatchObject({ state: 'drafted', intent: 'person', text: words.text, sources: [] });
    expect(desk.reasons()).toContain('draft-edited');
  });

  it('ends when it is rejected; the bot goes on in the thread, and nobody is told any more', async () => {
    await desk.arrive();
    await desk.decide({ action: 'reject', ...desk.about(), reason: 'Not ours.' });
    expect(desk.states()).toEqual(['dropped']);
    expect(desk.store.takeovers.of(commentId)).toBeUndefined();
    expect([...desk.store.alertRows.values()].map(({ alert }) => alert.state)).toEqual(['closed']);
    expect((await desk.store.comments.find(commentId))?.stage).toBe('done');
    expect(desk.reasons()).toContain('draft-rejected');
  });

  it('is written anew with what a person asks of it, as often as is allowed, and waits again', async () => {
    await desk.arrive();
    for (let time = 0; time < decidingRules.mostRegenerations; time += 1) {
      await desk.decide({ action: 'regenerate', ...desk.about(2 + 2 * time), hint: 'Shorter.' });
      expect(desk.reply()).toMatchObject({ state: 'wanted', intent: 'draft', hint: 'Shorter.' });
      await desk.store.replies.keepForOperator(await desk.claim('reply'), undefined, [decide('no-knowledge')], false);
    }
    // None could be written: the former one is still there.
    expect(desk.reply()).toMatchObject({ state: 'waiting', text: draft.text });
    const again = {
      action: 'regenerate',
      ...desk.about(2 + 2 * decidingRules.mostRegenerations),
      hint: undefined,
    } as const;
    expect(await refusal(again)).toMatchObject({ kind: 'conflict' });
    expect(desk.reasons()).toContain('draft-regenerated');
  });

  it('is not approved when it has what nobody may publish', async () => {
    await desk.arrive(draftWanted, false);
    const hidden = { ...draft, text: 'Daily\u202Egnp.exe' };
    await desk.store.replies.keepForOperator(await desk.claim('reply'), hidden, [decide('gate-characters')], false);
    expect(await refusal({ action: 'approve', ...desk.about() })).toMatchObject({ kind: 'invalid' });
    expect(desk.states()).toEqual(['waiting']);
  });
});

describe('a person\u2019s words', () => {
  it('are asked about when the check finds something, and sent when they are meant so', async () => {
    await desk.arrive();
    const edit = { action: 'edit', ...desk.about(), text: 'It costs 500.', overrule: false } as const;
    expect(await refusal(edit)).toMatchObject({ kind: 'invalid', shown: { errors: ['gate-figure: 500'] } });
    expect(desk.states()).toEqual(['waiting']);
    await desk.decide({ ...edit, overrule: true });
    expect(desk.reply()).toMatchObject({ state: 'drafted', text: 'It costs 500.' });
  });

  it.each([
    ['nothing', ' \n '],
    ['too many characters', 'a'.repeat(replyLimits.hard + 1)],
    ['characters that nobody sees', 'Yes\u200B!'],
  ])('are refused as %s, overruled or not', async (_what, text) => {
    await desk.arrive();
    expect(await refusal({ ...write, text, overrule: true })).toMatchObject({ kind: 'invalid' });
    expect(desk.states()).toEqual(['waiting']);
  });

  it.each([
    ['where nothing was drafted', { reply: 'none', hide: 'none', alert: false, decisions: [] } satisfies Plan],
    ['before the comment is understood', 'none yet'],
    ['instead of a draft that is being written', draftWanted],
    [
      'instead of what the bot is about to send',
      { reply: 'fixed', replyText: 'Daily.', hide: 'none', alert: false, decisions: [] } satisfies Plan,
    ],
  ] as const)('are sent %s', async (_when, plan) => {
    await desk.arrive(plan, false);
    await desk.decide(write);
    expect(await desk.decide(write)).toMatchObject({ state: 'drafted' });
    expect(desk.reply()).toMatchObject({ state: 'drafted', intent: 'person', text: words.text });
    expect(desk.states()).toHaveLength(1);
    expect(desk.reasons()).toContain('reply-by-hand');
  });

  it('take the place of a model\u2019s that still writes: its draft changes nothing', async () => {
    await desk.arrive(draftWanted, false);
    const lease = await desk.claim('reply');
    await desk.decide(write);
    await expect(desk.store.replies.keepForSending(lease, draft, decide('drafted'))).rejects.toThrow('taken over');
    expect(desk.reply()).toMatchObject({ text: words.text });
  });

  it('are refused where a reply is on its way or published, and where none is possible', async () => {
    await desk.arrive();
    await desk.decide({ action: 'approve', ...desk.about() });
    expect(await refusal(write)).toMatchObject({ kind: 'conflict', message: 'A reply is on its way already.' });
    await desk.send('77');
    expect(await refusal(write)).toMatchObject({
      kind: 'conflict',
      message: 'There is a published reply: replace it.',
    });
    expect(await refusal({ ...write, commentId: CommentId.parse('404') })).toMatchObject({ kind: 'not-found' });
  });

  it.each([
    ['hidden', { hidden: true }],
    ['of a live broadcast', { mediaKind: 'LIVE' }],
    ['our own', { outcome: 'own' }],
  ] as const)('are refused under a comment that is %s (AN-9)', async (_what, change) => {
    await desk.arrive('none yet');
    const row = desk.store.commentRows.get(commentId);
    if (row) row.comment = { ...row.comment, ...change };
    expect(await refusal(write)).toMatchObject({ kind: 'invalid' });
    expect(desk.states()).toEqual([]);
  });
});

describe('a published reply', () => {
  async function published(): Promise<ReplyId> {
    await desk.arrive();
    await desk.decide({ action: 'approve', ...desk.about() });
    await desk.send('77');
    return desk.reply().id;
  }

  it('is replaced: the new one goes out, and in the same commit the former is to be removed', async () => {
    const former = await published();
    const replace = { action: 'replace', ...desk.about(3), ...words } as const;
    const { id } = await desk.decide(replace);
    expect(await desk.decide(replace)).toMatchObject({ id });
    expect(desk.states()).toEqual(['sent', 'drafted']);
    await desk.send('78');
    expect(desk.states()).toEqual(['removing', 'sent']);
    await desk.remove(former);
    expect([desk.states(), desk.deleted]).toEqual([['removed', 'sent'], ['77']]);
    expect(desk.reasons()).toEqual(expect.arrayContaining(['reply-replacing', 'reply-removed']));
  });

  it('stays when the one that was to replace it cannot go out', async () => {
    await published();
    await desk.decide({ action: 'replace', ...desk.about(3), ...words });
    await desk.store.replies.drop(await desk.claim('reply'), decide('reply-target-hidden'));
    expect(desk.states()).toEqual(['sent', 'dropped']);
  });

  it('is not replaced by the same words, nor twice at once, nor deleted meanwhile', async () => {
    const former = await published();
    const about = desk.about(3);
    expect(await refusal({ action: 'replace', ...about, ...words, text: ' We  deliver daily. ' })).toMatchObject({
      kind: 'conflict',
    });
    await desk.decide({ action: 'replace', ...about, ...words });
    const other = { action: 'replace', ...about, text: 'Other words.', overrule: false } as const;
    expect(await refusal(other)).toMatchObject({ shown: { current: { text: words.text } } });
    expect(await refusal({ action: 'delete', ...about })).toMatchObject({ kind: 'conflict' });
    expect(desk.store.replyRows.get(former)?.reply.state).toBe('sent');
  });

  it.each([
    ['is deleted at the platform first, then here', undefined],
    ['counts as deleted when the platform no longer has it', new AppError('gone', 'no such reply')],
  ])('%s', async (_what, failure) => {
    const id = await published();
    const about = desk.about(3);
    expect(await desk.decide({ action: 'delete', ...about })).toMatchObject({ state: 'removing' });
    expect(await desk.decide({ action: 'delete', ...about })).toMatchObject({ state: 'removing' });
    desk.deletion = failure;
    expect(await desk.remove(id)).toBe('advanced');
    expect(desk.deleted).toEqual(['77']);
    expect(desk.reply()).toMatchObject({ state: 'removed' });
    expect(desk.reasons().filter((reason) => reason === 'reply-removal-wanted')).toHaveLength(1);
    // What is gone can be answered anew, and that is another reply.
    await desk.decide(write);
    expect(desk.states()).toEqual(['removed', 'drafted']);
  });

  it('is still there after an unclear deletion, and asked about again', async () => {
    const id = await published();
    await desk.decide({ action: 'delete', ...desk.about(3) });
    desk.deletion = new AppError('ambiguous', 'no answer');
    await expect(desk.remove(id)).rejects.toMatchObject({ kind: 'ambiguous' });
    expect(desk.states()).toEqual(['removing']);
  });

  it('waits with its removal for the end of a dry run and of a pause; where nothing can be deleted it is refused', async () => {
    const id = await published();
    await desk.decide({ action: 'delete', ...desk.about(3) });
    desk.dryRun = true;
    await desk.remove(id);
    expect(desk.reasons().at(-1)).toBe('reply-removal-dry-run');
    desk.dryRun = false;
    desk.clock.pass(3_600_000);
    const lease = await desk.claim('reply');
    await desk.store.pauses.pause({ scope: 'account', id: oneAccount.id, why: 'person', by: 'operator' });
    expect(await desk.store.removals.begin(lease)).toBe('paused');
    expect([desk.states(), desk.deleted]).toEqual([['removing'], []]);
    desk = new Desk();
    await published();
    delete desk.moderation.delete;
    expect(await refusal({ action: 'delete', ...desk.about(3) })).toMatchObject({ kind: 'invalid' });
  });
});

// AN-7: machines gave it up, and a person has looked into the thread.
it('a reply that was given up is rejected, and only then written by hand when it may be out', async () => {
  await desk.arrive();
  await desk.decide({ action: 'approve', ...desk.about() });
  const lease = await desk.claim('reply');
  await desk.store.replies.beginSending(lease, decide('reply-sending'));
  await desk.store.leases.park(lease, 'parked-unclear', 'not found');
  expect(await refusal(write)).toMatchObject({ kind: 'conflict' });
  await desk.decide({ action: 'reject', ...desk.about(3), reason: 'It is not there.' });
  await desk.decide(write);
  expect(desk.states()).toEqual(['dropped', 'drafted']);
});
