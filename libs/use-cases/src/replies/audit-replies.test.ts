import { beforeEach, describe, expect, it } from 'vitest';
import type { Accounts } from '#domain/accounts/accounts.js';
import type { Platform, Platforms, PublishedReply } from '#domain/platforms/platform.js';
import { auditRules, type ReplyAudit, type ReplyAudits } from '#domain/replies/reply-audits.js';
import type { Replies } from '#domain/replies/replies.js';
import { AppError } from '#domain/shared/errors.js';
import { AccountId, CommentId, PlatformId, ReplyId } from '#domain/shared/ids.js';
import { InMemoryIncidents } from '../../../../test/fakes/in-memory-incidents.js';
import { AuditReplies } from './audit-replies.js';

const startedAt = new Date('2026-11-20T12:00:00Z');
const after = (seconds: number): Date => new Date(startedAt.getTime() + seconds * 1_000);
const copy = (id: string, seconds: number, text = 'It costs 900.'): PublishedReply => ({
  id: CommentId.parse(id),
  text,
  at: after(seconds),
});
const account = {
  id: AccountId.parse('9'),
  platform: PlatformId.parse('anywhere'),
  username: 'brand',
} as const;

/** One audit, the thread that it looks at, and what was written about it. */
class Thread {
  copies: PublishedReply[] = [];
  readonly others = new Set<CommentId>();
  readonly removed: string[] = [];
  readonly written: string[] = [];
  readonly incidents = new InMemoryIncidents();
  failure: AppError | undefined;
  audit: ReplyAudit = {
    id: ReplyId.parse('0193e3a2-1111-7aaa-8bbb-123456789abc'),
    commentId: CommentId.parse('1'),
    accountId: account.id,
    topLevelId: CommentId.parse('1'),
    text: ' It costs  900. ',
    attempt: 2,
    startedAt,
    sentAt: after(180),
    platformReplyId: CommentId.parse('102'),
    removed: false,
    looks: 1,
    extraId: undefined,
  };

  readonly audits: ReplyAudits = {
    take: async () => await Promise.resolve([this.audit]),
    recordFound: async (_audit, extraId, _delayMs, { reason }) => {
      this.audit = { ...this.audit, extraId };
      await Promise.resolve(this.written.push(reason));
    },
    lookAgain: async (_audit, delayMs) => void (await Promise.resolve(this.written.push(`again in ${delayMs} ms`))),
    end: async (_audit, standing, decisions) => {
      await Promise.resolve(this.written.push(...decisions.map(({ reason }) => reason), `ends with ${standing}`));
    },
  };
  readonly platform: Pick<Platform, 'replies' | 'moderation'> = {
    replies: {
      asShown: (text) => text.replaceAll(/\s+/gu, ' ').trim(),
      publish: async () => await Promise.reject(new Error('an audit publishes nothing')),
      listOurs: async () => {
        if (this.failure) throw this.failure;
        return await Promise.resolve(this.copies);
      },
    },
    moderation: {
      hide: async () => await Promise.reject(new Error('an audit hides nothing')),
      delete: async ({ commentId }) => {
        if (this.failure) throw this.failure;
        this.removed.push(commentId);
        this.copies = this.copies.filter(({ id }) => id !== commentId);
        await Promise.resolve();
      },
    },
  };

  async look(): Promise<unknown> {
    const platform = this.platform as Platform; // the audit lists and deletes, nothing else
    const platforms: Platforms = { get: () => platform, all: () => [platform] };
    const accounts: Pick<Accounts, 'get'> = { get: async () => await Promise.resolve(account) };
    const replies: Pick<Replies, 'belongingToOthers'> = {
      belongingToOthers: async () => await Promise.resolve(this.others),
    };
    return await new AuditReplies(
      this.audits,
      replies as Replies, // it asks whose the copies are
      accounts as Accounts, // it asks for the account
      platforms,
      this.incidents,
    ).execute();
  }
}

