import { beforeEach, describe, expect, it } from 'vitest';
import type { Accounts } from '#domain/accounts/accounts.js';
import type { Comments } from '#domain/comments/comments.js';
import type { NewDecision } from '#domain/comments/reason-codes.js';
import type { Platform, Platforms, PublishedReply } from '#domain/platforms/platform.js';
import { sendingRules } from '#domain/replies/reply-rules.js';
import type { Replies } from '#domain/replies/replies.js';
import type { Reply } from '#domain/replies/reply.js';
import { ReplyAllowance, usesOfReply } from '#domain/replies/reply-allowance.js';
import { AppError, errorKinds, type ErrorKind } from '#domain/shared/errors.js';
import { CommentId, PlatformId, ReplyId } from '#domain/shared/ids.js';
import { StaleLease, type Lease } from '#domain/work/lease.js';
import type { Leases } from '#domain/work/leases.js';
import { InMemoryAllowances } from '../../../../test/fakes/in-memory-allowances.js';
import { oneAccount as account, oneComment as comment } from '../../../../test/fakes/one-comment.js';
import { VirtualClock } from '../../../../test/fakes/virtual-clock.js';
import { ReconcileReply } from './reconcile-reply.js';
import { SendReply } from './send-reply.js';

const id = ReplyId.parse('0193e3a2-1111-7aaa-8bbb-123456789abc');
const { id: commentId, accountId } = comment;
const facts = {
  id,
  commentId,
  accountId,
  intent: 'auto',
  channel: 'public',
  text: ' It costs 900. ',
  sources: [],
} as const;
const lease: Lease = { ref: { kind: 'reply', id }, commentId, accountId, epoch: 1, attempts: 0, traceId: 't' };

/** What the customer sees, what we noted, and how the platform will answer the next publish. */
class World {
  reply: Reply = { ...facts, state: 'drafted' };
  attempt = 0;
  paused = false;
  takenOver = false;
  /** The last look into the thread is too long ago. */
  lookIsOld = false;
  elapsed = 0;
  readonly time = new VirtualClock();
  readonly allowances = new InMemoryAllowances(this.time);
  /** How long the commit of `sending` takes, as the process sees it. */
  heldUpMs = 0;
  looks = 0;
  readonly visible: PublishedReply[] = [];
  readonly reasons: string[] = [];
  readonly rung: string[] = [];
  readonly others = new Set<CommentId>();
  /** Whether a person has hidden the comment, and how long ago it was written. */
  hidden = false;
  ageMs = 0;
  readonly messages: string[] = [];
  publishes: 'and answers' | { readonly visible: boolean; readonly error: unknown } = 'and answers';

  readonly replies: Pick<Replies, keyof Replies> = {
    find: async () => await Promise.resolve(this.reply),
    beginSending: async (_lease, decision) => {
      if (this.reply.state !== 'drafted') throw new Error(`begin from ${this.reply.state}`);
      if (this.paused) return await Promise.resolve('paused');
      if (this.takenOver) return await Promise.resolve('taken-over');
      if (this.lookIsOld) return await Promise.resolve('look-first');
      this.attempt += 1;
      this.move('sending', decision);
      this.elapsed += this.heldUpMs;
      return await Promise.resolve('begun');
    },
    recordSent: async (_lease, platformReplyId, decision) => {
      this.note(decision);
      this.reply = { ...facts, state: 'sent', platformReplyId };
      await Promise.resolve();
    },
    recordUnclear: async (_lease, _delayMs, decision) => {
      this.move('unknown', decision);
      await Promise.resolve();
    },
    recordNotPublished: async () => {
      this.attempt -= 1;
      this.reply = { ...facts, state: 'drafted' };
      await Promise.resolve();
    },
    recordEmptyListing: async (_lease, _delayMs, decision) => {
      this.looks += 1;
      this.move('unknown', decision);
      await Promise.resolve();
    },
    allowResend: async (_lease, decision) => {
      this.note(decision);
      this.looks = 0;
      this.reply = { ...facts, state: 'drafted', again: true };
      await Promise.resolve();
    },
    drop: async (_lease, decision) => {
      this.note(decision);
      this.reply = { ...facts, state: 'dropped' };
      await Promise.resolve();
    },
    leaveToPerson: async (_lease, decision) => {
      this.note(decision);
      this.reply = { ...facts, state: 'waiting' };
      await Promise.resolve();
    },
    belongingToOthers: async () => await Promise.resolve(this.others),
    keepForSending: async () => await Promise.reject(new Error('not here')),
    keepForOperator: async () => await Promise.reject(new Error('not here')),
  };

