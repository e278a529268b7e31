import { beforeEach, describe, expect, it } from 'vitest';
import { type IncidentNotice, IncidentNotifier } from '#domain/notifications/incident-telling.js';
import { AppError } from '#domain/shared/errors.js';
import { InMemoryIncidents } from '../../../../test/fakes/in-memory-incidents.js';
import { VirtualClock } from '../../../../test/fakes/virtual-clock.js';
import { TellIncidents } from './tell-incidents.js';

/** Remembers what stands in the chat; may be away, or lie about having sent. */
class Chat implements IncidentNotifier {
  readonly seen: string[] = [];
  trouble: { readonly error: AppError; readonly sent: boolean } | undefined;

  async tellIncidents(notices: readonly IncidentNotice[]): Promise<string> {
    await Promise.resolve();
    const text = notices
      .map(({ incident, stage, maybeRepeated }) => `${incident.subject} ${stage}${maybeRepeated ? ' again?' : ''}`)
      .join(', ');
    if (this.trouble === undefined || this.trouble.sent) this.seen.push(text);
    if (this.trouble) throw this.trouble.error;
    return '1';
  }
}

let clock: VirtualClock;
let book: InMemoryIncidents;
let chat: Chat;
let tell: TellIncidents;

beforeEach(() => {
  clock = new VirtualClock();
  book = new InMemoryIncidents(clock);
  chat = new Chat();
  tell = new TellIncidents(book, chat);
});

/** As the schedule does it. */
async function turns(count: number): Promise<void> {
  for (let left = count; left > 0; left -= 1) {
    clock.pass(3_000);
    await tell.execute().catch(() => undefined);
  }
}

describe('what happens to the system itself', () => {
  // PE-4
  it('is told once when it begins and once when it is over', async () => {
    await book.open({ kind: 'queue-away', subject: 'queue' });
    await turns(5);
    await book.open({ kind: 'queue-away', subject: 'queue' });
    await turns(5);
    await book.close('queue-away', 'queue');
    await turns(5);
    expect(chat.seen).toEqual(['queue began', 'queue over']);
  });

  it('comes in few messages however much it is: twenty things are one', async () => {
    // audit 33
    for (let count = 0; count < 50; count += 1)
      await book.open({ kind: 'token-expiring', subject: `account-${count}` });
    await turns(20);
    expect(chat.seen.map((text) => text.split(', ').length)).toEqual([20, 20, 10]);
  });

  it('waits while the channel is away and comes once afterwards, in one word if it is over by then', async () => {
    chat.trouble = { error: new AppError('unavailable', 'no chat'), sent: false };
    await book.open({ kind: 'queue-away', subject: 'queue' });
    await book.open({ kind: 'backlog-old', subject: 'comments' });
    await turns(100);
    await book.close('queue-away', 'queue');
    chat.trouble = undefined;
    await turns(20);
    expect(chat.seen).toEqual(['queue was, comments began']);
  });

  it('comes again when the channel was unclear, and says so', async () => {
    chat.trouble = { error: new AppError('ambiguous', 'reset'), sent: true };
    await book.open({ kind: 'queue-away', subject: 'queue' });
    await turns(1);
    chat.trouble = undefined;
    await turns(20);
    expect(chat.seen).toEqual(['queue began', 'queue began again?']);
  });

  it('waits as long as the channel asks', async () => {
    chat.trouble = { error: new AppError('rate-limited', 'slow down', { retryAfterMs: 60_000 }), sent: false };
    await book.open({ kind: 'queue-away', subject: 'queue' });
    await turns(1);
    chat.trouble = undefined;
    await turns(19);
    expect(chat.seen).toEqual([]);
    await turns(2);
    expect(chat.seen).toEqual(['queue began']);
  });

  it('is not sent every few seconds when the channel refuses the words', async () => {
    chat.trouble = { error: new AppError('rejected', 'no'), sent: true };
    await book.open({ kind: 'queue-away', subject: 'queue' });
    await turns(100);
    expect(chat.seen).toHaveLength(1);
  });
});