let thread: Thread;

beforeEach(() => {
  thread = new Thread();
});

// AN-8
describe('the audit of a reply that was in doubt', () => {
  it('removes the later of two copies, tells operators, and ends when the next look shows one', async () => {
    thread.copies = [copy('102', 170), copy('101', 5)];
    await thread.look();
    expect(thread.removed).toEqual(['102']);
    expect(thread.incidents.isOpen('two-replies', '1')).toBe(true);
    thread.audit = { ...thread.audit, looks: 2 };
    await thread.look();
    expect(thread.written).toEqual(['two-replies-found', 'second-reply-removed', 'ends with 101']);
    expect(thread.incidents.isOpen('two-replies', '1')).toBe(false);
  });

  it('goes on with a removal that failed or was interrupted, and tells of it once', async () => {
    thread.copies = [copy('101', 5), copy('102', 170)];
    thread.audit = { ...thread.audit, extraId: CommentId.parse('102'), looks: 2 };
    await thread.look();
    expect(thread.removed).toEqual(['102']);
    expect(thread.written).toEqual([`again in ${auditRules.lookAfterRemovalMs} ms`]);
  });

  it('tells that it is over also when it died before it noted the copy, and a person has removed it', async () => {
    await thread.incidents.open({ kind: 'two-replies', subject: '1' });
    thread.copies = [copy('101', 5)];
    thread.audit = { ...thread.audit, looks: 2 };
    await thread.look();
    expect(thread.incidents.isOpen('two-replies', '1')).toBe(false);
  });

  it('looks once more an hour later when it was sent twice, and not when it was sent once', async () => {
    thread.copies = [copy('102', 170)];
    await thread.look();
    thread.audit = { ...thread.audit, attempt: 1 };
    await thread.look();
    expect(thread.written).toEqual([`again in ${auditRules.secondLookAfterMs} ms`, 'ends with 102']);
  });

  it.each([
    ['other words', copy('103', 100, 'Thank you')],
    ['the same words from before the question', copy('103', -3_600)],
    ['the same words that a person wrote the day after', copy('103', 86_400)],
  ])('leaves %s alone', async (_what, other) => {
    thread.copies = [copy('102', 170), other];
    await thread.look();
    expect([thread.removed, thread.incidents.all]).toEqual([[], []]);
  });

  // AN-7
  it('of one that a person had removed removes every copy that still stands, and that belongs to no other reply', async () => {
    thread.audit = { ...thread.audit, removed: true };
    thread.copies = [copy('101', 5), copy('102', 170), copy('110', 200)];
    thread.others.add(CommentId.parse('110'));
    for (let look = 0; look < 3; look += 1) await thread.look();
    expect(thread.removed).toEqual(['102', '101']);
    expect(thread.written).toEqual([
      `again in ${auditRules.lookAfterRemovalMs} ms`,
      'removed-reply-found',
      'ends with undefined',
    ]);
    expect(thread.incidents.all).toEqual([]);
  });

  it('leaves alone what belongs to another question with the same answer', async () => {
    thread.copies = [copy('101', 5), copy('102', 170)];
    thread.others.add(CommentId.parse('101'));
    await thread.look();
    expect(thread.removed).toEqual([]);
  });

  it('ends with a thread that is gone, waits for a platform that is away, and gives up at last', async () => {
    thread.failure = new AppError('unavailable', 'down');
    await expect(thread.look()).rejects.toMatchObject({ kind: 'unavailable' });
    expect(thread.written).toEqual([]);
    thread.failure = new AppError('gone', 'deleted');
    thread.audit = { ...thread.audit, looks: 2 };
    await thread.look();
    thread.audit = { ...thread.audit, looks: auditRules.mostLooks + 1 };
    await thread.look();
    expect(thread.written).toEqual(['ends with undefined', 'audit-given-up', 'ends with undefined']);
  });
});