  private move(state: 'sending' | 'unknown', decision: NewDecision): void {
    this.note(decision);
    this.reply = { ...facts, state, attempt: this.attempt, startedAt: new Date(), emptyListings: this.looks };
  }

  private note({ reason }: NewDecision): void {
    this.reasons.push(reason);
  }

  show(text: string, at = new Date()): CommentId {
    const shown = { id: CommentId.parse(String(100 + this.visible.length)), text, at };
    this.visible.push(shown);
    return shown.id;
  }

  readonly platforms: Platforms = { get: () => this.platform, all: () => [this.platform] };
  readonly platform: { -readonly [Part in keyof Platform]: Platform[Part] } = {
    id: PlatformId.parse('anywhere'),
    accounts: { connected: async () => await Promise.resolve([]) },
    moderation: { hide: async () => await Promise.resolve() },
    media: { read: async () => await Promise.reject(new Error('not here')) },
    comments: {
      read: async () => await Promise.resolve({ hidden: this.hidden, writtenAt: new Date(Date.now() - this.ageMs) }),
    },
    privateReplies: {
      asShown: (text) => text.trim(),
      listOurs: async () => await Promise.resolve([]),
      publish: async ({ text }) => await Promise.resolve(CommentId.parse(`m${this.messages.push(text)}`)),
    },
    replies: {
      asShown: (text) => text.trim(),
      listOurs: async () => await Promise.resolve(this.visible),
      publish: async ({ text }) => {
        const how = this.publishes;
        if (how === 'and answers') return await Promise.resolve(this.show(text.trim()));
        if (how.visible) this.show(text.trim());
        throw how.error;
      },
    },
  };

  readonly accounts: Accounts = {
    get: async () => await Promise.resolve(account),
    all: async () => await Promise.resolve([account]),
    connect: async () => await Promise.resolve(),
  };
  readonly comments: Comments = {
    find: async () => await Promise.resolve(comment),
    threadBefore: async () => await Promise.resolve([]),
    recordVerdict: async () => await Promise.resolve([]),
  };
  readonly leases: Leases = {
    claim: async () => await Promise.resolve({ kind: 'nothing-to-do' } as const),
    renew: async () => await Promise.resolve(true),
    release: async () => await Promise.resolve(),
    due: async () => await Promise.resolve([]),
    park: async (_lease, reason) => {
      this.reasons.push(reason);
      this.reply = { ...facts, state: 'parked' };
      await Promise.resolve();
    },
  };
  readonly clock = { now: () => new Date(), elapsedMs: () => this.elapsed, random: () => 0.5 };
  readonly jobs = {
    ring: async (requests: readonly { name: string }[]): Promise<void> => {
      this.rung.push(...requests.map(({ name }) => name));
      await Promise.resolve();
    },
    waiting: async (): Promise<number> => await Promise.resolve(0),
  };
}

const limits = { perHour: 100, perAuthor: 2, perThread: 100 };

let world: World;

beforeEach(() => {
  world = new World();
});

async function send(dryRun = false): Promise<unknown> {
  const { replies, accounts, platforms, jobs } = world;
  const allowance = new ReplyAllowance(world.comments, world.allowances, limits);
  const sendReply = new SendReply(replies, accounts, platforms, { dryRun }, allowance, world.clock, jobs);
  return await sendReply.execute(id, lease);
}

async function reconcile(): Promise<unknown> {
  const { replies, comments, accounts, platforms, leases, jobs } = world;
  return await new ReconcileReply(replies, comments, accounts, platforms, leases, jobs).execute(id, lease);
}

