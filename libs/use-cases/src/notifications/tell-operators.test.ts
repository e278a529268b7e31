import { beforeEach, describe, expect, it } from 'vitest';
import type { AlertContent, AlertDigest } from '#domain/notifications/alert.js';
import type { Alerts, TakenAlert } from '#domain/notifications/alerts.js';
import { singlesPerMinute } from '#domain/notifications/alert-pace.js';
import { AppError } from '#domain/shared/errors.js';
import { AccountId, AlertId, CommentId } from '#domain/shared/ids.js';
import type { Lease } from '#domain/work/lease.js';
import { InMemoryAllowances } from '../../../../test/fakes/in-memory-allowances.js';
import { VirtualClock } from '../../../../test/fakes/virtual-clock.js';
import { TellOperators } from './tell-operators.js';

const id = AlertId.parse('0193e3a2-1111-7aaa-8bbb-123456789abc');
const commentId = CommentId.parse('1');
const accountId = AccountId.parse('9');
const lease: Lease = { ref: { kind: 'alert', id }, commentId, accountId, epoch: 1, attempts: 0, traceId: 't' };

const pace = { messagesPerMinute: 18 };
let outcome: string[];
let others: TakenAlert[];
let digests: AlertDigest[];
let clock: VirtualClock;
let book: InMemoryAllowances;
let answer: string | undefined | AppError;

const nameOf = ({ commentId: of }: Pick<Lease, 'commentId'>): string => (of === commentId ? '' : ` ${of}`);
const alerts: Alerts = {
  find: async () => await Promise.resolve({ id, commentId, state: 'waiting' }),
  // Of what a message shows only what this use case looks at.
  content: async (alert) =>
    await Promise.resolve({ comment: { id: alert.commentId }, maybeRepeated: false } as AlertContent), // a part suffices
  beginSending: async () => void (await Promise.resolve(outcome.push('sending'))),
  recordNotTold: async () => void (await Promise.resolve(outcome.push('not told'))),
  recordTold: async (of, messageId, { reason }) =>
    void (await Promise.resolve(outcome.push(`${messageId}${nameOf(of)}`, reason))),
  recordNoChannel: async (of, { reason }) => void (await Promise.resolve(outcome.push(`${reason}${nameOf(of)}`))),
  waitingBeside: async (_lease, most) => await Promise.resolve(Math.min(most, others.length)),
  takeBeside: async () => await Promise.resolve(others),
  letGo: async (leases, delayMs, maybeSeen) =>
    void (await Promise.resolve(outcome.push(`let go ${leases.length} for ${delayMs}, seen: ${maybeSeen}`))),
};

function another(number: number, over: Partial<TakenAlert> = {}): TakenAlert {
  const otherId = AlertId.parse(`0193e3a2-1111-7aaa-8bbb-${String(number).padStart(12, '0')}`);
  const about = { ...lease, ref: { kind: 'alert' as const, id: otherId }, commentId: CommentId.parse(String(number)) };
  const alert = { id: otherId, commentId: about.commentId, state: 'waiting' as const };
  return { lease: about, alert, class: 'critical', ...over };
}

async function tell(): Promise<unknown> {
  const said = async (): Promise<string | undefined> => {
    if (answer instanceof AppError) throw answer;
    return await Promise.resolve(answer);
  };
  const notifier = {
    tell: said,
    tellTogether: async (digest: AlertDigest) => {
      digests.push(digest);
      return await said();
    },
  };
  return await new TellOperators(alerts, notifier, book, pace).execute(id, lease);
}

beforeEach(() => {
  [outcome, others, digests] = [[], [], []];
  clock = new VirtualClock();
  book = new InMemoryAllowances(clock);
  answer = 'm7';
});

describe('telling operators', () => {
  it('notes the message that they got', async () => {
    await tell();
    expect(outcome).toEqual(['sending', 'm7', 'operators-told']);
  });

  it('ends with the reason where no channel is set up', async () => {
    answer = undefined;
    await tell();
    expect(outcome).toEqual(['sending', 'no-operator-channel']);
  });

  it('that surely failed is noted as not told; where that is unclear the next try says that it may be a repeat', async () => {
    answer = new AppError('rate-limited', 'slow down');
    await expect(tell()).rejects.toMatchObject({ kind: 'rate-limited' });
    answer = new AppError('ambiguous', 'timeout');
    await expect(tell()).rejects.toMatchObject({ kind: 'ambiguous' });
    expect(outcome).toEqual(['sending', 'not told', 'sending']);
  });
});

// PE-3
describe('a storm', () => {
  it('is told in one message: all that wait, the most pressing first, each noted', async () => {
    others = [another(2), another(3, { class: 'urgent' }), another(4)];
    await tell();
    expect(digests.map(({ comments }) => comments.map((each) => each.id))).toEqual([['3', '1', '2', '4']]);
    expect(digests[0]?.shown).toHaveLength(4);
    expect(outcome.filter((each) => each.startsWith('m7'))).toEqual(['m7', 'm7 2', 'm7 3', 'm7 4']);
  });

  it('shows some of many, and counts all', async () => {
    others = Array.from({ length: 500 }, (_, at) => another(at + 2));
    await tell();
    expect(digests[0]?.comments).toHaveLength(501);
    expect(digests[0]?.shown.length).toBeLessThanOrEqual(30);
  });

  it('gets no second such message a moment later: the next ones wait for it, and no try is spent', async () => {
    others = [another(2), another(3), another(4)];
    await tell();
    await expect(tell()).rejects.toMatchObject({ kind: 'rate-limited' });
    expect(digests).toHaveLength(1);
    clock.pass(13_000);
    await tell();
    expect(digests).toHaveLength(2);
  });

  it('that comes one by one is told one by one at first, then together', async () => {
    for (let told = 0; told < singlesPerMinute(pace); told += 1) await tell();
    expect(digests).toHaveLength(0);
    others = [another(2)];
    await tell();
    expect(digests).toHaveLength(1);
  });

  it('that could not be told gives all of them back, and says which of them may have been seen', async () => {
    others = [another(2), another(3), another(4)];
    answer = new AppError('rate-limited', 'slow down', { retryAfterMs: 40_000 });
    await expect(tell()).rejects.toMatchObject({ kind: 'rate-limited' });
    expect(outcome).toEqual(['sending', 'not told', 'let go 3 for 40000, seen: false']);
    clock.pass(13_000);
    answer = new AppError('ambiguous', 'timeout');
    await expect(tell()).rejects.toMatchObject({ kind: 'ambiguous' });
    expect(outcome.slice(3)).toEqual(['sending', 'let go 3 for 10000, seen: true']);
  });

  it('says that some may have been seen when one of them was on its way before', async () => {
    const found = another(2);
    others = [{ ...found, alert: { ...found.alert, state: 'sending' } }, another(3), another(4)];
    await tell();
    expect(digests[0]?.maybeRepeated).toBe(true);
  });
});
