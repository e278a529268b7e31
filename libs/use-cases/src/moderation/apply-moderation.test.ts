import { beforeEach, describe, expect, it } from 'vitest';
import type { Accounts } from '#domain/accounts/accounts.js';
import type { ModerationAction } from '#domain/moderation/moderation.js';
import type { Moderations } from '#domain/moderation/moderations.js';
import type { Platform, Platforms } from '#domain/platforms/platform.js';
import { sendingRules } from '#domain/replies/reply-rules.js';
import { AppError } from '#domain/shared/errors.js';
import { AccountId, CommentId, ModerationId, PlatformId } from '#domain/shared/ids.js';
import { StaleLease, type Lease } from '#domain/work/lease.js';
import type { Leases } from '#domain/work/leases.js';
import { ApplyModeration } from './apply-moderation.js';

const id = ModerationId.parse('0193e3a2-1111-7aaa-8bbb-123456789abc');
const commentId = CommentId.parse('1');
const accountId = AccountId.parse('9');
const lease: Lease = { ref: { kind: 'moderation', id }, commentId, accountId, epoch: 1, attempts: 0, traceId: 't' };
const account = {
  id: accountId,
  platform: PlatformId.parse('anywhere'),
  username: 'brand',
} as const;

class World {
  action: ModerationAction = 'hide';
  hidden: boolean | 'gone' = false;
  replyDue = false;
  takenOver = false;
  ours = true;
  paused = false;
  elapsed = 0;
  heldUpMs = 0;
  failure: AppError | undefined;
  readonly calls: string[] = [];
  readonly outcome: string[] = [];

  private async call(name: ModerationAction, hidden: boolean | 'gone'): Promise<void> {
    this.calls.push(name);
    if (this.failure) throw this.failure;
    if (this.hidden === 'gone') throw new AppError('gone', 'no such comment');
    this.hidden = hidden;
    await Promise.resolve();
  }

  readonly platform: Pick<Platform, 'moderation' | 'comments'> = {
    moderation: {
      hide: async () => await this.call('hide', true),
      unhide: async () => await this.call('unhide', false),
      delete: async () => await this.call('delete', 'gone'),
    },
    comments: {
      read: async () => {
        if (this.hidden === 'gone') throw new AppError('gone', 'no such comment');
        return await Promise.resolve({ hidden: this.hidden, writtenAt: undefined });
      },
    },
  };
  readonly moderations: Moderations = {
    find: async () => await Promise.resolve({ id, commentId, accountId, action: this.action, state: 'due' }),
    wish: async () => await Promise.reject(new Error('not here')),
    begin: async (held) => {
      this.elapsed += this.heldUpMs;
      if (!this.ours) throw new StaleLease(held);
      return await Promise.resolve(this.paused ? 'paused' : 'begun');
    },
    replyStillDue: async () => await Promise.resolve(this.replyDue),
    leaveIfTakenOver: async (_lease, { reason }) => {
      if (this.takenOver) this.outcome.push('suggested', reason);
      return await Promise.resolve(this.takenOver);
    },
    recordDone: async (_lease, action, { reason }) =>
      void (await Promise.resolve(this.outcome.push(`${action} done`, reason))),
    drop: async (_lease, { reason }) => void (await Promise.resolve(this.outcome.push('dropped', reason))),
  };
  readonly leases: Pick<Leases, 'release'> = {
    release: async (_lease, { error }) => void (await Promise.resolve(this.outcome.push(error))),
  };

  async apply(action: ModerationAction, { attempts = 0, dryRun = false } = {}): Promise<unknown> {
    this.action = action;
    const platform = this.platform as Platform; // a moderation changes and looks, nothing else
    const platforms: Platforms = { get: () => platform, all: () => [platform] };
    const accounts: Pick<Accounts, 'get'> = { get: async () => await Promise.resolve(account) };
    const clock = { now: () => new Date(), elapsedMs: () => this.elapsed, random: () => 0.5 };
    const use = new ApplyModeration(
      this.moderations,
      accounts as Accounts, // it asks for the account
      platforms,
      { dryRun },
      this.leases as Leases, // it releases
      clock,
    );
    return await use.execute(id, { ...lease, attempts });
  }
}

let world: World;

beforeEach(() => {
  world = new World();
});

describe('a moderation', () => {
  it.each([
    ['hide', 'hidden'],
    ['unhide', 'unhidden'],
    ['delete', 'deleted'],
  ] as const)('to %s is asked of the platform once, and noted', async (action, reason) => {
    await world.apply(action);
    expect([world.calls, world.outcome]).toEqual([[action], [`${action} done`, reason]]);
  });

  it.each([
    ['hide', ['dropped', 'hide-target-gone']],
    ['unhide', ['dropped', 'moderation-target-gone']],
    ['delete', ['delete done', 'deleted']],
  ] as const)('to %s a comment that is gone ends', async (action, outcome) => {
    world.hidden = 'gone';
    await world.apply(action);
    expect(world.outcome).toEqual(outcome);
  });

  // PO-6
  it('that the bot planned where a person has taken over since is suggested instead', async () => {
    world.takenOver = true;
    await world.apply('hide');
    expect([world.calls, world.outcome]).toEqual([[], ['suggested', 'hide-taken-over']]);
  });

  it('that failed unclearly looks first, and does not repeat what has worked', async () => {
    world.hidden = true;
    await world.apply('hide', { attempts: 1 });
    expect([world.calls, world.outcome]).toEqual([[], ['hide done', 'hidden']]);
    await world.apply('unhide', { attempts: 1 });
    expect(world.calls).toEqual(['unhide']);
    world.hidden = 'gone';
    await world.apply('delete', { attempts: 1 });
    expect(world.calls).toEqual(['unhide']);
  });

  it('to hide waits for the reply; bringing back and deleting do not', async () => {
    world.replyDue = true;
    await world.apply('hide');
    expect([world.calls, world.outcome]).toEqual([[], ['the reply comes first']]);
    await world.apply('unhide');
    await world.apply('delete');
    expect(world.calls).toEqual(['unhide', 'delete']);
  });

  it('changes nothing in a dry run, nor where the platform does not offer it', async () => {
    await world.apply('delete', { dryRun: true });
    const { moderation } = world.platform;
    delete moderation.unhide;
    await world.apply('unhide');
    expect(world.calls).toEqual([]);
    expect(world.outcome).toEqual(['dropped', 'moderation-dry-run', 'dropped', 'moderation-impossible']);
  });

  // PO-5
  it('does not call the platform when everything, the account or the post was paused after it was taken', async () => {
    world.paused = true;
    for (const action of ['hide', 'unhide', 'delete'] as const) expect(await world.apply(action)).toBe('paused');
    expect([world.calls, world.outcome]).toEqual([[], []]);
  });

  // audit 5
  it('does not call the platform when a newer wish took its place, or after it was held up', async () => {
    world.ours = false;
    await expect(world.apply('hide')).rejects.toBeInstanceOf(StaleLease);
    Object.assign(world, { ours: true, heldUpMs: sendingRules.callWithinMs + 1 });
    await expect(world.apply('hide')).rejects.toMatchObject({ kind: 'unavailable' });
    expect(world.calls).toEqual([]);
  });
});