describe('sending a reply', () => {
  it('marks it as being sent before the platform is called, and as sent after', async () => {
    await send();
    expect(world.reasons).toEqual(['reply-sending', 'reply-sent']);
    expect(world.reply).toMatchObject({ state: 'sent', platformReplyId: '100' });
  });

  it('does nothing the second time', async () => {
    await send();
    expect(await send()).toBe('nothing-to-do');
    expect(world.visible).toHaveLength(1);
  });

  it('does not call the platform after it was held up: somebody else may be at it by now', async () => {
    world.heldUpMs = sendingRules.callWithinMs + 1;
    await expect(send()).rejects.toMatchObject({ kind: 'unavailable' });
    expect(world.visible).toEqual([]);
    expect(world.reply.state).toBe('drafted');
  });

  it('does not call the platform when everything, the account or the post was paused meanwhile', async () => {
    world.paused = true;
    expect(await send()).toBe('paused');
    expect([world.visible, world.reasons, world.reply.state]).toEqual([[], [], 'drafted']);
  });

  // PO-6
  it('does not call the platform when a person has taken the thread over meanwhile, and leaves the words to him', async () => {
    world.takenOver = true;
    expect(await send()).toBe('advanced');
    expect([world.visible, world.reasons, world.reply.state]).toEqual([[], ['reply-taken-over'], 'waiting']);
  });

  it('publishes nothing in a dry run', async () => {
    await send(true);
    expect(world.visible).toEqual([]);
    expect(world.reasons).toEqual(['reply-dry-run']);
  });

  it('a second time begins with another look when the last one is too long ago', async () => {
    world.lookIsOld = true;
    await send();
    expect([world.visible, world.reasons, world.reply.state]).toEqual([[], ['reply-look-first'], 'unknown']);
  });

  it('to a comment that no longer exists ends', async () => {
    world.publishes = { visible: false, error: new AppError('gone', 'no such comment') };
    await send();
    expect(world.reasons).toEqual(['reply-sending', 'reply-target-gone']);
  });

  // For every kind of failure: what we may believe about the reply afterwards.
  const believed: Readonly<Record<ErrorKind, Reply['state']>> = {
    ambiguous: 'unknown',
    duplicate: 'unknown',
    gone: 'dropped',
    invalid: 'drafted',
    'not-found': 'drafted',
    conflict: 'drafted',
    forbidden: 'drafted',
    reconnect: 'drafted',
    misconfigured: 'drafted',
    rejected: 'drafted',
    'rate-limited': 'drafted',
    blocked: 'drafted',
    exhausted: 'drafted',
    unavailable: 'drafted',
  };

  it.each(errorKinds)('that fails as %s leaves the reply where it surely stands', async (kind) => {
    world.publishes = { visible: false, error: new AppError(kind, 'no') };
    await send().catch(() => undefined);
    expect(world.reply.state).toBe(believed[kind]);
  });

  it('takes a failure that nobody foresaw as unclear, never as "not sent"', async () => {
    world.publishes = { visible: true, error: new TypeError('broken body') };
    await send();
    expect(world.reply.state).toBe('unknown');
    expect(world.rung).toEqual(['replies.reconcile']);
  });
});

describe('a reply over a limit', () => {
  // audit 26: later, and nothing else
  it('waits, and nothing is written that says it was being sent', async () => {
    for (let other = 0; other < 2; other += 1) await world.allowances.take(usesOfReply(comment, limits, facts));
    const refusal: unknown = await send().catch((error: unknown) => error);
    expect(refusal).toMatchObject({ kind: 'rate-limited', detail: { limit: 'replies-to-author' } });
    expect([world.reasons, world.visible, world.reply.state]).toEqual([[], [], 'drafted']);
    const waitMs = refusal instanceof AppError ? (refusal.retryAfterMs ?? 0) : 0;
    expect(waitMs).toBeGreaterThan(600_000);
    world.time.pass(waitMs);
    await send();
    expect(world.reply.state).toBe('sent');
  });

  // Ten replies a day in one thread: an hour of refusals would otherwise silence it until tomorrow.
  it.each(['unavailable', 'rate-limited', 'blocked', 'reconnect', 'gone'] as const)(
    'is not there because the platform refused as %s what it now takes',
    async (kind) => {
      world.publishes = { visible: false, error: new AppError(kind, 'not now') };
      for (let time = 0; time < 10; time += 1) {
        world.reply = { ...facts, state: 'drafted' };
        await send().catch(() => undefined);
      }
      world.reply = { ...facts, state: 'drafted' };
      world.publishes = 'and answers';
      await send();
      expect(world.reply.state).toBe('sent');
    },
  );

  it('is not there because it was paused, or held up, again and again', async () => {
    world.paused = true;
    for (let time = 0; time < 5; time += 1) await send();
    world.paused = false;
    world.heldUpMs = sendingRules.callWithinMs + 1;
    for (let time = 0; time < 5; time += 1) await send().catch(() => undefined);
    world.heldUpMs = 0;
    await send();
    expect(world.reply.state).toBe('sent');
  });

  it('counts what may be out', async () => {
    world.publishes = { visible: true, error: new AppError('ambiguous', 'timeout') };
    for (let time = 0; time < 2; time += 1) {
      world.reply = { ...facts, state: 'drafted' };
      await send();
    }
    world.reply = { ...facts, state: 'drafted' };
    await expect(send()).rejects.toMatchObject({ detail: { limit: 'replies-to-author' } });
  });

  it('that may be out already is looked for again before it is sent once more', async () => {
    world.publishes = { visible: true, error: new AppError('ambiguous', 'timeout') };
    await send();
    const [late] = world.visible.splice(0);
    for (let look = 0; look < sendingRules.emptyListingsBeforeResend; look += 1) await reconcile();
    expect(world.reply).toMatchObject({ state: 'drafted', again: true });
    await world.allowances.take(usesOfReply(comment, limits, facts));
    expect(await send()).toBe('advanced');
    expect(world.reasons.at(-1)).toBe('waits-for-limit');
    expect(world.reply.state).toBe('unknown');
    if (late) world.visible.push(late);
    await reconcile();
    expect(world.reply.state).toBe('sent');
    expect(world.visible).toHaveLength(1);
  });
});

