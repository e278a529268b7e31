import { beforeEach, describe, expect, it } from 'vitest';
import type { AlertContent } from '#domain/notifications/alert.js';
import type { Alerts } from '#domain/notifications/alerts.js';
import { AppError } from '#domain/shared/errors.js';
import { AccountId, AlertId, CommentId } from '#domain/shared/ids.js';
import type { Lease } from '#domain/work/lease.js';
import { TellOperators } from './tell-operators.js';

const id = AlertId.parse('0193e3a2-1111-7aaa-8bbb-123456789abc');
const commentId = CommentId.parse('1');
const accountId = AccountId.parse('9');
const lease: Lease = { ref: { kind: 'alert', id }, commentId, accountId, epoch: 1, attempts: 0, traceId: 't' };
const content: Pick<AlertContent, 'maybeRepeated'> = { maybeRepeated: false };

let outcome: string[];
const alerts: Alerts = {
  find: async () => await Promise.resolve({ id, commentId, state: 'waiting' }),
  content: async () => await Promise.resolve(content as AlertContent), // what it says is the channel's business
  beginSending: async () => void (await Promise.resolve(outcome.push('sending'))),
  recordNotTold: async () => void (await Promise.resolve(outcome.push('not told'))),
  recordTold: async (_lease, messageId, { reason }) => void (await Promise.resolve(outcome.push(messageId, reason))),
  recordNoChannel: async (_lease, { reason }) => void (await Promise.resolve(outcome.push(reason))),
};

async function tell(messageId: string | undefined | AppError): Promise<unknown> {
  const notifier = {
    tell: async () => {
      if (messageId instanceof AppError) throw messageId;
      return await Promise.resolve(messageId);
    },
  };
  return await new TellOperators(alerts, notifier).execute(id, lease);
}

describe('telling operators', () => {
  beforeEach(() => {
    outcome = [];
  });

  it('notes the message that they got', async () => {
    await tell('m7');
    expect(outcome).toEqual(['sending', 'm7', 'operators-told']);
  });

  it('ends with the reason where no channel is set up', async () => {
    await tell(undefined);
    expect(outcome).toEqual(['sending', 'no-operator-channel']);
  });

  it('that surely failed is noted as not told; where that is unclear the next try says that it may be a repeat', async () => {
    await expect(tell(new AppError('rate-limited', 'slow down'))).rejects.toMatchObject({ kind: 'rate-limited' });
    await expect(tell(new AppError('ambiguous', 'timeout'))).rejects.toMatchObject({ kind: 'ambiguous' });
    expect(outcome).toEqual(['sending', 'not told', 'sending']);
  });
});
