import { beforeEach, expect, it } from 'vitest';
import type { Plan } from '#domain/comments/triage.js';
import type { JobQueue } from '#domain/jobs/job-queue.js';
import type { Platform, Platforms } from '#domain/platforms/platform.js';
import { ReplyAllowance } from '#domain/replies/reply-allowance.js';
import { CommentId } from '#domain/shared/ids.js';
import { limitRules } from '#domain/work/allowances.js';
import type { Lease } from '#domain/work/lease.js';
import { InMemoryAccounts } from '../../../../test/fakes/in-memory-accounts.js';
import { InMemoryAllowances } from '../../../../test/fakes/in-memory-allowances.js';
import { InMemoryStore } from '../../../../test/fakes/in-memory-store.js';
import { oneAccount, oneComment } from '../../../../test/fakes/one-comment.js';
import { VirtualClock } from '../../../../test/fakes/virtual-clock.js';
import { SendReply } from './send-reply.js';

const { usually: cap } = limitRules['bot-replies-in-thread'];
const answered: Plan = { reply: 'fixed', replyText: 'Yes!', hide: 'none', alert: false, decisions: [] };
const limits = { perHour: 1_000, perAuthor: 1_000, perThread: 1_000 };
const dayMs = 24 * 3_600_000;

let clock: VirtualClock;
let store: InMemoryStore;
let allowances: InMemoryAllowances;
let published: string[];

beforeEach(() => {
  clock = new VirtualClock();
  store = new InMemoryStore(clock);
  allowances = new InMemoryAllowances(clock);
  published = [];
});

async function claimed(ref: Lease['ref']): Promise<Lease> {
  const claim = await store.leases.claim(ref, 30_000);
  if (claim.kind !== 'claimed') throw new Error(`not claimed: ${claim.kind}`);
  return claim.lease;
}

/** A comment in the thread of comment 1 whose answer is due; by a worker of its own. @returns what became of the answer */
async function answeredBy(number: number): Promise<string | undefined> {
  const id = CommentId.parse(`${number}`);
  store.add({ ...oneComment, id, parentId: number === 1 ? undefined : CommentId.parse('1') });
  const [work] = await store.comments.recordVerdict(await claimed({ kind: 'comment', id }), undefined, answered, []);
  if (work?.ref.kind !== 'reply') throw new Error('no reply is due');
  const accounts = new InMemoryAccounts();
  await accounts.connect(oneAccount);
  const replies: Pick<Platform['replies'], 'publish'> = {
    publish: async ({ commentId }) => {
      published.push(commentId);
      return await Promise.resolve(CommentId.parse(`9${commentId}`));
    },
  };
  const platform = { replies } as Platform; // sending publishes, and does nothing else
  const platforms: Platforms = { get: () => platform, all: () => [platform] };
  const bell: JobQueue = { ring: async () => await Promise.resolve(), waiting: async () => await Promise.resolve(0) };
  const allowance = new ReplyAllowance(store.comments, allowances, limits);
  const send = new SendReply(store.replies, accounts, platforms, { dryRun: false }, allowance, clock, bell);
  await send.execute(work.ref.id, await claimed(work.ref));
  return store.replyRows.get(work.ref.id)?.reply.state;
}

const capped = (): number => store.ledger.filter(({ reason }) => reason === 'thread-cap-reached').length;

// AN-4
it('a thread gets so many answers of the bot a day, however many workers answer at once; the others wait for a person', async () => {
  const states = await Promise.all(Array.from({ length: cap + 4 }, async (_, index) => await answeredBy(index + 1)));
  expect(states.filter((state) => state === 'sent')).toHaveLength(cap);
  expect(states.filter((state) => state === 'waiting')).toHaveLength(4);
  expect([published.length, capped()]).toEqual([cap, 4]);
  // A machine that writes on is told of once.
  expect(store.alertRows.size).toBe(1);
});

it('the day is a rolling one', async () => {
  for (let number = 1; number <= cap; number += 1) expect(await answeredBy(number)).toBe('sent');
  expect(await answeredBy(cap + 1)).toBe('waiting');
  clock.pass(dayMs + 3_600_000);
  expect(await answeredBy(cap + 2)).toBe('sent');
});

it('what a person decided is neither held back by it nor counted', async () => {
  for (let number = 1; number <= cap; number += 1) await answeredBy(number);
  await answeredBy(cap + 1);
  const waiting = [...store.replyRows.values()].find(({ reply }) => reply.state === 'waiting');
  if (!waiting) throw new Error('nothing waits');
  const { id, commentId } = waiting.reply;
  await store.deciding.carryOut(commentId, { action: 'approve', replyId: id, revision: 2, requestId: undefined });
  expect(waiting.reply).toMatchObject({ state: 'drafted', intent: 'person' });
});