// AN-6, AN-9, M7, M8
describe('sending to a comment that changed or is old', () => {
  const refused = { visible: false, error: new AppError('rejected', 'code 100') };
  const privately = (): void => {
    world.reply = { ...facts, channel: 'private', state: 'drafted' };
  };

  it('drops the reply to a comment that a person hid meanwhile, with that reason', async () => {
    Object.assign(world, { publishes: refused, hidden: true });
    await send();
    expect(world.reasons).toEqual(['reply-sending', 'reply-target-hidden']);
    expect(world.reply.state).toBe('dropped');
  });

  it('leaves every other refusal to whoever decides about refusals', async () => {
    world.publishes = refused;
    await expect(send()).rejects.toMatchObject({ kind: 'rejected' });
    expect(world.reply.state).toBe('drafted');
  });

  it('sends a private reply as a message, also to a hidden comment, and nothing under the comment', async () => {
    world.hidden = true;
    privately();
    await send();
    expect(world.messages).toEqual([facts.text]);
    expect(world.visible).toEqual([]);
    expect(world.reply).toMatchObject({ state: 'sent', platformReplyId: 'm1' });
  });

  it('drops a private reply where the platform knows none', async () => {
    delete world.platform.privateReplies;
    privately();
    await send();
    expect([world.messages, world.reasons]).toEqual([[], ['private-reply-impossible']]);
  });

  it('does not try a private reply to a comment of last week', async () => {
    world.ageMs = 7 * 86_400_000 + 1_000;
    privately();
    await send();
    expect([world.messages, world.reasons]).toEqual([[], ['private-reply-too-late']]);
  });
});

describe('a reply that is out but could not be noted', () => {
  it('is left unclear, to be looked for when the platform had time to show it', async () => {
    world.replies.recordSent = async () => await Promise.reject(new AppError('unavailable', 'the database is away'));
    await send();
    expect(world.visible).toHaveLength(1);
    expect(world.reply.state).toBe('unknown');
    expect(world.rung).toEqual(['replies.reconcile']);
  });

  it('is left to whoever took over', async () => {
    world.replies.recordSent = async () => await Promise.reject(new StaleLease(lease));
    await expect(send()).rejects.toBeInstanceOf(StaleLease);
    expect(world.reply.state).toBe('sending');
  });
});

describe('an unclear reply', () => {
  beforeEach(async () => {
    world.publishes = { visible: false, error: new AppError('ambiguous', 'timeout') };
    await send();
    world.reasons.length = 0;
  });

  it('is found in the thread, with the spaces as the platform shows them', async () => {
    const shown = world.show('It costs 900.');
    await reconcile();
    expect(world.reply).toMatchObject({ state: 'sent', platformReplyId: shown });
    expect(world.reasons).toEqual(['reply-found-by-listing']);
  });

  it('is not mistaken for the same words of another intent, nor for older ones', async () => {
    world.others.add(world.show('It costs 900.'));
    world.show('It costs 900.', new Date(Date.now() - sendingRules.clockToleranceMs - 1_000));
    await reconcile();
    expect(world.reply.state).toBe('unknown');
  });

  it('is looked for three times, sent once more, looked for again, and then a person looks', async () => {
    for (let look = 0; look < sendingRules.emptyListingsBeforeResend; look += 1) await reconcile();
    expect(world.reasons).toEqual(['reply-not-found-yet', 'reply-not-found-yet', 'reply-send-again']);
    expect(world.reply.state).toBe('drafted');
    await send();
    for (let look = 0; look < sendingRules.emptyListingsBeforeResend; look += 1) await reconcile();
    expect(world.reply.state).toBe('parked');
    expect(world.reasons.at(-1)).toBe('parked-unclear');
    expect(world.attempt).toBe(sendingRules.maxAttempts);
  });

  it('whose worker died while sending is looked for before anything else', async () => {
    world.reply = { ...facts, state: 'sending', attempt: 1, startedAt: new Date(), emptyListings: 0 };
    world.show('It costs 900.');
    await reconcile();
    expect(world.reply.state).toBe('sent');
    expect(world.visible).toHaveLength(1);
  });
});
